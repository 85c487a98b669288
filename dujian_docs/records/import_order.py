"""Schools that a table leaves out, or has in another order than the register of units: hints, no faults.

Tables of one report are asked to name the same schools in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from dujian_docs.records.cells import CellFault
from dujian_docs.records.import_sources import Source
from dujian_docs.records.models import Record, Unit, UnitType
from dujian_docs.records.statistic_models import SchoolStatistics

_MOST_NAMED = 10


def order_hints(
    source: Source, good: Mapping[int, Record], units: Mapping[str, Record]
) -> tuple[CellFault, ...]:
    """Hints for the statistics of schools; for other kinds none."""
    rows = {row: record for row, record in sorted(good.items()) if isinstance(record, SchoolStatistics)}
    if not rows:
        return ()
    known = {code: unit for code, unit in units.items() if isinstance(unit, Unit)}
    return (*_in_another_order(source, rows, known), *_left_out(source, rows, known))


def _in_another_order(
    source: Source, rows: Mapping[int, SchoolStatistics], units: Mapping[str, Unit]
) -> Iterator[CellFault]:
    """The first row of a school year that stands before a school it should follow."""
    for year in sorted({one.school_year for one in rows.values()}):
        schools = {row: one.school for row, one in rows.items() if one.school_year == year}
        for (_, first), (row, second) in pairwise(schools.items()):
            if second < first:
                names = [_name(code, units) for code in (second, first)]
                problem = f"{year} 学年的学校次序与单位表不同：{names[0]}应排在{names[1]}之前"
                remedy = "照样导入；同一份报告的各张表要次序一致，可用 dujian export 导出排好的"
                yield source.fault(row, "school", second, problem, remedy)
                break


def _left_out(
    source: Source, rows: Mapping[int, SchoolStatistics], units: Mapping[str, Unit]
) -> Iterator[CellFault]:
    """Told at the first row of a school year that has most schools of some stage, of those it lacks."""
    schools = {code: unit for code, unit in units.items() if unit.unit_type is UnitType.SCHOOL}
    for year in sorted({one.school_year for one in rows.values()}):
        having = {one.school for one in rows.values() if one.school_year == year}
        stages = {unit.stage for code, unit in schools.items() if code in having}
        wanted = {code for code, unit in schools.items() if unit.stage in stages}
        missing = sorted(wanted - having)
        if missing and len(having & wanted) * 2 > len(wanted):
            named = "、".join(_name(code, units) for code in missing[:_MOST_NAMED])
            more = f"等 {len(missing)} 所" if len(missing) > _MOST_NAMED else ""
            row = next(row for row, one in rows.items() if one.school_year == year)
            problem = f"{year} 学年缺单位表里的学校：{named}{more}"
            yield source.fault(row, "school", rows[row].school, problem, "漏报的补上；已撤并的在单位表里改正")


def _name(code: str, units: Mapping[str, Unit]) -> str:
    return units[code].name if code in units else code
