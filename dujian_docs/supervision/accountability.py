"""An accountability case step by step, and what a decision must hold before it may be issued. Pure.

《教育督导问责办法》 (in force since 2021-09-01): nine steps in order; five parts of a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dujian_docs.errors import InputInvalid
from dujian_docs.records.accountability_models import AccountabilityCase
from dujian_docs.supervision.findings import Fault

_YEAR = timedelta(days=365)
_AGAIN = "一年内再次被问责"
_APPEAL_DAYS = 30
"""How long a review may be asked for after the decision."""


class StepState(StrEnum):
    """一步走到哪里."""

    DONE = "已完成"
    NOW = "正在办"
    LEFT_OUT = "漏了"
    TO_COME = "未到"
    NOT_WANTED = "未提出"


@dataclass(frozen=True, slots=True)
class Step:
    """One of the nine steps: since when it is done, or how it stands."""

    number: int
    title: str
    state: StepState
    day: date | None = None


_STEPS: tuple[tuple[str, str], ...] = (
    ("调查认定", "group_date"),
    ("告知并听取陈述申辩", "informed_date"),
    ("征求意见", "consulted_date"),
    ("审定并作出决定", "decision_date"),
    ("实施", "effective_date"),
    ("公开", "published_date"),
    ("复核和申诉", "review_requested"),
    ("归档", "filed_date"),
    ("上报备案、接受监督", "reported_date"),
)
_REVIEW = 6
"""The place among the steps of the one that only the other side can begin."""

PARTS: tuple[tuple[str, Callable[[AccountabilityCase], object]], ...] = (
    ("基本情况", lambda case: case.situation),
    ("问责事实", lambda case: case.facts),
    ("依据", lambda case: case.basis),
    ("问责方式", lambda case: case.means),
    ("生效日期", lambda case: case.effective_date),
)
"""The five parts of a decision: what each is called on the form, and what is there of it."""


def missing_parts(case: AccountabilityCase) -> tuple[str, ...]:
    """Those of the five parts that a decision in this case would lack."""
    return tuple(title for title, part in PARTS if not part(case))


def require_whole(case: AccountabilityCase) -> None:
    """The case holds all five parts of a decision.

    Raises:
        InputInvalid: it lacks some; no decision may be issued.
    """
    if missing := missing_parts(case):
        raise InputInvalid(
            f"问责案件 {case.code} 缺{'、'.join(missing)}，不能作出问责决定",
            remedy="在问责案件表里补上这几项；五项齐全才能发出决定",
        )


def steps(case: AccountabilityCase, *, today: date) -> tuple[Step, ...]:
    """The nine steps in order and how each stands; the first that is open and not overtaken is now."""
    days = [_day(case, at) for at in range(len(_STEPS))]
    told: list[Step] = []
    for at, (title, _) in enumerate(_STEPS):
        state = _state(case, days, at, today=today)
        if state is StepState.TO_COME and all(one.state in _BEHIND for one in told):
            state = StepState.NOW
        told.append(Step(at + 1, title, state, days[at]))
    return tuple(told)


_BEHIND = frozenset({StepState.DONE, StepState.LEFT_OUT, StepState.NOT_WANTED})


def _day(case: AccountabilityCase, at: int) -> date | None:
    """The day on which the step was done; a review is done when all that was asked is answered."""
    if at != _REVIEW:
        found = getattr(case, _STEPS[at][1])
        return found if isinstance(found, date) else None
    if case.appealed:
        return case.appeal_decided
    return case.review_answered if case.review_requested else None


def _state(case: AccountabilityCase, days: Sequence[date | None], at: int, *, today: date) -> StepState:
    day = days[at]
    if day:
        return StepState.DONE if day <= today else StepState.TO_COME
    later = any(days[at + 1 :])
    if at == _REVIEW and not (case.review_requested or case.appealed):
        over = case.decision_date and today > case.decision_date + timedelta(days=_APPEAL_DAYS)
        return StepState.NOT_WANTED if over or later else StepState.TO_COME
    return StepState.LEFT_OUT if later else StepState.TO_COME


def case_faults(case: AccountabilityCase, others: Sequence[AccountabilityCase]) -> tuple[Fault, ...]:
    """What is wrong in a case: steps left out, a decision that lacks parts, what makes it graver unsaid."""
    told = (*_of_steps(case), *_of_the_decision(case), *_of_aggravations(case, others))
    return tuple(Fault(case.code, problem, remedy) for problem, remedy in told)


def _of_steps(case: AccountabilityCase) -> Iterator[tuple[str, str]]:
    left_out = [one.title for one in steps(case, today=date.max) if one.state is StepState.LEFT_OUT]
    if left_out:
        yield f"后面的步骤已办，没有记{'、'.join(left_out)}", "补记日期；确实没有办的，程序有缺，先补办"
    if case.informed_date and case.decision_date and not case.statement:
        yield "已作出决定，没有写陈述申辩的情况", "写明陈述申辩了什么，或“放弃陈述申辩”"
    if case.approved_date and not case.approver:
        yield "有审定日期，没有审定人", "填写教督委主任或副主任的姓名"
    if case.decision_date and not case.approved_date:
        yield "已作出决定，没有审定日期", "问责决定由教督委主任或副主任审定后作出"


def _of_the_decision(case: AccountabilityCase) -> Iterator[tuple[str, str]]:
    missing = missing_parts(case)
    if case.decision_date and missing:
        yield f"问责决定缺{'、'.join(missing)}", "补齐五项；已经发出的，依程序更正"


def _of_aggravations(
    case: AccountabilityCase, others: Sequence[AccountabilityCase]
) -> Iterator[tuple[str, str]]:
    begun = case.supervision_end or case.decision_date
    if begun is None or _AGAIN in case.aggravations:
        return
    for one in others:
        same = (one.unit, one.person) == (case.unit, case.person) and one.code != case.code
        if same and one.decision_date and timedelta(0) <= begun - one.decision_date <= _YEAR:
            yield (
                f"{one.decision_date:%Y-%m-%d} 已被问责（{one.code}），没有写从重情形“{_AGAIN}”",
                f"核对后在从重情形里填“{_AGAIN}”",
            )
