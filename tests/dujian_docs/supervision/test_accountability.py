"""Accountability: nine steps in order, five parts of a decision, what makes a case graver."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.errors import InputInvalid
from dujian_docs.records.accountability_models import AccountabilityCase, ObjectKind
from dujian_docs.supervision import PARTS, StepState, case_faults, missing_parts, require_whole, steps

TODAY = date(2026, 11, 20)
DAYS = {
    "supervision_end": date(2026, 1, 10),
    "group_date": date(2026, 2, 1),
    "informed_date": date(2026, 2, 20),
    "consulted_date": date(2026, 3, 1),
    "approved_date": date(2026, 3, 5),
    "decision_date": date(2026, 3, 6),
    "effective_date": date(2026, 3, 6),
    "published_date": date(2026, 3, 20),
    "filed_date": date(2026, 5, 1),
    "reported_date": date(2026, 5, 2),
}
PARTS_GIVEN: dict[str, Any] = {
    "situation": "青溪镇中心小学，校长某某",
    "facts": ("整改期满三个月未改",),
    "basis": ("《教育督导问责办法》第十条",),
    "means": ("约谈",),
}
DONE, NOW, LEFT_OUT, TO_COME, NOT_WANTED = StepState


def case(code: str = "WZ1", **values: Any) -> AccountabilityCase:
    given_values = {
        "code": code,
        "object_kind": ObjectKind.UNIT,
        "unit": "S001",
        "cause": "整改不力",
        **values,
    }
    return AccountabilityCase(**given_values)


def whole(code: str = "WZ1", **values: Any) -> AccountabilityCase:
    rest = {"statement": "放弃陈述申辩", "approver": "教督委主任"}
    return case(**{"code": code, **DAYS, **PARTS_GIVEN, **rest, **values})


def states(one: AccountabilityCase, today: date = TODAY) -> list[StepState]:
    return [step.state for step in steps(one, today=today)]


def problems(one: AccountabilityCase, *others: AccountabilityCase) -> list[str]:
    return [fault.problem for fault in case_faults(one, (one, *others))]


def test_a_case_in_order_has_nine_steps_and_no_faults() -> None:
    assert states(whole()) == [*[DONE] * 6, NOT_WANTED, DONE, DONE]
    assert problems(whole()) == []
    assert missing_parts(whole()) == ()
    require_whole(whole())


def test_the_first_open_step_is_the_present_one() -> None:
    begun = case(supervision_end=DAYS["supervision_end"], group_date=DAYS["group_date"])
    assert states(begun) == [DONE, NOW, *[TO_COME] * 7]
    assert states(case()) == [NOW, *[TO_COME] * 8]


def test_a_review_belongs_to_the_steps_only_when_it_is_asked_for() -> None:
    open_: dict[str, Any] = {"filed_date": None, "reported_date": None}
    decided = whole(**open_)
    assert states(decided, date(2026, 3, 10))[5:] == [NOW, TO_COME, TO_COME, TO_COME]
    assert states(decided, date(2026, 3, 25))[6:] == [NOW, TO_COME, TO_COME], "may still be asked for"
    assert states(decided)[6:] == [NOT_WANTED, NOW, TO_COME]
    asked = whole(**open_, review_requested=date(2026, 3, 30))
    assert states(asked)[6:] == [NOW, TO_COME, TO_COME]
    answered = whole(**open_, review_requested=date(2026, 3, 30), review_answered=date(2026, 4, 10))
    assert states(answered)[6:] == [DONE, NOW, TO_COME]
    appealed = whole(
        review_requested=date(2026, 3, 30), review_answered=date(2026, 4, 10), appealed=date(2026, 4, 12)
    )
    assert states(appealed)[6:] == [LEFT_OUT, DONE, DONE], "filed before the appeal was decided"


def test_what_is_left_out_is_told() -> None:
    assert problems(whole(informed_date=None, consulted_date=None)) == [
        "后面的步骤已办，没有记告知并听取陈述申辩、征求意见"
    ]
    assert problems(whole(statement="")) == ["已作出决定，没有写陈述申辩的情况"]
    assert problems(whole(approver="")) == ["有审定日期，没有审定人"]
    assert problems(whole(approved_date=None)) == ["已作出决定，没有审定日期"]


@given(st.sets(st.sampled_from([*PARTS_GIVEN, "effective_date"])))
def test_a_decision_that_lacks_any_part_cannot_be_issued(lacking: set[str]) -> None:
    empty: dict[str, Any] = {
        name: None if name == "effective_date" else "" if name == "situation" else () for name in lacking
    }
    one = whole(**empty)
    assert len(missing_parts(one)) == len(lacking)
    told = [problem for problem in problems(one) if problem.startswith("问责决定缺")]
    assert bool(told) == bool(lacking)
    if lacking:
        with pytest.raises(InputInvalid, match="不能作出问责决定") as error:
            require_whole(one)
        assert all(part in error.value.problem for part in missing_parts(one))


def test_the_parts_are_five() -> None:
    assert [title for title, _ in PARTS] == ["基本情况", "问责事实", "依据", "问责方式", "生效日期"]


@pytest.mark.parametrize(("days", "told"), [(0, True), (365, True), (366, False), (-1, False)])
def test_a_second_case_within_a_year_is_graver(days: int, told: bool) -> None:
    former = whole("WZ0")
    later = case(supervision_end=DAYS["decision_date"] + timedelta(days=days))
    assert any("一年内再次被问责" in one for one in problems(later, former)) is told
    said = later.model_copy(update={"aggravations": ("一年内再次被问责",)})
    assert problems(said, former) == []
    other = later.model_copy(update={"unit": "S002"})
    assert problems(other, former) == []
