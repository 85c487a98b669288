"""The visits of a period against the rules as a workbook: a row for each rule, and for all else amiss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dujian_docs.records.cells import Value
from dujian_docs.supervision.tables import workbook
from dujian_docs.supervision.visiting import VisitLine, VisitReport, VisitStanding

_COLUMNS = (
    ("责任督学", 18),
    ("学校", 26),
    ("时段", 18),
    ("应到次数", 9),
    ("实到次数", 9),
    ("还差", 6),
    ("结论", 16),
    ("说明", 40),
)
WITHOUT, OVERLOADED, OUTSIDE = "没有责任督学", "学校过多", "不是责任督学"
"""What is amiss besides visits that are wanting."""
_COLOURS = {
    VisitStanding.SHORT.value: "F8CBAD",
    VisitStanding.UNKNOWN.value: "FFE699",
    VisitStanding.RUNNING.value: "FFF2CC",
    WITHOUT: "F8CBAD",
    OVERLOADED: "F8CBAD",
    OUTSIDE: "FFE699",
}


def visit_workbook(
    report: VisitReport, unit_names: Mapping[str, str], people: Mapping[str, str], *, by_school: bool
) -> bytes:
    """The report as the bytes of a workbook, sorted by inspector or by school."""

    def key(line: VisitLine) -> tuple[object, ...]:
        ends = (line.school, line.inspectors) if by_school else (line.inspectors, line.school)
        return (*ends, line.span.last, line.span.first)

    lines = sorted(report.lines, key=key)
    rows = [_row(line, unit_names, people) for line in lines]
    rows += _amiss(report, unit_names, people)
    return workbook("责任督学到校情况", _COLUMNS, rows, colours=_COLOURS)


def _row(line: VisitLine, unit_names: Mapping[str, str], people: Mapping[str, str]) -> tuple[Value, ...]:
    who = "、".join(people.get(one, one) for one in line.inspectors)
    return (
        who,
        unit_names.get(line.school, line.school),
        line.span.title,
        line.required,
        line.had,
        line.missing,
        line.standing.value,
        line.note or None,
    )


def _amiss(
    report: VisitReport, unit_names: Mapping[str, str], people: Mapping[str, str]
) -> Iterator[tuple[Value, ...]]:
    period = report.period.title
    for school in report.without:
        yield None, unit_names.get(school, school), period, None, None, None, WITHOUT, "不在任何责任区里"
    for person, count in report.overloaded:
        yield people.get(person, person), None, period, None, None, None, OVERLOADED, f"负责 {count} 校"
    for one in report.outside:
        who, school = people.get(one.inspector, one.inspector), unit_names.get(one.school, one.school)
        told = f"记录 {one.code}，{one.visit_date:%Y-%m-%d} 到校，不计次数"
        yield who, school, period, None, None, None, OUTSIDE, told
    if not report.zoned:
        told = "没有督学责任区的记录"
        yield None, None, period, None, None, None, VisitStanding.UNKNOWN.value, told
