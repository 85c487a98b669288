"""coverage, summary, cases."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.cli.options import OUTPUT, YEAR
from dujian_docs.readiness.display import shown
from dujian_docs.supervision import SummaryItem, missing_parts, steps


@click.command(cls=Verb)
@YEAR
@OUTPUT
@click.pass_obj
def coverage(session: Session, year: int | None, output: Path | None) -> Outcome:
    """培训机构一年一查的覆盖情况：哪些没有查、哪些没有查全、哪些还不合格；没有查到查全的，退出码为 3。"""
    with opened(session) as office:
        found = verbs.coverage(office, year=year)
        names = verbs.unit_names(office)
        written = [verbs.write_coverage(office, found, output)] if output else []
    shares = f"查过的 {found.checked.shown()}，各项都查了的 {found.in_full.shown()}"
    lines = [f"{found.year} 年培训机构 {len(found.orgs)} 家：{shares}"]
    if found.checked.reason:
        lines.append(f"  {found.checked.reason}：单位里还没有“培训机构”一类的")
    lines += [f"  未查：{shown(names.get(one.org, one.org))}" for one in found.unchecked]
    lines += [
        f"  没有查全：{shown(names.get(one.org, one.org))}　缺{'、'.join(one.not_looked_at)}"
        for one in found.unfinished
    ]
    lines += [
        f"  不合格：{shown(names.get(one.org, one.org))}　{'、'.join(one.bad)}"
        for one in found.orgs
        if one.bad
    ]
    lines += [f"已保存：{path}" for path in written]
    data = {
        "year": found.year,
        "checked": found.checked.value,
        "in_full": found.in_full.value,
        "reason": found.checked.reason,
        "orgs": [
            {
                "org": one.org,
                "checks": one.checks,
                "last": one.last.isoformat() if one.last else None,
                "bad": list(one.bad),
                "not_looked_at": list(one.not_looked_at),
            }
            for one in found.orgs
        ],
        "written": [str(path) for path in written],
    }
    wanting = found.unchecked or found.unfinished or found.checked.value is None
    return Outcome(data, "\n".join(lines), status=GAPS_REMAIN if wanting else 0)


@click.command(cls=Verb)
@YEAR
@OUTPUT
@click.pass_obj
def summary(session: Session, year: int | None, output: Path | None) -> Outcome:
    """由工作日志汇总一年的工作：按板块和事项，序号跨板块连排，可直接抄进工作总结。"""
    with opened(session) as office:
        found = verbs.year_summary(office, year=year)
        written = [verbs.write_summary(office, found, output)] if output else []
    lines = [f"{found.year} 年工作日志汇总 {len(found.items)} 项"]
    for section, items in groupby(found.items, key=lambda item: item.section):
        lines += [section, *(f"  {one.number}. {shown(one.sentence)}{_unsaid(one)}" for one in items)]
    lines += [f"已保存：{path}" for path in written]
    data = {
        "year": found.year,
        "items": [
            {
                "number": one.number,
                "section": one.section,
                "matter": one.matter,
                "times": one.times,
                "amounts": dict(one.amounts),
                "without_amount": one.without_amount,
                "units": list(one.units),
                "people": list(one.people),
                "entries": list(one.entries),
            }
            for one in found.items
        ],
        "written": [str(path) for path in written],
    }
    return Outcome(data, "\n".join(lines))


def _unsaid(one: SummaryItem) -> str:
    return f"（其中 {one.without_amount} 次没有写数量）" if one.without_amount else ""


@click.command(cls=Verb)
@click.argument("code", metavar="[案件编号]", default="", required=False)
@click.option("--internal", is_flag=True, help="问责案件是保密的，只供本室内部用；不写就不给看")
@OUTPUT
@click.pass_obj
def cases(session: Session, code: str, internal: bool, output: Path | None) -> Outcome:
    """问责案件：九步走到哪一步、漏了哪一步，决定的五项还缺什么；有缺的，退出码为 3。"""
    with opened(session) as office:
        found = verbs.cases(office, code=code, internal=internal)
        names = verbs.unit_names(office)
        written = [verbs.write_cases(office, found, output)] if output else []
    lines = [f"问责案件 {len(found.cases)} 件"]
    data: list[dict[str, object]] = []
    for case in found.cases:
        told = steps(case, today=found.today)
        faults = [one for one in found.faults if one.code == case.code]
        missing = missing_parts(case)
        lines += ["", f"{case.code}　{shown(names.get(case.unit, case.unit))} {shown(case.person)}".rstrip()]
        lines += [f"  {one.number}. {one.title}：{_since(one.day)}{one.state.value}" for one in told]
        lines += [f"  作出决定还缺：{'、'.join(missing)}"] if missing else ["  决定的五项齐全"]
        lines += [f"  问题：{shown(one.problem)}。{one.remedy}" for one in faults]
        data.append(
            {
                "code": case.code,
                "unit": case.unit,
                "steps": [
                    {
                        "number": one.number,
                        "title": one.title,
                        "state": one.state.name.lower(),
                        "day": one.day.isoformat() if one.day else None,
                    }
                    for one in told
                ],
                "missing_parts": list(missing),
                "faults": [{"problem": one.problem, "remedy": one.remedy} for one in faults],
            }
        )
    lines += [f"已保存：{path}" for path in written]
    return Outcome(
        {"cases": data, "written": [str(path) for path in written]},
        "\n".join(lines),
        status=GAPS_REMAIN if found.faults else 0,
    )


def _since(day: object) -> str:
    return f"{day} " if day else ""


VERBS = (coverage, summary, cases)
