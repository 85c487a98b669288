"""due, ledger."""

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


@click.command(cls=Verb)
@click.option("--unit", default="", help="只看这个单位的（代码、名称或别名）")
@click.option("--output", type=FILE, help="另存整改台账（.xlsx）")
@click.option("--look-backs", is_flag=True, help="给销号后还没有安排复查的问题排上回头看")
@click.option("--dry-run", is_flag=True, help="只看会排哪些回头看，不写入")
@click.option("--yes", is_flag=True, help="不再询问")
@click.pass_obj
def ledger(
    session: Session, unit: str, output: Path | None, look_backs: bool, dry_run: bool, yes: bool
) -> Outcome:
    """整改台账：各状态有多少，哪里自相矛盾，哪些屡次发现应挂牌督办，哪些该回头看；有这些的，退出码为 3。"""
    if output and output.suffix.lower() != ".xlsx":
        raise click.BadParameter("文件名应以 .xlsx 结尾", param_hint="--output")
    with opened(session) as office:
        found = verbs.ledger(office, unit=unit)
        lines = [*_ledger_lines(found)]
        wanted = look_backs and bool(found.look_backs) and not dry_run
        if wanted and session.asks and not yes:
            wanted = click.confirm(f"安排 {len(found.look_backs)} 次回头看吗？", default=True, err=True)
        scheduled = verbs.apply_look_backs(office, found) if wanted else 0
    if scheduled:
        lines.append(f"已安排 {scheduled} 次回头看")
    written = [verbs.write_ledger(found, output)] if output else []
    lines += [f"已保存：{path}" for path in written]
    data = _ledger_data(found) | {"scheduled": scheduled, "written": [str(path) for path in written]}
    return Outcome(data, "\n".join(lines), status=0 if found.clean else GAPS_REMAIN)


def _ledger_lines(found: verbs.LedgerReport) -> Iterator[str]:
    counts = "、".join(f"{one.value} {found.count(one)}" for one in verbs.FindingStatus)
    yield f"整改台账 {len(found.ledger.findings)} 条：{counts}"
    for title, lines in (
        (
            "应挂牌督办",
            [f"{found.unit_names.get(one.unit, one.unit)} {one.reason}" for one in found.repeated],
        ),
        ("该安排回头看", [f"{one.finding}　{one.due_date:%Y-%m-%d}" for one in found.look_backs]),
        ("台账里的矛盾", [f"{one.code}：{one.problem}。{one.remedy}" for one in found.faults]),
    ):
        if lines:
            yield ""
            yield f"{title} {len(lines)}"
            yield from (f"  {shown(line)}" for line in lines)


def _ledger_data(found: verbs.LedgerReport) -> dict[str, object]:
    return {
        "counts": {one.name.lower(): found.count(one) for one in verbs.FindingStatus},
        "repeated": [
            {"unit": one.unit, "findings": list(one.codes), "reason": one.reason} for one in found.repeated
        ],
        "look_backs": [
            {"finding": one.finding, "due_date": one.due_date.isoformat()} for one in found.look_backs
        ],
        "faults": [
            {"finding": one.code, "problem": one.problem, "remedy": one.remedy} for one in found.faults
        ],
    }


VERBS = (due, ledger)
