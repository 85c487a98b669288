"""Sums as data: what must be the sum of what, in records and in workbooks that come in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import ValidationError

from dujian_docs.records import (
    RecordStore,
    Unit,
    UnitType,
    apply_import,
    kind_of,
    plan_import,
    write_form,
    write_marked_copy,
)
from dujian_docs.records.figure_models import ReportedFigure
from dujian_docs.records.rollup_models import HalfMonthlyReport
from dujian_docs.records.statistic_models import SchoolStatistics, Section
from dujian_docs.records.sums import sum_rules, wrong_sums

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
FIGURE = {"unit": "S1", "period": "2026", "measure": "学生数", "source": "自评报告", "value": 826}


def row(section: Section, school: str = "S1", **values: Any) -> SchoolStatistics:
    return SchoolStatistics(school=school, school_year="2025-2026", section=section, **values)


def told(*rows: SchoolStatistics) -> list[str]:
    return [one.problem for one in wrong_sums(rows)]


def test_every_rule_names_fields_that_exist() -> None:
    for rule in sum_rules():
        fields = kind_of(rule.kind).model.model_fields
        named = {*rule.parts, *rule.fields, *rule.by, *([rule.select] if rule.select else [rule.whole])}
        assert named <= set(fields), rule.name
        assert rule.name


def test_the_published_sum_comes_out_and_a_wrong_one_is_told() -> None:
    parts = (row(Section.JUNIOR, pupils=432), row(Section.PRIMARY, pupils=394))
    assert told(row(Section.WHOLE, pupils=826), *parts) == []
    assert told(row(Section.WHOLE, pupils=836), *parts) == [
        "在校生数836，394+432=826，差 +10（全校合计等于各学段之和）"
    ]


def test_what_is_unknown_is_not_held_against_anybody() -> None:
    whole = row(Section.WHOLE, pupils=836, teachers=40)
    assert told(whole, row(Section.JUNIOR, pupils=432), row(Section.PRIMARY)) == []
    assert told(whole) == []
    assert told(whole, row(Section.JUNIOR, pupils=432)) == [], "one section alone is not all of them"
    assert told(whole, row(Section.JUNIOR, "S2", pupils=1), row(Section.PRIMARY, "S2", pupils=1)) == []


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=3), st.integers(-50, 50))
def test_only_what_does_not_add_up_is_told(numbers: list[int], off: int) -> None:
    sections = (Section.PRIMARY, Section.JUNIOR, Section.SENIOR)
    parts = [row(section, pupils=number) for section, number in zip(sections, numbers, strict=False)]
    total = max(sum(numbers) + off, 0)
    assert bool(told(*parts, row(Section.WHOLE, pupils=total))) is (total != sum(numbers))


@pytest.mark.parametrize(
    "parts",
    [
        ["初中 432", "小学 394"],
        ["初中：432人", "小学：394人"],
        ["432", "394"],
        ["初中 400", "借读 32", "小学 394"],
    ],
)
def test_the_parts_of_a_reported_figure_add_up(parts: list[str]) -> None:
    assert ReportedFigure(**FIGURE, parts=parts).value == 826


def test_a_reported_figure_that_does_not_add_up_says_by_how_much() -> None:
    roster = FIGURE | {"measure": "督学人数", "value": 117}
    five = ["市级 70", "兼职 8", "区县 20", "专职 4", "其他 15"]
    assert ReportedFigure(**roster, parts=five).value == 117
    with pytest.raises(ValidationError, match=r"70\+8\+20\+4\+5=107，数值却是 117，差 \+10"):
        ReportedFigure(**roster, parts=[*five[:4], "其他 5"])
    with pytest.raises(ValidationError, match="里没有数"):
        ReportedFigure(**roster, parts=["很多"])


@pytest.mark.parametrize(
    ("typed", "held"), [("2026年", "2026"), (2026, "2026"), ("2025—2026学年", "2025-2026")]
)
def test_a_period_is_a_year_of_either_kind(typed: object, held: str) -> None:
    assert ReportedFigure(**FIGURE | {"period": typed}).period == held
    with pytest.raises(ValidationError, match="不是年份也不是学年"):
        ReportedFigure(**FIGURE | {"period": "上学期"})


def test_a_wrong_total_is_marked_in_the_workbook_and_the_right_rows_come_in(tmp_path: Path) -> None:
    rows = (
        row(Section.PRIMARY, pupils=394),
        row(Section.JUNIOR, pupils=432),
        row(Section.WHOLE, pupils=836),
        row(Section.PRIMARY, "S2", pupils=100),
    )
    with RecordStore.open(tmp_path / "records.db") as store:
        with store.transaction() as writing:
            for code in ("S1", "S2"):
                unit = Unit(code=code, name=f"学校{code}", unit_type=UnitType.SCHOOL)
                writing.put(unit, author="李静", at=NOW)
        form = write_form("school_statistics", tmp_path / "学校统计.xlsx", rows)
        plan = plan_import(form, store)
        (wrong,) = plan.wrong
        assert (wrong.row, wrong.label) == (4, "在校生数")
        assert "394+432=826，差 +10" in wrong.problem
        marked = load_workbook(write_marked_copy(plan, tmp_path / "标注.xlsx"))["学校统计"][wrong.address]
        assert marked.comment is not None
        assert "差 +10" in marked.comment.text
        apply_import(plan, store, "李静", NOW)
        assert len(store.all("school_statistics")) == 3
        again = write_form("school_statistics", tmp_path / "改.xlsx", (row(Section.WHOLE, pupils=836),))
        assert len(plan_import(again, store).wrong) == 1, "held against what is stored"
        mended = write_form("school_statistics", tmp_path / "对.xlsx", (row(Section.WHOLE, pupils=826),))
        assert plan_import(mended, store).wrong == ()


def test_a_sum_within_a_record_is_held_too(tmp_path: Path) -> None:
    zero = {name: 0 for name, field in HalfMonthlyReport.model_fields.items() if field.is_required()}
    told = {**zero, "unit": "D1", "period_end": date(2026, 3, 15), "orgs": 5, "orgs_offline": 3}
    with RecordStore.open(tmp_path / "records.db") as store:
        with store.transaction() as writing:
            unit = Unit(code="D1", name="云岭县教育体育局", unit_type=UnitType.DEPARTMENT)
            writing.put(unit, author="李静", at=NOW)
        wrong = HalfMonthlyReport(**told | {"orgs_online": 3})
        (fault,) = plan_import(write_form("半月报", tmp_path / "错.xlsx", (wrong,)), store).wrong
        assert (fault.label, fault.row) == ("机构数", 2)
        assert fault.problem == "机构数5，3+3=6，差 -1（机构数等于线下加线上）"
        right = HalfMonthlyReport(**told | {"orgs_online": 2})
        assert plan_import(write_form("半月报", tmp_path / "对.xlsx", (right,)), store).wrong == ()
