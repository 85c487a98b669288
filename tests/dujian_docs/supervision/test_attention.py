"""Bases that lapsed, help pairs that lag, units that a special inspection should go to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.records.basis_models import Basis
from dujian_docs.records.models import Finding, FindingSource, FindingStatus
from dujian_docs.records.score_models import HelpPair
from dujian_docs.records.supervision_models import Tip, TipState
from dujian_docs.supervision import (
    Citing,
    PairRules,
    RollupReport,
    Weights,
    basis_states,
    pair_states,
    targets,
)

TODAY = date(2026, 11, 20)
OLD = Basis(code="Y1", title="教育督导工作规定", number="云政发〔20**〕7号", replaced_by="Y2")
NEW = Basis(code="Y2", title="教育督导实施办法", number="云政发〔2024〕11号", start_date=date(2024, 6, 1))


def lapsed(*bases: Basis, text: str = "") -> list[tuple[str, str, int]]:
    found = basis_states(bases, [Citing("问题", "W1", text)], today=TODAY, soon=7)
    return [(one.lapsed, one.lapsing, len(one.cited)) for one in found]


def test_what_is_replaced_has_lapsed_and_who_cites_it_is_told() -> None:
    (old, new) = basis_states(
        [NEW, OLD], [Citing("问题", "W1", "违反云政发(2019)07号第三条")], today=TODAY, soon=7
    )
    assert old.lapsed == "已由《教育督导实施办法》（云政发〔2024〕11号）代替"
    assert [one.code for one in old.cited] == ["W1"]
    assert old.unclear
    assert (new.lapsed, new.lapsing, new.cited, new.unclear) == ("", "", (), False)


def test_what_replaces_it_must_be_in_force() -> None:
    later = NEW.model_copy(update={"start_date": date(2027, 1, 1)})
    assert lapsed(OLD, later) == [("", "", 0), ("2027-01-01 才施行", "", 0)]


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (date(2026, 11, 19), ("2026-11-19 起失效", "")),
        (TODAY, ("", "2026-11-20 到期")),
        (date(2026, 11, 27), ("", "2026-11-27 到期")),
        (date(2026, 11, 28), ("", "")),
    ],
)
def test_an_end_is_told_before_and_after(end: date, told: tuple[str, str]) -> None:
    assert lapsed(NEW.model_copy(update={"end_date": end}))[0][:2] == told


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("《教育督导实施办法》第五条", 1),
        ("教育督导实施办法", 1),
        ("《教育督导实施办法实施细则》第五条", 0),
        ("有关教育督导实施办法的通知", 0),
        ("云政发〔2024〕111号", 0),
        ("", 0),
    ],
)
def test_only_the_document_itself_is_cited(text: str, cited: int) -> None:
    assert lapsed(NEW, text=text)[0][2] == cited


def test_a_basis_does_not_take_its_own_place() -> None:
    with pytest.raises(ValueError, match="写的是这份文件自己"):
        Basis(code="Y1", title="教育督导工作规定", replaced_by="Y1")


def pair(**values: Any) -> HelpPair:
    whole: dict[str, Any] = {
        "code": "JD1",
        "helper": "S1",
        "helped": "S2",
        "year": 2025,
        "reports_heard": 3,
        "guidance_visits": 12,
        "months_guided": 12,
        "funds": 10_000,
        "problems": ("缺教师",),
        "measures": ("送教",),
    }
    return HelpPair(**{**whole, **values})


def lacks(year: int = 2025, **values: Any) -> tuple[str, ...]:
    (found,) = pair_states([pair(year=year, **values)], year=year, today=TODAY, rules=PairRules())
    return found.lacks


def test_a_pair_as_it_should_be_lacks_nothing() -> None:
    assert lacks() == ()
    assert lacks(2026, months_guided=10, reports_heard=0, funds=0) == (), "the year is not over"
    assert pair_states([pair()], year=2024, today=TODAY, rules=PairRules()) == ()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"reports_heard": 2}, "听汇报 2 次，应不少于 3 次"),
        ({"months_guided": 11}, "12 个月里有指导的 11 个月，应每月都有"),
        ({"guidance_visits": 11}, "指导 11 次，却有 12 个月有指导，两个数有矛盾"),
        ({"funds": 9999.99}, "筹资 9999.99 元，应不少于 10000 元"),
        ({"problems": ()}, "没有问题清单"),
        ({"measures": ()}, "没有帮扶措施"),
        ({"year": 2026, "months_guided": 9}, "10 个月里有指导的 9 个月，应每月都有"),
    ],
)
def test_what_a_pair_lacks_is_told(values: dict[str, Any], told: str) -> None:
    assert lacks(**values) == (told,)


def finding(code: str, unit: str, status: FindingStatus, deadline: date | None = None) -> Finding:
    return Finding(
        code=code,
        unit=unit,
        description="通道堵塞",
        source=FindingSource.COUNTY,
        found_date=date(2026, 1, 1),
        deadline=deadline,
        status=status,
    )


FINDINGS = (
    finding("W1", "S1", FindingStatus.OPEN, date(2026, 2, 1)),
    finding("W2", "S1", FindingStatus.CLOSED, date(2026, 2, 1)),
    finding("W3", "S2", FindingStatus.RELAPSED),
    finding("W4", "S3", FindingStatus.RECTIFYING, TODAY),
)
TIPS = (
    Tip(code="X1", received_date=date(2026, 9, 1), unit="S3", content="补课"),
    Tip(code="X2", received_date=date(2025, 9, 1), unit="S3", content="补课"),
    Tip(code="X3", received_date=date(2026, 9, 1), unit="S2", content="补课", state=TipState.REJECTED),
    Tip(code="X4", received_date=date(2026, 9, 1), content="不知哪所学校"),
)


def test_who_has_most_comes_first_and_why() -> None:
    roll_up = RollupReport("2026年第3季度", "", (), (), ("S4",))
    found = targets(FINDINGS, TIPS, roll_up, today=TODAY, weights=Weights())
    assert [(one.unit, one.points, one.reasons) for one in found] == [
        ("S1", 3, ("整改未完 1 个", "整改逾期 1 个")),
        ("S2", 3, ("反弹 1 个",)),
        ("S3", 3, ("整改未完 1 个", "举报 1 件")),
        ("S4", 2, ("调度未报 1 期",)),
    ]


@given(st.permutations(FINDINGS), st.floats(0, 5), st.floats(0, 5))
def test_the_order_changes_nothing_and_no_weight_no_target(
    findings: list[Finding], first: float, second: float
) -> None:
    weights = Weights(open=first, overdue=second)
    found = targets(findings, TIPS, None, today=TODAY, weights=weights)
    assert found == targets(FINDINGS, TIPS, None, today=TODAY, weights=weights)
    assert list(found) == sorted(found, key=lambda one: (-one.points, one.unit))
    assert targets(findings, TIPS, None, today=TODAY, weights=Weights(0, 0, 0, 0, 0, 0)) == ()
