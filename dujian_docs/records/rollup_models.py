"""The models of what is reported: quarterly roll-ups, half-monthly reports, checks, the work log."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from dujian_docs.records.fields import (
    Code,
    Codes,
    Count,
    Day,
    FieldError,
    Link,
    Name,
    Number,
    Paragraphs,
    Text,
    Year,
)
from dujian_docs.records.models import Record

UnitCode = Annotated[Code, Link("unit")]
Some = Annotated[Count, Field(ge=0)]
"""How many, 0 included."""


class Rollup(Record):
    """A quarterly roll-up (季度调度): one unit's target and result for one thing."""

    year: Year = Field(title="年度")
    quarter: Count = Field(ge=1, le=4, title="季度", description="1 到 4")
    unit: UnitCode = Field(title="填报单位", description="填单位代码")
    indicator: Code = Field(title="指标", description="如 课后服务覆盖学校数")
    target: Number | None = Field(None, ge=0, title="目标数")
    done: Number | None = Field(None, ge=0, title="完成数")
    problems: Paragraphs = Field((), title="突出问题", description="一行一条")
    cases: Paragraphs = Field((), title="典型案例", description="一行一条")
    reported_date: Day | None = Field(None, title="填报日期")


class HalfMonthlyReport(Record):
    """A half-monthly report (半月报) of double reduction: eight aspects, 21 items, five basic figures."""

    unit: UnitCode = Field(title="填报单位", description="填单位代码")
    period_end: Day = Field(title="截至日期", description="每月 15 日或月末")
    counties: Some = Field(title="县数")
    schools: Some = Field(title="学校数", description="义务教育学校")
    orgs: Some = Field(title="机构数", description="学科类校外培训机构，等于线下加线上")
    orgs_offline: Some = Field(title="线下机构数")
    orgs_online: Some = Field(title="线上机构数")
    homework_posted: Some = Field(title="建立作业公示制度学校数")
    homework_within_limit: Some = Field(title="作业时间达标学校数")
    homework_not_to_parents: Some = Field(title="不给家长布置作业学校数")
    service_schools: Some = Field(title="提供课后服务学校数")
    service_in_full: Some = Field(title="课后服务达标学校数")
    service_funded: Some = Field(title="建立经费保障机制县数")
    nonprofit: Some = Field(title="登记为非营利机构数")
    reapproved: Some = Field(title="备案改审批机构数")
    reduced: Some = Field(title="压减机构数")
    on_holidays: Some = Field(title="占用节假日培训机构数")
    cleaned_up: Some = Field(title="清理完成机构数")
    model_contract: Some = Field(title="使用示范合同机构数")
    guided_price: Some = Field(title="执行政府指导价机构数")
    prepaid_guarded: Some = Field(title="预收费风险管控机构数")
    adverts_controlled: Some = Field(title="建立广告管控机制县数")
    adverts_punished: Some = Field(title="查处违规广告数")
    tips: Some = Field(title="举报线索数")
    tips_closed: Some = Field(title="举报办结数")
    departments_named: Some = Field(title="明确非学科类主管部门县数")
    standards_set: Some = Field(title="制定非学科类标准县数")
    nonacademic_orgs: Some = Field(title="非学科类机构数")
    leader: Text = Field("", title="负责人")
    contact: Text = Field("", title="联系人及电话")

    @field_validator(
        "homework_posted",
        "homework_within_limit",
        "homework_not_to_parents",
        "service_schools",
        "service_in_full",
    )
    @classmethod
    def _of_the_schools(cls, part: int, info: ValidationInfo) -> int:
        return _part_of(part, info, "schools", "学校数")

    @field_validator("service_funded", "adverts_controlled", "departments_named", "standards_set")
    @classmethod
    def _of_the_counties(cls, part: int, info: ValidationInfo) -> int:
        return _part_of(part, info, "counties", "县数")

    @field_validator(
        "nonprofit", "reapproved", "on_holidays", "model_contract", "guided_price", "prepaid_guarded"
    )
    @classmethod
    def _of_the_organisations(cls, part: int, info: ValidationInfo) -> int:
        return _part_of(part, info, "orgs", "机构数")

    @field_validator("tips_closed")
    @classmethod
    def _of_the_tips(cls, part: int, info: ValidationInfo) -> int:
        return _part_of(part, info, "tips", "举报线索数")


def _part_of(part: int, info: ValidationInfo, name: str, title: str) -> int:
    """``part``, when it is no more than the field ``name``."""
    whole = info.data.get(name)
    if whole is not None and part > whole:
        raise FieldError(f"多于{title}（{whole}）", "核对两个数")
    return part


class CheckResult(StrEnum):
    """一项检查的结果."""

    GOOD = "合格"
    BAD = "不合格"
    NOT_LOOKED_AT = "未查"


class TrainingCheck(Record):
    """A check of a training organisation (校外培训机构) in seven items; every one is due once a year."""

    org: UnitCode = Field(title="机构", description="填单位代码")
    check_date: Day = Field(title="检查日期")
    inspectors: Annotated[Codes, Link("person")] = Field(
        (), title="检查人", description="人员编号，用“、”隔开"
    )
    qualification: CheckResult = Field(title="办学资质和教师资格")
    premises: CheckResult = Field(title="场所设施和安全")
    contract: CheckResult = Field(title="合同和培训内容")
    fees: CheckResult = Field(title="收费和退费")
    adverts: CheckResult = Field(title="广告真实合法")
    school_teachers: CheckResult = Field(title="在职教师兼职")
    other: CheckResult = Field(CheckResult.NOT_LOOKED_AT, title="其他")
    problems: Paragraphs = Field((), title="问题", description="一行一条", validate_default=True)

    @field_validator("problems")
    @classmethod
    def _said_when_bad(cls, problems: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not problems and CheckResult.BAD in info.data.values():
            raise FieldError("有不合格的项目，没有写问题", "写明是什么问题")
        return problems


class WorkLogEntry(Record):
    """A line of the work log (工作日志); the year's summary is rolled up from it."""

    code: Code = Field(title="日志编号", description="如 RZ2026-118")
    day: Day = Field(title="日期")
    section: Name = Field(title="板块", description="如 督政、督学、迎检")
    matter: Name = Field(title="事项", description="如 推门听课")
    quantity: Number | None = Field(None, ge=0, title="数量")
    measure: Text = Field("", title="单位", description="如 节、所、条")
    people: Annotated[Codes, Link("person")] = Field((), title="人员", description="人员编号，用“、”隔开")
    units: Annotated[Codes, Link("unit")] = Field((), title="所到单位", description="单位代码，用“、”隔开")
    note: Text = Field("", title="备注")
