"""due."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import FILE
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.readiness.display import shown, wrapped


@click.command(cls=Verb)
@click.option("--within", type=click.IntRange(0, 3660), help="只看几天之内到期的；逾期的总在其中")
@click.option("--owner", default="", help="只看这个单位的（代码、名称或别名）；保密事项不在其中")
@click.option("--internal", is_flag=True, help="举报、问责等保密事项也列出来，只供本室内部用")
@click.option("--ics", type=FILE, help="另存日历文件（.ics），手机和日历软件可以导入")
@click.option("--output", type=FILE, help="另存 Excel 表（.xlsx）")
@click.pass_obj
def due(
    session: Session, within: int | None, owner: str, internal: bool, ics: Path | None, output: Path | None
) -> Outcome:
    """列出逾期、今天到期、即将到期的事项和责任方；有逾期的，退出码为 3。"""
    for file, suffix, option in ((ics, ".ics", "--ics"), (output, ".xlsx", "--output")):
        if file and file.suffix.lower() != suffix:
            raise click.BadParameter(f"文件名应以 {suffix} 结尾", param_hint=option)
    with opened(session) as office:
        found = verbs.due(office, within=within, owner=owner, internal=internal)
        written = [verbs.write_calendar(office, found, ics)] if ics else []
    if output:
        written.append(verbs.write_due_workbook(found, output))
    width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 120))
    text = "\n".join([*_lines(found, width), *(f"已保存：{path}" for path in written)])
    data = _as_json(found) | {"written": [str(path) for path in written]}
    return Outcome(data, text, status=GAPS_REMAIN if found.count(verbs.Standing.OVERDUE) else 0)


def _lines(found: verbs.DueList, width: int) -> Iterator[str]:
    counts = "、".join(f"{one.value} {found.count(one)}" for one in verbs.Standing)
    yield f"截至 {found.today:%Y-%m-%d}：{counts}"
    for standing, lines in groupby(found.lines, key=lambda line: line.standing):
        yield ""
        yield f"{standing.value}"
        for line in lines:
            yield from _one(line, width)
    if found.withheld:
        yield ""
        yield f"另有 {found.withheld} 项保密事项没有列出；本室内部用，加 --internal"


def _one(line: verbs.DueLine, width: int) -> Iterator[str]:
    one = line.deadline
    left = f"逾期 {-line.days} 天" if line.days < 0 else f"还有 {line.days} 天" if line.days else "今天"
    first, *rest = wrapped(f"{one.day:%Y-%m-%d}（{left}） {shown(line.owner)}　{shown(one.what)}", width - 4)
    yield f"  {first}"
    yield from (f"    {text}" for text in rest)
    yield f"    {one.kind} {one.code}{'；' + one.note if one.note else ''}"


def _as_json(found: verbs.DueList) -> dict[str, object]:
    return {
        "today": found.today.isoformat(),
        "counts": {one.name.lower(): found.count(one) for one in verbs.Standing},
        "withheld": found.withheld,
        "due": [
            {
                "day": line.deadline.day.isoformat(),
                "days": line.days,
                "standing": line.standing.name.lower(),
                "owner": line.owner,
                "unit": line.deadline.unit,
                "what": line.deadline.what,
                "kind": line.deadline.kind,
                "code": line.deadline.code,
                "note": line.deadline.note,
            }
            for line in found.lines
        ],
    }


VERBS = (due,)
