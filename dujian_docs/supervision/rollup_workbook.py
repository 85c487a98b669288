"""A roll-up as a workbook: a row for every item and unit, those furthest behind marked, the missing last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dujian_docs.records.cells import Value
from dujian_docs.supervision.rollups import Item, Line, RollupReport
from dujian_docs.supervision.tables import workbook

NOT_REPORTED = "未报"
_LAST, _ALL = "靠后", "合计"
_COLUMNS = (
    ("方面", 12.0),
    ("项目", 24.0),
    ("单位", 22.0),
    ("完成", 9.0),
    ("应完成", 9.0),
    ("占比（%）", 10.0),
    ("比上期（占比为百分点）", 13.0),
    ("情况", 14.0),
    ("突出问题", 30.0),
    ("典型案例", 30.0),
)


def rollup_workbook(report: RollupReport, unit_names: Mapping[str, str]) -> bytes:
    """The bytes of the workbook."""
    rows = [row for item in report.items for row in _rows(item, unit_names)]
    rows += [
        ["", "", unit_names.get(code, code), *[None] * 4, NOT_REPORTED, "", ""] for code in report.missing
    ]
    colours = {_LAST: "FCE4D6", NOT_REPORTED: "F8CBAD"}
    first = 0 if any(item.aspect for item in report.items) else 1
    return workbook(report.period, _COLUMNS[first:], [row[first:] for row in rows], colours=colours)


def _rows(item: Item, unit_names: Mapping[str, str]) -> Iterator[list[Value]]:
    behind = {line.unit for line in item.last}
    for line in item.lines:
        name = unit_names.get(line.unit, line.unit)
        yield _row(item, line, name, _LAST if line.unit in behind else _state(item, line))
    yield _row(item, item.total, _ALL, _state(item, item.total))


def _state(item: Item, line: Line) -> str:
    """Why there is no share, where there should be one."""
    return line.share.reason if item.shared and line.share.value is None else ""


def _row(item: Item, line: Line, name: str, state: str) -> list[Value]:
    share = None if line.share.value is None else round(line.share.value, 2)
    change = None if line.change is None else round(line.change, 2)
    told: list[Value] = [item.aspect, item.title, name, line.part, line.base, share, change, state]
    return [*told, "\n".join(line.problems), "\n".join(line.cases)]
