"""The models of supervision at work: zones, rounds, teams, schedules, visits, and what comes of them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from dujian_docs.records.fields import (
    Code,
    Codes,
    Count,
    Day,
    FieldError,
    Flag,
    Link,
    Name,
    Paragraphs,
    Percent,
    Text,
    Words,
    Year,
)
from dujian_docs.records.models import Record, in_order

Person = Annotated[Code, Link("person")]
People = Annotated[Codes, Link("person")]
UnitCode = Annotated[Code, Link("unit")]
UnitCodes = Annotated[Codes, Link("unit")]


class InspectorZone(Record):
    """An inspector zone (督学责任区): schools, and the inspectors who look after them."""

    code: Code = Field(title="责任区代码", description="如 ZR03")
    name: Name = Field(title="责任区名称")
    inspectors: People = Field(min_length=1, title="责任督学", description="人员编号，用“、”隔开")
    schools: UnitCodes = Field(min_length=1, title="学校", description="学校的单位代码，用“、”隔开")
    start_date: Day | None = Field(None, title="聘期开始")
    end_date: Day | None = Field(None, title="聘期结束")
    note: Text = Field("", title="备注")

    @field_validator("end_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("start_date"), later, "聘期开始")


class StageAxis(StrEnum):
    """阶段的轴: the steps of the procedure, or the dated phases of the work; never one list of both."""

    PROCEDURE = "程序阶段"
    WORK = "工作阶段"


class Stage(Record):
    """A stage (阶段) of a campaign, with its days and what it brings forth."""

    campaign: Annotated[Code, Link("campaign")] = Field(title="评估项目", description="填项目代码")
    code: Code = Field(title="阶段代码", description="如 S1")
    axis: StageAxis = Field(title="属于")
    title: Name = Field(title="阶段名称", description="如 自查申报")
    start_date: Day | None = Field(None, title="开始日期")
    end_date: Day | None = Field(None, title="截止日期")
    responsible_unit: UnitCode | None = Field(None, title="责任单位", description="填单位代码")
    deliverables: Paragraphs = Field((), title="产物", description="一行一件，如 自查报告")

    @field_validator("end_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("start_date"), later, "开始日期")


class Duty(Record):
    """A row of the duty matrix (责任分工表): who leads, who helps, with what, by when."""

    campaign: Annotated[Code, Link("campaign")] = Field(title="评估项目", description="填项目代码")
    code: Code = Field(title="任务编号", description="如 RW07")
    indicator: Text = Field("", title="指标", description="指标代码，如 C12")
    task: Name = Field(title="任务")
    lead_unit: UnitCode = Field(title="牵头单位", description="填单位代码")
    support_units: UnitCodes = Field((), title="配合单位", description="单位代码，用“、”隔开")
    materials: Paragraphs = Field((), title="材料", description="一行一件")
    deadline: Day | None = Field(None, title="时限")


class Round(Record):
    """A round (批次) of inspections in a year; cross-inspections go in two."""

    code: Code = Field(title="批次编号", description="如 2026-1")
    title: Name = Field(title="批次名称", description="如 上半年交叉检查")
    campaign: Annotated[Code, Link("campaign")] | None = Field(
        None, title="所属项目", description="填项目代码"
    )
    year: Year = Field(title="年度")
    number: Count = Field(ge=1, le=99, title="第几批")
    start_date: Day | None = Field(None, title="开始日期")
    end_date: Day | None = Field(None, title="结束日期")

    @field_validator("end_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("start_date"), later, "开始日期")


class Team(Record):
    """A team (督导组) of an inspection; in a cross-inspection ``from_unit`` is whose people they are."""

    inspection: Annotated[Code, Link("inspection")] = Field(title="督导活动", description="填活动编号")
    code: Code = Field(title="组别", description="如 第1组")
    round: Annotated[Code, Link("round")] | None = Field(None, title="批次", description="填批次编号")
    from_unit: UnitCode | None = Field(None, title="检查方", description="交叉检查时填派出单位的代码")
    leader: Person | None = Field(None, title="组长", description="填人员编号")
    members: People = Field((), title="组员", description="填人员编号，用“、”隔开")
    units: UnitCodes = Field(min_length=1, title="检查对象", description="单位代码，用“、”隔开")
    contact: Person | None = Field(None, title="联络员", description="填人员编号")

    @field_validator("units")
    @classmethod
    def _not_itself(cls, units: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        own = info.data.get("from_unit")
        if own and own in units:
            raise FieldError("检查方不能检查自己", "换一个检查对象")
        return units


class ScheduleEntry(Record):
    """A line of a team's schedule (日程)."""

    inspection: Annotated[Code, Link("inspection")] = Field(title="督导活动", description="填活动编号")
    team: Annotated[Code, Link("team", within="inspection")] = Field(title="组别", description="如 第1组")
    day: Day = Field(title="日期")
    time: Code = Field(title="时间", description="如 8:30-9:00、上午")
    unit: UnitCode | None = Field(None, title="单位", description="填单位代码")
    content: Name = Field(title="内容")
    note: Text = Field("", title="注意事项")


class VisitMode(StrEnum):
    """督学记录的方式."""

    CAMPUS = "校园督查"
    LESSON = "推门听课"
    MATERIAL = "查阅资料"
    SURVEY = "问卷走访"


class Visit(Record):
    """A visit (督学记录) of a responsible inspector to a school, in one of four modes."""

    code: Code = Field(title="记录编号", description="如 JL2026-031")
    mode: VisitMode = Field(title="方式")
    inspector: Person = Field(title="督学", description="填人员编号")
    zone: Annotated[Code, Link("inspector_zone")] | None = Field(None, title="责任区", description="填代码")
    school: UnitCode = Field(title="学校", description="填单位代码")
    visit_date: Day = Field(title="日期")
    time: Text = Field("", title="起止时刻", description="如 8:30-11:00")
    matters: Paragraphs = Field((), title="事项", description="一行一条")
    facts: Paragraphs = Field((), title="事实", description="一行一条")
    problems: Paragraphs = Field((), title="问题", description="一行一条")
    suggestions: Paragraphs = Field((), title="建议", description="一行一条")
    adopted: Count | None = Field(None, ge=0, title="建议落实数")
    photos: Paragraphs = Field((), title="照片", description="一行一个文件，写档案里的位置")
    spots: Paragraphs = Field((), title="巡查点位", description="校园督查填写，一行一处")
    subject: Text = Field("", title="学科", description="推门听课填写")
    lesson: Text = Field("", title="节次", description="推门听课填写；教师姓名不必写")
    appraisal: Text = Field("", title="听课评价", description="推门听课填写")
    material: Text = Field("", title="材料名称", description="查阅资料填写")
    material_path: Text = Field("", title="材料位置", description="查阅资料填写，写档案里的位置")
    conclusion: Text = Field("", title="查阅结论", description="查阅资料填写")
    audience: Text = Field("", title="问卷对象", description="问卷走访填写，如 家长")
    issued: Count | None = Field(None, ge=0, title="发放份数", description="问卷走访填写")
    valid: Count | None = Field(None, ge=0, title="有效份数", description="问卷走访填写")
    satisfied: Percent | None = Field(None, title="满意率", description="问卷走访填写，如 96.5")
    respondent: Text = Field("", title="现场反馈人")
    signed: Flag = Field(default=False, title="校长已签名")
    deadline: Day | None = Field(None, title="整改期限")
    revisit_date: Day | None = Field(None, title="回访日期")
    closed_date: Day | None = Field(None, title="销号日期")

    @field_validator("valid")
    @classmethod
    def _no_more_than_issued(cls, valid: int | None, info: ValidationInfo) -> int | None:
        issued = info.data.get("issued")
        if valid is not None and issued is not None and valid > issued:
            raise FieldError(f"多于发放份数（{issued}）", "核对两个份数")
        return valid

    @field_validator("deadline", "revisit_date", "closed_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("visit_date"), later, "日期")


class RectificationStep(Record):
    """A step (整改进展) in the rectification of a finding."""

    finding: Annotated[Code, Link("finding")] = Field(title="问题编号")
    number: Count = Field(ge=1, le=999, title="序号")
    step_date: Day = Field(title="日期")
    progress: Name = Field(title="进展")
    evidence: Paragraphs = Field((), title="佐证", description="一行一件，写档案里的位置或档号")
    reporter: Text = Field("", title="填报人")


class LookBackResult(StrEnum):
    """回头看的结果."""

    PENDING = "未复查"
    HOLDING = "未反弹"
    RELAPSED = "反弹"


class LookBack(Record):
    """A look-back (回头看) at a closed finding."""

    finding: Annotated[Code, Link("finding")] = Field(title="问题编号")
    due_date: Day = Field(title="应复查日期")
    check_date: Day | None = Field(None, title="复查日期")
    checker: Person | None = Field(None, title="复查人", description="填人员编号")
    result: LookBackResult = Field(LookBackResult.PENDING, title="结果", validate_default=True)
    note: Text = Field("", title="说明")

    @field_validator("result")
    @classmethod
    def _by_someone_on_a_day(cls, result: LookBackResult, info: ValidationInfo) -> LookBackResult:
        if result is not LookBackResult.PENDING:
            for name, title in (("check_date", "复查日期"), ("checker", "复查人")):
                if not info.data.get(name):
                    raise FieldError(f"已有结果，但没有{title}", f"填写“{title}”")
        return result


class ListedState(StrEnum):
    """挂牌督办的状态."""

    LISTED = "督办中"
    DELISTED = "已摘牌"
    ESCALATED = "已升级"


class ListedCase(Record):
    """A listed case (挂牌督办)."""

    code: Code = Field(title="督办编号", description="如 GP2026-02")
    title: Name = Field(title="事由")
    unit: UnitCode = Field(title="督办对象", description="填单位代码")
    findings: Annotated[Codes, Link("finding")] = Field(
        (), title="所涉问题", description="问题编号，用“、”隔开"
    )
    source: Text = Field("", title="线索来源")
    matters: Paragraphs = Field((), title="督办事项", description="一行一条")
    leader: Text = Field("", title="责任领导")
    listed_date: Day = Field(title="挂牌日期")
    deadline: Day = Field(title="办结时限")
    report_every_days: Count | None = Field(None, ge=1, le=366, title="报告间隔（天）")
    condition: Text = Field("", title="摘牌条件")
    progress: Paragraphs = Field((), title="进展", description="一行一条")
    delisted_date: Day | None = Field(None, title="摘牌日期")
    state: ListedState = Field(ListedState.LISTED, title="状态", validate_default=True)

    @field_validator("deadline", "delisted_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("listed_date"), later, "挂牌日期")

    @field_validator("state")
    @classmethod
    def _as_the_dates_say(cls, state: ListedState, info: ValidationInfo) -> ListedState:
        if (state is ListedState.DELISTED) != bool(info.data.get("delisted_date")):
            raise FieldError("与摘牌日期不一致", "已摘牌的填写摘牌日期，没有摘牌的留空")
        return state


class TipState(StrEnum):
    """举报线索的状态."""

    RECEIVED = "受理"
    ASSIGNED = "分派"
    CHECKING = "核查"
    CLOSED = "办结"
    REJECTED = "不予受理"


class Tip(Record):
    """A tip (举报线索). Who gave it is kept elsewhere, on paper."""

    code: Code = Field(title="线索编号", description="如 XS2026-015")
    channel: Text = Field("", title="渠道", description="如 举报平台、电话、来信")
    received_date: Day = Field(title="受理日期")
    unit: UnitCode | None = Field(None, title="所涉单位", description="填单位代码")
    category: Text = Field("", title="类别", description="如 违规补课、乱收费")
    content: Name = Field(title="反映的问题", description="不写举报人的姓名和电话")
    handler: UnitCode | None = Field(None, title="承办单位", description="填单位代码")
    deadline: Day | None = Field(None, title="办结时限")
    outcome: Text = Field("", title="核查结论")
    closed_date: Day | None = Field(None, title="办结日期")
    state: TipState = Field(TipState.RECEIVED, title="状态", validate_default=True)

    @field_validator("deadline", "closed_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("received_date"), later, "受理日期")

    @field_validator("state")
    @classmethod
    def _as_the_dates_say(cls, state: TipState, info: ValidationInfo) -> TipState:
        if (state is TipState.CLOSED) != bool(info.data.get("closed_date")):
            raise FieldError("与办结日期不一致", "办结的填写办结日期，没有办结的留空")
        return state


class AdmonitionTalk(Record):
    """An admonition talk (约谈): what it is about, who talks, and what was promised."""

    code: Code = Field(title="约谈编号", description="如 YT2026-01")
    unit: UnitCode = Field(title="被约谈单位", description="填单位代码")
    persons: Words = Field((), title="被约谈人", description="姓名和职务，用“、”隔开")
    cause: Name = Field(title="事由")
    talk_date: Day = Field(title="约谈日期")
    time: Text = Field("", title="时间")
    place: Text = Field("", title="地点")
    talkers: People = Field((), title="约谈人", description="人员编号，用“、”隔开")
    materials: Paragraphs = Field((), title="须带材料", description="一行一件")
    problems: Paragraphs = Field((), title="确认的问题", description="一行一条")
    commitments: Paragraphs = Field((), title="整改承诺", description="一行一条")
    deadline: Day | None = Field(None, title="整改期限")
    signed: Flag = Field(default=False, title="双方已签字")

    @field_validator("deadline")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("talk_date"), later, "约谈日期")


class Pledge(Record):
    """A pledge (责任书) between two units, or a unit and its people."""

    code: Code = Field(title="责任书编号", description="如 ZR2026-004")
    title: Name = Field(title="名称", description="如 控辍保学目标责任书")
    year: Year = Field(title="年度")
    first_party: UnitCode = Field(title="甲方", description="填单位代码")
    second_party: UnitCode = Field(title="乙方", description="填单位代码")
    second_people: Words = Field((), title="乙方责任人", description="如 校长、班主任，用“、”隔开")
    duties: Paragraphs = Field((), title="职责", description="一行一条")
    rewards: Paragraphs = Field((), title="奖惩", description="一行一条")
    copies: Count = Field(2, ge=1, le=20, title="份数")
    signed_date: Day | None = Field(None, title="签订日期")

    @field_validator("second_party")
    @classmethod
    def _not_itself(cls, second: str, info: ValidationInfo) -> str:
        if second == info.data.get("first_party"):
            raise FieldError("与甲方相同", "填写另一方的单位代码")
        return second


class PledgeTarget(Record):
    """A target (目标) of a pledge, and what came of it."""

    pledge: Annotated[Code, Link("pledge")] = Field(title="责任书编号")
    code: Code = Field(title="目标编号", description="如 1")
    title: Name = Field(title="目标", description="如 初中巩固率")
    target: Text = Field("", title="目标值", description="如 ≥98%")
    result: Text = Field("", title="完成情况")
    reached: Flag | None = Field(None, title="是否完成")
