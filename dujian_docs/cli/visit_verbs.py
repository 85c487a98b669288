"""visits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.cli.options import OUTPUT
from dujian_docs.readiness.display import shown
from dujian_docs.supervision import (
    Span,
    VisitLine,
    VisitStanding,
    gaps_by_inspector,
    gaps_by_school,
    month,
    school_year,
    term,
)

_BY = {"inspector": gaps_by_inspector, "school": gaps_by_school}


@click.command(cls=Verb)
@click.option("--month", "month_word", metavar="月份", help="看哪个月，如 2026-10")
@click.option("--term", "term_word", metavar="学期", help="看哪个学期，如 2026秋；不写就是本学期")
@click.option("--school-year", "year_word", metavar="学年", help="看哪个学年，如 2025-2026")
@click.option(
    "--by",
    type=click.Choice(list(_BY)),
    default="inspector",
    help="inspector：按责任督学列；school：按学校列",
)
@OUTPUT
@click.pass_obj
def visits(
    session: Session,
    month_word: str | None,
    term_word: str | None,
    year_word: str | None,
    by: str,
    output: Path | None,
) -> Outcome:
    """责任督学到校够不够次数：谁在哪所学校缺几次，哪些学校没有责任督学，谁的学校过多；有这些的，退出码为 3。

    没有督学记录的月份写“无法判定”，不算 0 次。次数、月份等规矩在设置的 [visits] 里。
    """
    period = _period(month_word, term_word, year_word)
    with opened(session) as office:
        found = verbs.visits(office, period=period)
    written = [verbs.write_visits(found, output, by_school=by == "school")] if output else []
    lines = [*_lines(found, by), *(f"已保存：{path}" for path in written)]
    data = _data(found) | {"written": [str(path) for path in written]}
    return Outcome(data, "\n".join(lines), status=0 if found.report.clean else GAPS_REMAIN)


def _period(month_word: str | None, term_word: str | None, year_word: str | None) -> Span | None:
    asked = [
        (read, word)
        for read, word in ((month, month_word), (term, term_word), (school_year, year_word))
        if word is not None
    ]
    if len(asked) > 1:
        raise click.UsageError("--month、--term、--school-year 只能写一个")
    return asked[0][0](asked[0][1]) if asked else None


def _lines(found: verbs.VisitsFound, by: str) -> Iterator[str]:
    report = found.report
    if not report.zoned:
        yield f"{report.period.title}：无法判定，没有督学责任区的记录；用 dujian import 导入责任区后再看"
        return
    counts = "、".join(f"{one.value} {report.count(one)}" for one in VisitStanding)
    yield f"{report.period.title}责任督学到校（截至 {report.today:%Y-%m-%d}）：{counts}"
    if not report.lines:
        yield "这段时间没有到校次数的要求，或者还没有开始"
    names = {**found.people, **found.unit_names}
    for key, gaps in _BY[by](report).items():
        yield ""
        yield f"{shown(names.get(key, key))}　{len(gaps)} 处"
        yield from (f"  {shown(_gap(line, names, by))}" for line in gaps)
    for title, told in _amiss(found, names):
        if told:
            yield ""
            yield f"{title} {len(told)}"
            yield from (f"  {shown(line)}" for line in told)


def _gap(line: VisitLine, names: dict[str, str], by: str) -> str:
    others = [line.school] if by == "inspector" else line.inspectors
    who = "、".join(names.get(one, one) for one in others)
    had = "实到无法判定" if line.had is None else f"实到 {line.had} 次"
    note = f"（{line.standing.value}：{line.note}）" if line.note else ""
    return f"{line.span.title}　{who}　应到 {line.required} 次，{had}{note}"


def _amiss(found: verbs.VisitsFound, names: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    report = found.report
    yield "没有责任督学的学校", [names.get(school, school) for school in report.without]
    yield (
        f"学校多于 {found.rules.most_schools} 所的责任督学",
        [f"{names.get(person, person)}　{count} 所" for person, count in report.overloaded],
    )
    yield (
        "不是本校责任督学的到校（不计次数）",
        [
            f"{one.visit_date:%Y-%m-%d}　{names.get(one.inspector, one.inspector)} 到 "
            f"{names.get(one.school, one.school)}（{one.code}）"
            for one in report.outside
        ],
    )


def _data(found: verbs.VisitsFound) -> dict[str, object]:
    report = found.report
    return {
        "period": {
            "title": report.period.title,
            "first": report.period.first.isoformat(),
            "last": report.period.last.isoformat(),
        },
        "today": report.today.isoformat(),
        "zoned": report.zoned,
        "counts": {one.name.lower(): report.count(one) for one in VisitStanding},
        "visits": [
            {
                "inspectors": list(line.inspectors),
                "school": line.school,
                "span": line.span.title,
                "required": line.required,
                "had": line.had,
                "missing": line.missing,
                "standing": line.standing.name.lower(),
                "note": line.note,
            }
            for line in report.lines
        ],
        "without_inspector": list(report.without),
        "overloaded": [{"inspector": person, "schools": count} for person, count in report.overloaded],
        "outside": [
            {
                "visit": one.code,
                "inspector": one.inspector,
                "school": one.school,
                "visit_date": one.visit_date.isoformat(),
            }
            for one in report.outside
        ],
    }


VERBS = (visits,)
