"""Rates count the right records of the right year, and refuse where there is nothing to divide by."""

from __future__ import annotations

from datetime import date

import pytest

from dujian_docs.evaluation import RateRules, RetentionFormula
from dujian_docs.evaluation.holdings import schools_of
from dujian_docs.evaluation.measured import (
    adoptions,
    closures,
    completions,
    coverage,
    rectification,
    retentions,
    satisfactions,
)
from dujian_docs.records import Finding, FindingSource, FindingStatus, Unit, UnitType
from dujian_docs.records.rollup_models import Rollup
from dujian_docs.records.statistic_models import Audience, Satisfaction, SchoolStatistics, Section
from dujian_docs.records.supervision_models import Tip, TipState, Visit, VisitMode


def finding(number: int, year: int, status: FindingStatus) -> Finding:
    return Finding(
        code=f"W{number}",
        unit="S1",
        description="问题",
        source=FindingSource.COUNTY,
        found_date=date(year, 3, 1),
        status=status,
    )


def test_rectification_counts_the_closed_findings_of_the_year() -> None:
    told = [
        finding(1, 2026, FindingStatus.CLOSED),
        finding(2, 2026, FindingStatus.RELAPSED),
        finding(3, 2026, FindingStatus.OPEN),
        finding(4, 2025, FindingStatus.CLOSED),
    ]
    assert rectification(told, 2026).figure.value == pytest.approx(100 / 3)
    none = rectification(told, 2024)
    assert none.verdict.passed is None
    assert none.verdict.reasons == ("全县整改率：问题数为 0",)


def tip(number: int, deadline: date | None, closed: date | None, state: TipState) -> Tip:
    return Tip(
        code=f"X{number}",
        received_date=date(2026, 3, 1),
        content="乱收费",
        deadline=deadline,
        closed_date=closed,
        state=state,
    )


def test_closures_leave_out_rejected_tips_and_those_not_due() -> None:
    due = date(2026, 3, 31)
    told = [
        tip(1, due, date(2026, 3, 31), TipState.CLOSED),
        tip(2, due, date(2026, 4, 1), TipState.CLOSED),
        tip(3, date(2026, 12, 31), None, TipState.CHECKING),
        tip(4, None, None, TipState.REJECTED),
    ]
    closed, in_time = closures(told, 2026, date(2026, 6, 1))
    assert closed.figure.value == pytest.approx(200 / 3)
    assert in_time.figure.value == 50
    early = closures(told, 2026, date(2026, 3, 30))[1]
    assert early.figure.value is None


def test_coverage_needs_organisations() -> None:
    org = Unit(code="O1", name="机构", unit_type=UnitType.TRAINING_ORG)
    assert coverage([org], [], 2026).figure.value == 0
    assert coverage([], [], 2026).figure.reason == "应查数为 0"


def visit(code: str, year: int, suggestions: int, adopted: int | None) -> Visit:
    return Visit(
        code=code,
        mode=VisitMode.CAMPUS,
        inspector="P1",
        school="S1",
        visit_date=date(year, 3, 1),
        suggestions=tuple(f"建议{at}" for at in range(suggestions)),
        adopted=adopted,
    )


def test_adoption_counts_every_suggestion_and_wants_every_number() -> None:
    told = [
        visit("J1", 2026, 3, 2),
        visit("J2", 2026, 1, 1),
        visit("J3", 2025, 9, 0),
        visit("J4", 2026, 0, None),
    ]
    (found,) = adoptions(told, 2026)
    assert (found.title, found.figure.value) == ("督导建议落实率", 75)
    (unknown,) = adoptions([*told, visit("J5", 2026, 1, None)], 2026)
    assert unknown.figure.reason == "缺落实数"
    assert adoptions(told, 2024) == ()


def test_completion_is_of_the_latest_quarter_and_wants_every_number() -> None:
    def told(quarter: int, unit: str, target: float | None, done: float) -> Rollup:
        return Rollup(year=2026, quarter=quarter, unit=unit, indicator="课后服务", target=target, done=done)

    rows = [told(1, "T1", 10, 10), told(2, "T1", 10, 6), told(2, "T2", 10, 5)]
    (found,) = completions(rows, 2026)
    assert found.title == "课后服务（2季度完成率）"
    assert found.figure.value == pytest.approx(55)
    (open_,) = completions([*rows, told(2, "T3", None, 5)], 2026)
    assert open_.figure.reason == "缺目标数"


def test_retention_by_either_formula_for_the_county_and_each_school() -> None:
    units = [
        Unit(code=code, name=name, unit_type=UnitType.SCHOOL, stage="初中")
        for code, name in (("S1", "甲中"), ("S2", "乙中"))
    ]
    first = SchoolStatistics(
        school="S1", school_year="2025-2026", section=Section.JUNIOR,
        enrolled=100, graduates=110, moved_in=20, moved_out=5, deaths=0,
    )  # fmt: skip
    second = first.model_copy(update={"school": "S2", "graduates": 90, "moved_in": 0, "moved_out": 0})
    schools = schools_of(units, [first, second], "2025-2026")
    a = retentions(schools, RateRules(RetentionFormula.A, {"初中": 95.0}))
    assert [(one.whose, one.figure.shown()) for one in a] == [
        ("全县", "93.02%"),
        ("甲中", "95.65%"),
        ("乙中", "90.00%"),
    ]
    assert [one.verdict.passed for one in a] == [False, True, False]
    b = retentions(schools, RateRules(RetentionFormula.B))
    assert b[1].figure.shown() == "95.00%"
    alone = retentions(schools_of(units, [first], "2025-2026"), RateRules())
    assert [one.figure.value is None for one in alone] == [True, False, True]


def test_satisfaction_of_the_valid_sheets() -> None:
    survey = Satisfaction(
        code="M1", unit="G1", year=2026, audience=Audience.PARENTS,
        issued=1000, returned=900, valid=800, satisfied=679,
    )  # fmt: skip
    (found,) = satisfactions([survey], {"G1": "县政府"}, 2026, 85)
    assert found.verdict.reasons == ("县政府家长满意率（M1） 84.88%，低于 85%",)
    assert satisfactions([survey], {}, 2025, 85) == ()
