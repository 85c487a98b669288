"""Figures that contradict each other, jump, or are missing for a school."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.records.figure_models import ReportedFigure
from dujian_docs.records.models import Unit, UnitType
from dujian_docs.records.rollup_models import HalfMonthlyReport
from dujian_docs.records.statistic_models import SchoolStatistics, Section
from dujian_docs.supervision import FigureKind, Figures, figure_findings

YEAR = "2025-2026"


def school(code: str, stage: str = "小学") -> Unit:
    return Unit(code=code, name=f"学校{code}", unit_type=UnitType.SCHOOL, stage=stage)


def row(
    code: str = "S1", year: str = YEAR, section: Section = Section.PRIMARY, **values: Any
) -> SchoolStatistics:
    return SchoolStatistics(school=code, school_year=year, section=section, **values)


def figure(value: float, source: str, **values: Any) -> ReportedFigure:
    given_values = {"unit": "S1", "period": YEAR, "measure": "校舍建筑面积", **values}
    return ReportedFigure(**given_values, source=source, value=value)


def found(**held: Any) -> list[tuple[FigureKind, str, str]]:
    findings = figure_findings(Figures(**{"units": [school("S1")], **held}), jump_percent=50)
    return [(one.kind, one.unit, one.problem) for one in findings]


def test_two_values_of_one_thing_contradict_each_other() -> None:
    told = [figure(3693, "自评报告第1页"), figure(6193, "自评报告第4页")]
    assert found(reported=told) == [
        (FigureKind.CONTRADICTION, "S1", "校舍建筑面积有 2 个数：自评报告第1页 3693、自评报告第4页 6193")
    ]
    assert found(reported=[figure(3693, "甲"), figure(3693, "乙")]) == []
    assert found(reported=[figure(3693, "甲"), figure(6193, "乙", period="2024-2025")]) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (5.5, 5.515273, True),
        (5.52, 5.515273, True),
        (5.53, 5.515273, False),
        (5.52, 5.5, True),
        (6, 6.4, False),
        (0.1, 0.12, True),
    ],
)
def test_a_rounded_number_is_no_contradiction(one: float, other: float, same: bool) -> None:
    assert (found(reported=[figure(one, "甲"), figure(other, "乙")]) == []) is same


def test_the_schools_statistics_are_one_of_the_sources() -> None:
    (told,) = found(statistics=[row(building_area=3693)], reported=[figure(6193, "自评报告")])
    assert told[2] == "校舍建筑面积有 2 个数：学校统计 3693、自评报告 6193"
    both = [row(pupils=394), row(section=Section.JUNIOR, pupils=432)]
    assert found(statistics=both, reported=[figure(826, "自评报告", measure="在校生数")]) == []
    whole = [*both, row(section=Section.WHOLE, pupils=826)]
    assert found(statistics=whole, reported=[figure(827, "自评报告", measure="在校生数")])[0][0] is (
        FigureKind.CONTRADICTION
    )
    apart = [row(building_area=1), row(section=Section.JUNIOR, building_area=2)]
    assert found(statistics=apart, reported=[figure(9, "自评报告")]) == [], "used together, not to be added"


def test_a_school_missing_on_either_side_is_told() -> None:
    units = [school("S1"), school("S2"), school("S3", "高中")]
    told = found(statistics=[row("S1", pupils=1), row("S9", pupils=1)], units=units)
    assert told == [
        (FigureKind.ABSENT, "S2", "单位表里有这所学校，这一学年没有学校统计"),
        (FigureKind.ABSENT, "S9", "有学校统计，单位表里没有这所学校"),
    ]


def test_a_jump_is_between_neighbouring_years_only() -> None:
    years = {"2023-2024": 100, "2024-2025": 151, "2025-2026": 140}
    told = found(statistics=[row(year=year, pupils=pupils) for year, pupils in years.items()])
    assert told == [(FigureKind.JUMP, "S1", "小学在校生数由 100 变成 151（+51%）")]
    assert found(statistics=[row(year="2022-2023", pupils=100), row(pupils=1)]) == []
    assert found(statistics=[row(year="2024-2025", pupils=0), row(pupils=100)]) == []


def test_a_wrong_sum_of_the_stock_is_told() -> None:
    rows = [row(pupils=394), row(section=Section.JUNIOR, pupils=432), row(section=Section.WHOLE, pupils=1)]
    assert found(statistics=rows)[0][0] is FigureKind.SUM


def test_a_wrong_sum_within_a_half_monthly_report_is_told() -> None:
    zero = {name: 0 for name, field in HalfMonthlyReport.model_fields.items() if field.is_required()}
    told = {
        **zero,
        "unit": "S1",
        "period_end": date(2026, 3, 15),
        "orgs": 5,
        "orgs_offline": 3,
        "orgs_online": 1,
    }
    assert found(half_months=[HalfMonthlyReport(**told)]) == [
        (FigureKind.SUM, "S1", "机构数5，3+1=4，差 +1（机构数等于线下加线上）")
    ]
    assert found(half_months=[HalfMonthlyReport(**told | {"orgs": 4})]) == []


ROWS = [
    row("S1", pupils=394),
    row("S1", section=Section.JUNIOR, pupils=432),
    row("S1", section=Section.WHOLE, pupils=900),
    row("S2", "2024-2025", pupils=10),
    row("S2", pupils=90),
]
TOLD = [figure(1, "甲", measure="在校生数"), figure(2, "乙", measure="在校生数"), figure(3, "丙")]


@given(st.permutations(ROWS), st.permutations(TOLD))
def test_the_order_of_the_records_changes_nothing(
    rows: list[SchoolStatistics], told: list[ReportedFigure]
) -> None:
    units = [school("S1"), school("S2"), school("S3")]
    held = Figures(rows, told, units)
    findings = figure_findings(held, jump_percent=50)
    assert findings == figure_findings(Figures(ROWS, TOLD, units), jump_percent=50)
    assert {one.kind for one in findings} == set(FigureKind)
    assert [one.certain for one in findings] == sorted((one.certain for one in findings), reverse=True)
