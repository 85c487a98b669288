"""What is due: from every kind that names a day, as it stands today, for whom, and who may see it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook

from dujian_docs.records.accountability_models import AccountabilityCase, ObjectKind
from dujian_docs.records.models import Finding, FindingSource, FindingStatus
from dujian_docs.records.supervision_models import (
    AdmonitionTalk,
    Duty,
    InspectorZone,
    ListedCase,
    ListedState,
    LookBack,
    LookBackResult,
    Stage,
    StageAxis,
    Tip,
    TipState,
    Visit,
    VisitMode,
)
from dujian_docs.supervision import CountyWork, DueList, Standing, calendar_file, due_list, workbook_of

TODAY = date(2026, 11, 23)
UNITS = {"S001": "青溪镇中心小学", "D003": "云岭县财政局"}
PEOPLE = {"P01": "李静"}
HIDDEN = "绝不外传"


def finding(days: int = 0, **values: Any) -> Finding:
    given: Mapping[str, Any] = {
        "code": "W1",
        "unit": "S001",
        "description": "通道堵塞",
        "source": FindingSource.COUNTY,
        "found_date": date(2020, 1, 1),
        "deadline": TODAY + timedelta(days=days),
        "responsible_person": "董玉梅",
        **values,
    }
    return Finding(**given)


def tip(days: int = 0, **values: Any) -> Tip:
    given: Mapping[str, Any] = {
        "code": "X1",
        "received_date": date(2020, 1, 1),
        "content": HIDDEN,
        "handler": "S001",
        "deadline": TODAY + timedelta(days=days),
        **values,
    }
    return Tip(**given)


def case(**days: date) -> AccountabilityCase:
    return AccountabilityCase(code="WZ1", object_kind=ObjectKind.UNIT, unit="S001", cause=HIDDEN, **days)


def due(work: CountyWork, **how: Any) -> DueList:
    return due_list(work, **{"today": TODAY, "soon": 7, "unit_names": UNITS, "people": PEOPLE, **how})


@pytest.mark.parametrize(
    ("days", "standing"),
    [
        (-1, Standing.OVERDUE),
        (0, Standing.TODAY),
        (1, Standing.SOON),
        (7, Standing.SOON),
        (8, Standing.LATER),
    ],
)
def test_how_a_deadline_stands(days: int, standing: Standing) -> None:
    (line,) = due(CountyWork(findings=[finding(days)])).lines
    assert (line.standing, line.days, line.owner) == (standing, days, "青溪镇中心小学 董玉梅")


@pytest.mark.parametrize(
    ("status", "what", "owner"),
    [
        (FindingStatus.OPEN, "整改（未启动）：通道堵塞", "青溪镇中心小学 董玉梅"),
        (FindingStatus.RELAPSED, "重新整改（反弹）：通道堵塞", "青溪镇中心小学 董玉梅"),
        (FindingStatus.AWAITING_CHECK, "核查：通道堵塞", "本室 李静"),
    ],
)
def test_whose_turn_it_is_with_a_finding(status: FindingStatus, what: str, owner: str) -> None:
    (line,) = due(CountyWork(findings=[finding(status=status, checker="P01")])).lines
    assert (line.deadline.what, line.owner) == (what, owner)


def test_what_is_done_is_not_due() -> None:
    past = TODAY - timedelta(days=3)
    work = CountyWork(
        findings=[finding(-3, status=FindingStatus.CLOSED), finding(deadline=None)],
        look_backs=[
            LookBack(
                finding="W1", due_date=past, check_date=past, checker="P01", result=LookBackResult.HOLDING
            )
        ],
        tips=[tip(-3, state=TipState.CLOSED, closed_date=past), tip(-3, state=TipState.REJECTED)],
        listed_cases=[
            ListedCase(
                code="G1",
                title="欠费",
                unit="D003",
                listed_date=date(2026, 1, 1),
                deadline=past,
                delisted_date=past,
                state=ListedState.DELISTED,
            )
        ],
        visits=[
            Visit(
                code="J1",
                mode=VisitMode.CAMPUS,
                inspector="P01",
                school="S001",
                visit_date=date(2026, 1, 1),
                deadline=past,
                closed_date=past,
            )
        ],
    )
    assert due(work, internal=True).lines == ()


def test_every_kind_that_names_a_day_tells_it() -> None:
    soon = TODAY + timedelta(days=3)
    work = CountyWork(
        look_backs=[LookBack(finding="W1", due_date=soon, checker="P01")],
        findings=[finding(100)],
        listed_cases=[
            ListedCase(
                code="G1",
                title="拨付滞后",
                unit="D003",
                leader="段敏",
                listed_date=TODAY - timedelta(days=10),
                deadline=TODAY + timedelta(days=60),
                report_every_days=7,
            )
        ],
        talks=[
            AdmonitionTalk(code="Y1", unit="S001", cause="整改不力", talk_date=TODAY, deadline=soon),
        ],
        visits=[
            Visit(
                code="J1",
                mode=VisitMode.CAMPUS,
                inspector="P01",
                school="S001",
                visit_date=TODAY,
                problems=("门卫缺岗",),
                deadline=soon,
            )
        ],
        duties=[Duty(campaign="C", code="R1", task="报送经费材料", lead_unit="D003", deadline=soon)],
        stages=[
            Stage(
                campaign="C",
                code="S1",
                axis=StageAxis.WORK,
                title="自查",
                end_date=soon,
                responsible_unit="S001",
                deliverables=("自查报告",),
            )
        ],
        zones=[
            InspectorZone(code="Z1", name="一片区", inspectors=("P01",), schools=("S001",), end_date=soon)
        ],
    )
    told = {(line.deadline.kind, line.deadline.what): (line.days, line.owner) for line in due(work).lines}
    assert told == {
        ("问题", "整改（未启动）：通道堵塞"): (100, "青溪镇中心小学 董玉梅"),
        ("回头看", "复查：通道堵塞"): (3, "本室 李静"),
        ("挂牌督办", "办结：拨付滞后"): (60, "云岭县财政局 段敏"),
        ("挂牌督办", "报告进展：拨付滞后"): (4, "云岭县财政局 段敏"),
        ("约谈", "兑现整改承诺：整改不力"): (3, "青溪镇中心小学"),
        ("督学记录", "整改：门卫缺岗"): (3, "青溪镇中心小学"),
        ("责任分工", "报送经费材料"): (3, "云岭县财政局"),
        ("阶段", "自查截止（自查报告）"): (3, "青溪镇中心小学"),
        ("督学责任区", "一片区督学聘期届满"): (3, "本室"),
    }


def test_what_the_records_know_no_end_of_is_told_until_its_day() -> None:
    duty = Duty(campaign="C", code="R1", task="报送", lead_unit="D003", deadline=TODAY)
    assert len(due(CountyWork(duties=[duty])).lines) == 1
    assert due(CountyWork(duties=[duty]), today=TODAY + timedelta(days=1)).lines == ()


@pytest.mark.parametrize(
    ("days", "what", "due_on"),
    [
        ({"supervision_end": date(2026, 6, 1)}, "组建调查认定组", date(2026, 7, 31)),
        (
            {"decision_date": date(2026, 11, 2)},
            "被问责方申请复核期满（从决定日期算起）",
            date(2026, 12, 2),
        ),
        ({"review_requested": date(2026, 11, 2)}, "答复复核", date(2026, 12, 2)),
        (
            {"review_requested": date(2026, 11, 2), "review_answered": date(2026, 11, 17)},
            "被问责方申诉期满",
            date(2026, 12, 2),
        ),
        ({"appealed": date(2026, 10, 9)}, "上级作出申诉决定", date(2026, 12, 8)),
        (
            {"appealed": date(2026, 10, 9), "appeal_decided": date(2026, 11, 17)},
            "按申诉决定纠正",
            date(2026, 12, 2),
        ),
    ],
)
def test_the_clocks_of_accountability(days: dict[str, date], what: str, due_on: date) -> None:
    lines = due(CountyWork(cases=[case(**days)]), internal=True).lines
    assert [(line.deadline.what, line.deadline.day) for line in lines] == [(what, due_on)]


def test_the_other_side_may_let_its_day_pass() -> None:
    lines = due(CountyWork(cases=[case(decision_date=date(2026, 6, 1))]), internal=True).lines
    assert lines == ()


def test_clocks_in_working_days_run_longer() -> None:
    work = CountyWork(cases=[case(review_requested=date(2026, 9, 1))])
    (by_days,) = due(work, internal=True).lines
    (by_working_days,) = due(work, internal=True, working=True).lines
    assert by_days.deadline.day == date(2026, 10, 8)
    assert by_working_days.deadline.day > by_days.deadline.day


def test_within_leaves_out_what_is_far_and_never_what_is_overdue() -> None:
    work = CountyWork(findings=[finding(days, code=f"W{days}") for days in (-400, 0, 5, 6)])
    assert [line.days for line in due(work, within=5).lines] == [-400, 0, 5]


@given(days=st.lists(st.integers(-30, 30), max_size=8), internal=st.booleans())
def test_no_unit_is_told_of_anything_confidential(days: list[int], internal: bool) -> None:
    work = CountyWork(
        findings=[finding(one, code=f"W{at}") for at, one in enumerate(days)],
        tips=[tip(one, code=f"X{at}") for at, one in enumerate(days)],
        cases=[case(supervision_end=TODAY)],
    )
    told = due(work, owner="S001", internal=internal)
    assert told.withheld == 0
    assert [line.deadline.kind for line in told.lines] == ["问题"] * len(days)
    content = calendar_file(told, office="督导室", made=datetime(2026, 11, 23, tzinfo=UTC)) + workbook_of(
        told
    )
    assert HIDDEN.encode() not in content
    assert HIDDEN not in repr(told)


def test_the_office_is_told_how_many_are_withheld() -> None:
    work = CountyWork(tips=[tip(1), tip(2)], findings=[finding(1)])
    shown = due(work)
    assert (len(shown.lines), shown.withheld) == (1, 2)
    assert HIDDEN not in repr(shown)
    everything = due(work, internal=True)
    assert (len(everything.lines), everything.withheld) == (3, 0)


def test_the_calendar_file_is_read_by_a_calendar() -> None:
    long = "楼道、" * 60 + "消防；逗号,分号;换行"
    listed = due(CountyWork(findings=[finding(5, description=long), finding(-2, code="W2")]))
    made = datetime(2026, 11, 23, 8, tzinfo=UTC)
    content = calendar_file(listed, office="督导室", made=made)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    overdue, coming = Calendar.from_ical(content).walk("VEVENT")
    assert str(coming["summary"]) == f"【问题】整改（未启动）：{long}"
    assert coming.decoded("dtstart") == TODAY + timedelta(days=5)
    assert coming.decoded("dtend") == TODAY + timedelta(days=6)
    assert [str(one["description"])[:6] for one in coming.walk("VALARM")] == ["还有 3 天", "还有 1 天"]
    assert overdue.walk("VALARM") == []
    assert overdue["uid"] != coming["uid"]
    later = calendar_file(listed, office="督导室", made=made + timedelta(days=1))
    assert [one["uid"] for one in Calendar.from_ical(later).walk("VEVENT")] == [overdue["uid"], coming["uid"]]


def test_the_workbook_holds_every_line() -> None:
    listed = due(CountyWork(findings=[finding(-2), finding(0, code="W2", description="=1+1")]))
    rows = list(load_workbook(io.BytesIO(workbook_of(listed))).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:4] == ("状态", "到期日", "还有几天", "责任方")
    assert [row[0] for row in rows[1:]] == ["逾期", "今天到期"]
    assert [row[2] for row in rows[1:]] == [-2, 0]
    assert rows[2][4] == "整改（未启动）：=1+1"
