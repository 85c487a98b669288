"""The ledger: what contradicts itself, who may close, what came twice, what has to be looked at again."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from dujian_docs.records.models import Finding, FindingSource, FindingStatus, Person
from dujian_docs.records.supervision_models import (
    ListedCase,
    ListedState,
    LookBack,
    LookBackResult,
    RectificationStep,
)
from dujian_docs.supervision import Ledger, faults, jumps, ledger_workbook, look_backs_wanted, repeated

FOUND, DEADLINE, CHECKED = date(2026, 3, 1), date(2026, 12, 1), date(2026, 4, 2)
INSPECTOR = Person(code="P1", name="李静", unit="D001", roles=("责任督学",))
HEADMASTER = Person(code="P2", name="董玉梅", unit="S001", roles=("校长",))
CLERK = Person(code="P3", name="石岩", unit="D001", roles=("会计",))
OPEN, RECTIFYING, AWAITING, CLOSED, RELAPSED = FindingStatus


def finding(code: str = "W1", **values: Any) -> Finding:
    given: Mapping[str, Any] = {
        "code": code,
        "unit": "S001",
        "description": "通道堵塞",
        "source": FindingSource.COUNTY,
        "found_date": FOUND,
        "deadline": DEADLINE,
        "measure": "清理",
        **values,
    }
    return Finding(**given)


def closed(code: str = "W1", **values: Any) -> Finding:
    return finding(code, **{"status": CLOSED, "checker": "P1", "check_date": CHECKED, **values})


def problems(*findings: Finding, **rest: Any) -> list[str]:
    people = (INSPECTOR, HEADMASTER, CLERK)
    return [one.problem for one in faults(Ledger(findings, people=people, **rest))]


def look_back(result: LookBackResult, due: date = date(2026, 7, 1)) -> LookBack:
    done = {} if result is LookBackResult.PENDING else {"check_date": due, "checker": "P1"}
    return LookBack(finding="W1", due_date=due, result=result, **done)


def test_a_ledger_in_order_has_no_faults() -> None:
    relapsed = finding(status=RELAPSED)
    backs = [look_back(LookBackResult.RELAPSED)]
    assert problems(relapsed, closed("W2"), finding("W3"), look_backs=backs) == []


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (closed(checker=None), "没有写核查人"),
        (closed(check_date=None), "没有写核查人"),
        (closed(checker="P2"), "责任单位自己的人"),
        (closed(checker="P3"), "角色不是督学"),
        (closed(source=FindingSource.PROVINCE), "省级督导发现的问题，销号没有佐证"),
        (finding(deadline=None), "没有整改时限"),
        (finding(status=RECTIFYING, measure=""), "状态是整改中，没有整改措施"),
        (finding(status=RELAPSED), "没有回头看或再次发现"),
    ],
)
def test_what_is_wrong_with_one_finding(one: Finding, said: str) -> None:
    (problem,) = problems(one)
    assert said in problem


def test_closing_what_came_from_above_needs_their_word_on_file() -> None:
    assert problems(closed(source=FindingSource.NATION, evidence=("上级同意销号的函",))) == []


def test_what_the_other_records_say_is_heard() -> None:
    step = RectificationStep(finding="W1", number=1, step_date=FOUND, progress="已清理")
    assert problems(finding(), steps=[step]) == ["已有整改进展，状态还是未启动"]
    (problem,) = problems(closed(), look_backs=[look_back(LookBackResult.RELAPSED)])
    assert "反弹" in problem
    assert problems(finding(status=RELAPSED), finding("W2", repeats="W1", found_date=CHECKED)) == []


def test_what_is_repeated_is_of_the_same_unit_and_earlier() -> None:
    assert "别的单位" in problems(finding(), finding("W2", unit="S002", repeats="W1"))[0]
    assert "发现得晚" in problems(finding(), finding("W2", repeats="W1", found_date=date(2026, 1, 1)))[0]


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ([OPEN, RECTIFYING, AWAITING, CLOSED, RELAPSED, RECTIFYING], []),
        ([OPEN, OPEN, AWAITING, RECTIFYING], []),
        ([OPEN, CLOSED], ["从未启动直接变成销号"]),
        ([RECTIFYING, CLOSED, OPEN], ["从整改中直接变成销号", "从销号直接变成未启动"]),
        ([OPEN, RELAPSED], ["从未启动直接变成反弹"]),
        ([CLOSED], []),
    ],
)
def test_steps_that_were_left_out(statuses: list[FindingStatus], said: list[str]) -> None:
    assert [one.problem for one in jumps("W1", statuses)] == said


def chain() -> list[Finding]:
    return [
        closed("W1"),
        finding("W2", repeats="W1", found_date=date(2026, 5, 1)),
        finding("W3", repeats="W2", found_date=date(2026, 9, 1), description="又堵了"),
    ]


def test_what_was_found_twice_or_more_is_to_be_listed_once() -> None:
    (one,) = repeated(Ledger(chain()))
    assert (one.unit, one.codes) == ("S001", ("W1", "W2", "W3"))
    assert "发现 3 次（2026-03-01、2026-05-01、2026-09-01），最近一次：又堵了" in one.reason
    assert repeated(Ledger([finding()])) == ()


@pytest.mark.parametrize(("state", "suggested"), [(ListedState.LISTED, 0), (ListedState.DELISTED, 1)])
def test_what_is_listed_already_is_not_suggested(state: ListedState, suggested: int) -> None:
    case = ListedCase(
        code="G1",
        title="通道",
        unit="S001",
        findings=("W2",),
        listed_date=FOUND,
        deadline=DEADLINE,
        state=state,
        delisted_date=DEADLINE if state is ListedState.DELISTED else None,
    )
    assert len(repeated(Ledger(chain(), listed_cases=[case]))) == suggested


def test_a_ring_of_repeats_ends() -> None:
    ring = [finding("W1", repeats="W2"), finding("W2", repeats="W1"), finding("W3", repeats="W1")]
    (one,) = repeated(Ledger(ring))
    assert one.codes == ("W2", "W1", "W3")


def test_closed_findings_are_looked_at_again() -> None:
    (wanted,) = look_backs_wanted(Ledger([closed(), finding("W2")]), days=90)
    assert (wanted.finding, wanted.due_date) == ("W1", CHECKED + timedelta(days=90))
    assert wanted.result is LookBackResult.PENDING
    assert look_backs_wanted(Ledger([closed()], look_backs=[wanted]), days=90) == ()
    earlier = look_back(LookBackResult.RELAPSED, due=CHECKED - timedelta(days=30))
    assert len(look_backs_wanted(Ledger([closed()], look_backs=[earlier]), days=90)) == 1


def test_the_workbook_has_the_ledgers_columns() -> None:
    content = ledger_workbook(
        [closed(evidence=("照片",)), finding("W2")],
        {"W2": "2026-03-05 已报计划"},
        {"S001": "青溪镇中心小学"},
        {"P1": "李静"},
    )
    head, first, second = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    assert head[2:9] == ("问题", "来源", "依据条款", "对应指标", "责任单位", "责任人", "总负责")
    assert first[6] == "青溪镇中心小学"
    assert first[12:] == ("照片", "李静", first[14], "销号")
    assert second[11] == "2026-03-05 已报计划"
