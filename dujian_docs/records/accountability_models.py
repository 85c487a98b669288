"""The model of an accountability case (问责), with the rules that a record alone can be held to.

《教育督导问责办法》(2021-09-01): means by the kind of object, nine steps, and clocks between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from dujian_docs.records.fields import Code, Codes, Day, FieldError, Link, Name, Paragraphs, Text, Words
from dujian_docs.records.models import Record, in_order


class ObjectKind(StrEnum):
    """问责对象的类别."""

    UNIT = "被督导单位"
    PERSON = "责任人"
    PRIVATE_PERSON = "民办学校和培训机构责任人"
    SUPERVISOR = "督学和督导机构人员"


_OF_PERSONS = ("责令检查", "约谈", "通报批评", "组织处理", "处分", "移交监察机关", "移送司法机关")
MEANS: Mapping[ObjectKind, tuple[str, ...]] = MappingProxyType(
    {
        ObjectKind.UNIT: ("公开批评", "约谈", "督导通报", "资源调整", "行政处罚"),
        ObjectKind.PERSON: _OF_PERSONS,
        ObjectKind.PRIVATE_PERSON: (*_OF_PERSONS, "没收违法所得", "罚款", "从业禁止", "纳入诚信记录"),
        ObjectKind.SUPERVISOR: (
            "批评教育",
            "责令检查",
            "通报批评",
            "取消资格",
            "组织处理",
            "处分",
        ),
    }
)
"""Which means (问责方式) there are for which objects."""
AGGRAVATIONS = ("隐瞒阻挠", "打击报复", "问责后不改", "一年内再次被问责", "其他从重情形")
"""What makes a case graver (从重情形)."""


class AccountabilityCase(Record):
    """An accountability case (问责案件), with the days on which each of its steps was taken."""

    code: Code = Field(title="案件编号", description="如 WZ2026-01")
    object_kind: ObjectKind = Field(title="对象类别")
    unit: Annotated[Code, Link("unit")] = Field(title="被问责单位", description="责任人填其所在单位的代码")
    person: Text = Field("", title="被问责人", description="对象是人时填写姓名和职务", validate_default=True)
    findings: Annotated[Codes, Link("finding")] = Field(
        (), title="所涉问题", description="问题编号，用“、”隔开"
    )
    cause: Name = Field(title="问责情形")
    situation: Text = Field("", title="基本情况", description="被问责单位或人的基本情况，写进决定")
    facts: Paragraphs = Field((), title="问责事实", description="一行一条")
    basis: Paragraphs = Field((), title="依据", description="一行一条")
    means: Words = Field((), title="问责方式", description="如 约谈、督导通报，用“、”隔开")
    aggravations: Words = Field((), title="从重情形", description="、".join(AGGRAVATIONS))
    supervision_end: Day | None = Field(None, title="督导完成日期")
    group_date: Day | None = Field(None, title="调查认定组成立日期")
    informed_date: Day | None = Field(None, title="书面告知日期")
    statement: Text = Field("", title="陈述申辩")
    consulted_date: Day | None = Field(None, title="征求意见日期")
    approved_date: Day | None = Field(None, title="审定日期")
    approver: Text = Field("", title="审定人", description="教督委主任或副主任")
    decision_date: Day | None = Field(None, title="决定日期")
    effective_date: Day | None = Field(None, title="生效日期")
    published_date: Day | None = Field(None, title="公开日期")
    review_requested: Day | None = Field(None, title="申请复核日期")
    review_answered: Day | None = Field(None, title="复核答复日期")
    appealed: Day | None = Field(None, title="申诉日期")
    appeal_decided: Day | None = Field(None, title="申诉决定日期")
    corrected: Day | None = Field(None, title="纠正日期")
    filed_date: Day | None = Field(None, title="归档日期")
    reported_date: Day | None = Field(None, title="上报备案日期", description="报上级教育督导机构的日期")

    @field_validator("person")
    @classmethod
    def _when_it_is_one(cls, person: str, info: ValidationInfo) -> str:
        kind = info.data.get("object_kind")
        if kind is ObjectKind.UNIT and person:
            raise FieldError("对象是单位，不填人名", "留空，或者改对象类别")
        if kind not in {None, ObjectKind.UNIT} and not person:
            raise FieldError("对象是人，没有写是谁", "填写姓名和职务")
        return person

    @field_validator("means")
    @classmethod
    def _allowed(cls, means: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        kind = info.data.get("object_kind")
        wrong = [one for one in means if kind and one not in MEANS[kind]]
        if kind and wrong:
            raise FieldError(f"对{kind}不能用“{'、'.join(wrong)}”", f"从这些里选：{'、'.join(MEANS[kind])}")
        return means

    @field_validator("aggravations")
    @classmethod
    def _known(cls, aggravations: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [one for one in aggravations if one not in AGGRAVATIONS]
        if wrong:
            raise FieldError(
                f"没有“{'、'.join(wrong)}”这种从重情形", f"从这些里选：{'、'.join(AGGRAVATIONS)}"
            )
        return aggravations

    @field_validator(
        "group_date", "informed_date", "consulted_date", "approved_date", "decision_date", "effective_date"
    )
    @classmethod
    def _step_by_step(cls, later: date | None, info: ValidationInfo) -> date | None:
        steps = {
            "supervision_end": "督导完成日期",
            "group_date": "调查认定组成立日期",
            "informed_date": "书面告知日期",
            "consulted_date": "征求意见日期",
            "approved_date": "审定日期",
            "decision_date": "决定日期",
        }
        for name, title in steps.items():
            if name == info.field_name:
                break
            in_order(info.data.get(name), later, title)
        return later

    @field_validator("review_answered", "appealed", "appeal_decided", "corrected")
    @classmethod
    def _after_what_it_answers(cls, later: date | None, info: ValidationInfo) -> date | None:
        before = {
            "review_answered": ("review_requested", "申请复核日期"),
            "appealed": ("decision_date", "决定日期"),
            "appeal_decided": ("appealed", "申诉日期"),
            "corrected": ("appeal_decided", "申诉决定日期"),
        }
        name, title = before[info.field_name or ""]
        return in_order(info.data.get(name), later, title)
