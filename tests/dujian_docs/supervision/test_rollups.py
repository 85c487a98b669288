"""Roll-ups: who has not reported, completion against target, change, the last ten."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from dujian_docs.records.models import Unit, UnitType
from dujian_docs.records.rollup_models import HalfMonthlyReport, Rollup
from dujian_docs.supervision import half_month, half_monthly, quarterly, rollup_workbook
from dujian_docs.supervision.half_months import ITEMS

TOWNS = tuple(Unit(code=f"T{n:02}", name=f"第{n}镇", unit_type=UnitType.TOWNSHIP) for n in range(1, 15))
SCHOOL = Unit(code="S1", name="青溪镇中心小学", unit_type=UnitType.SCHOOL, stage="小学")
UNITS = (*TOWNS, SCHOOL)
NUMBERS = {name: 0 for name, field in HalfMonthlyReport.model_fields.items() if field.is_required()} | {
    "counties": 1,
    "schools": 40,
    "orgs": 5,
    "orgs_offline": 4,
    "orgs_online": 1,
}


def reported(
    unit: str, done: float | None, *, quarter: int = 2, target: float | None = 10, **more: Any
) -> Rollup:
    return Rollup(
        year=2026, quarter=quarter, unit=unit, indicator="课后服务", target=target, done=done, **more
    )


def half(unit: str, end: date, **more: int) -> HalfMonthlyReport:
    return HalfMonthlyReport(**{**NUMBERS, "unit": unit, "period_end": end, **more})


def test_completion_change_and_who_is_missing() -> None:
    rollups = [
        reported("T01", 5, quarter=1),
        reported("T02", 9, quarter=1),
        reported("T01", 8, problems=("师资不足",)),
        reported("T03", 12),
    ]
    found = quarterly(rollups, UNITS, year=2026, quarter=2)
    (item,) = found.items
    assert [(line.unit, line.share.value, line.change) for line in item.lines] == [
        ("T01", 80, pytest.approx(30)),
        ("T03", 120, None),
    ]
    assert item.lines[0].problems == ("师资不足",)
    assert (item.total.part, item.total.base, item.total.share.value) == (20, 20, 100)
    assert item.total.change == pytest.approx(30), "compared by T01 alone, who reported both times"
    assert found.missing == tuple(one.code for one in TOWNS if one.code not in {"T01", "T03"})
    assert (found.former, found.reported) == ("2026年第1季度", ("T01", "T03"))


def test_the_first_quarter_follows_the_fourth() -> None:
    last = Rollup(year=2025, quarter=4, unit="T01", indicator="课后服务", target=10, done=5)
    found = quarterly([last, reported("T01", 6, quarter=1)], UNITS, year=2026, quarter=1)
    assert found.items[0].lines[0].change == pytest.approx(10)
    assert found.former == "2025年第4季度"


def test_nothing_is_guessed() -> None:
    found = quarterly([reported("T01", None), reported("T02", 3, target=0)], UNITS, year=2026, quarter=2)
    assert [line.share.reason for line in found.items[0].lines] == ["缺完成数", "目标数为 0"]
    assert found.items[0].total.part is None
    assert found.items[0].last == ()
    assert found.former == ""


def test_the_last_ten_and_those_equal_to_the_tenth() -> None:
    rollups = [reported(one.code, min(at, 10)) for at, one in enumerate(TOWNS)]
    item = quarterly(rollups, UNITS, year=2026, quarter=2).items[0]
    assert [line.unit for line in item.last] == [f"T{n:02}" for n in range(1, 11)]
    tied = [reported(one.code, 1 if at < 12 else 9) for at, one in enumerate(TOWNS)]
    assert len(quarterly(tied, UNITS, year=2026, quarter=2).items[0].last) == 12
    level = [reported(one.code, 10) for one in TOWNS]
    assert quarterly(level, UNITS, year=2026, quarter=2).items[0].last == ()


def test_a_department_that_reports_says_nothing_of_others() -> None:
    offices = tuple(Unit(code=f"D{n}", name=f"第{n}局", unit_type=UnitType.DEPARTMENT) for n in range(1, 4))
    ever = [reported("D1", 3, quarter=1), reported("D2", 3)]
    assert quarterly(ever, (*UNITS, *offices), year=2026, quarter=2).missing == ("D1",)


def test_who_has_to_report_may_be_said() -> None:
    found = quarterly([], UNITS, year=2026, quarter=2, kind=UnitType.SCHOOL)
    assert (found.items, found.missing) == ((), ("S1",))
    assert quarterly([], UNITS, year=2026, quarter=2).missing == ()


@given(st.permutations(range(14)), st.lists(st.integers(0, 30), min_size=14, max_size=14))
def test_the_order_of_the_records_changes_nothing(order: list[int], done: list[int]) -> None:
    rollups = [reported(one.code, number) for one, number in zip(TOWNS, done, strict=True)]
    shuffled = [rollups[at] for at in order]
    found = quarterly(shuffled, UNITS, year=2026, quarter=2)
    assert found == quarterly(rollups, UNITS, year=2026, quarter=2)
    shares = [line.share.value or 0 for line in found.items[0].lines]
    assert shares == sorted(shares)
    assert found.items[0].total.part == sum(done)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_every_day_is_in_one_half_month(day: date) -> None:
    end = half_month(day)
    assert end >= day
    assert half_month(end) == end
    assert end.day == 15 or (end + timedelta(days=1)).day == 1
    assert half_month(end + timedelta(days=1)) > end


def test_the_half_month_has_21_items_in_eight_aspects() -> None:
    assert len(ITEMS) == 21
    aspects = list(dict.fromkeys(one.aspect for one in ITEMS))
    assert [sum(one.aspect == name for one in ITEMS) for name in aspects] == [3, 3, 3, 4, 1, 2, 2, 3]
    given_fields = [name for name in HalfMonthlyReport.model_fields if name in {one.part for one in ITEMS}]
    assert given_fields == [one.part for one in ITEMS]


def test_a_half_month_against_the_one_before() -> None:
    """5 of 118 organisations are 4.24 per cent, as published; a report of the 30th is the month's end's."""
    many = {"orgs": 118, "orgs_offline": 118, "orgs_online": 0}
    reports = [
        half("T01", date(2026, 3, 15), nonprofit=4, tips=7, **many),
        half("T01", date(2026, 3, 30), nonprofit=5, tips=9, **many),
        half("T02", date(2026, 3, 31), service_schools=20),
    ]
    found = half_monthly(reports, UNITS, end=date(2026, 3, 20))
    items = {item.title: item for item in found.items}
    nonprofit = next(line for line in items["登记为非营利机构数"].lines if line.unit == "T01")
    assert nonprofit.share.shown() == "4.24%"
    assert nonprofit.change == pytest.approx(100 / 118)
    tips = items["举报线索数"]
    assert (tips.total.part, tips.total.share.value, tips.shared, tips.last) == (9, None, False, ())
    assert next(line.change for line in tips.lines if line.unit == "T01") == 2
    assert [line.unit for line in items["提供课后服务学校数"].last] == ["T01"]
    assert items["占用节假日培训机构数"].last == ()
    assert len(found.missing) == 12
    assert found.former == "截至2026年3月15日的半月"


def test_a_unit_that_reported_twice_counts_once() -> None:
    reports = [
        half("T01", date(2026, 3, 30), service_schools=1),
        half("T01", date(2026, 3, 31), service_schools=2),
    ]
    found = half_monthly(reports, UNITS, end=date(2026, 3, 31))
    assert next(one for one in found.items if one.title == "提供课后服务学校数").total.part == 2


def test_the_workbook_has_every_line_and_the_missing() -> None:
    rollups = [reported("T01", 8, problems=("师资不足", "场地不足")), reported("T02", 10)]
    found = quarterly(rollups, UNITS, year=2026, quarter=2)
    names = {one.code: one.name for one in UNITS}
    sheet = load_workbook(io.BytesIO(rollup_workbook(found, names))).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows[0][:8] == ["课后服务", "第1镇", 8, 10, 80, None, "靠后", "师资不足\n场地不足"]
    assert rows[2][1:5] == ["合计", 18, 20, 90]
    assert [row[1] for row in rows if row[6] == "未报"] == [one.name for one in TOWNS[2:]]
