"""The models of an evaluation's outcome: scores, vetoes and bonus points; and help pairs and honours."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from dujian_docs.records.fields import (
    Code,
    Count,
    Day,
    FieldError,
    Link,
    Money,
    Name,
    Number,
    Paragraphs,
    Text,
    Year,
)
from dujian_docs.records.models import Record

ListCode = Annotated[Code, Link("filing_list")]
UnitCode = Annotated[Code, Link("unit")]
Evidence = Paragraphs


class Level(StrEnum):
    """档次: how an indicator is judged where an evaluation gives grades instead of points."""

    A = "A"
    B = "B"
    C = "C"


class Score(Record):
    """The points (得分) that a unit got for one lowest indicator in a year."""

    filing_list: ListCode = Field(title="目录代码")
    unit: UnitCode = Field(title="被评单位", description="填单位代码")
    year: Year = Field(title="年度")
    indicator: Annotated[Code, Link("indicator", within="filing_list")] = Field(
        title="指标", description="末级指标代码，如 C12"
    )
    points: Number = Field(ge=0, title="得分", description="按档次评定的填 0")
    grade: Level | None = Field(None, title="档次", description="按档次评定的填 A、B 或 C，其余留空")
    evidence: Evidence = Field((), title="佐证", description="一行一件，写档案里的位置或档号")
    note: Text = Field("", title="说明")


class VetoFinding(Record):
    """A veto (一票否决) that was found, with the evidence for it."""

    filing_list: ListCode = Field(title="目录代码")
    unit: UnitCode = Field(title="被评单位", description="填单位代码")
    year: Year = Field(title="年度")
    title: Code = Field(title="否决情形", description="如 挤占截留挪用教育经费")
    indicator: Annotated[Text, Link("indicator", within="filing_list")] = Field(
        "", title="指标", description="关联的指标代码，如 C3"
    )
    evidence: Evidence = Field(min_length=1, title="佐证", description="一行一件，写档案里的位置或档号")


class BonusPoints(Record):
    """Bonus points (奖励加分) and what for."""

    filing_list: ListCode = Field(title="目录代码")
    unit: UnitCode = Field(title="被评单位", description="填单位代码")
    year: Year = Field(title="年度")
    title: Code = Field(title="加分事由", description="如 省级示范")
    points: Number = Field(gt=0, title="加分")
    evidence: Evidence = Field((), title="佐证", description="一行一件，写档案里的位置或档号")


class HelpPair(Record):
    """A help pair (结对帮扶): who helps whom, and how often they were there."""

    code: Code = Field(title="结对编号", description="如 JD2026-01")
    helper: UnitCode = Field(title="帮扶单位", description="填单位代码")
    helped: UnitCode = Field(title="受帮单位", description="填单位代码")
    year: Year = Field(title="年度")
    reports_heard: Count = Field(0, ge=0, title="听汇报次数")
    guidance_visits: Count = Field(0, ge=0, title="指导次数")
    months_guided: Count = Field(0, ge=0, le=12, title="有指导的月数")
    funds: Money = Field(0.0, title="筹集资金（元）")
    problems: Paragraphs = Field((), title="问题清单", description="一行一条")
    measures: Paragraphs = Field((), title="帮扶措施", description="一行一条")

    @field_validator("helped")
    @classmethod
    def _not_itself(cls, helped: str, info: ValidationInfo) -> str:
        if helped == info.data.get("helper"):
            raise FieldError("与帮扶单位相同", "填写受帮单位的代码")
        return helped


class HonourKind(StrEnum):
    """荣誉还是亮点."""

    HONOUR = "荣誉"
    HIGHLIGHT = "亮点"


class Honour(Record):
    """An honour (荣誉) that was granted, or a good practice (亮点) that a bulletin may name."""

    code: Code = Field(title="编号", description="如 RY2026-01")
    kind: HonourKind = Field(title="类别")
    unit: UnitCode = Field(title="单位", description="填单位代码")
    title: Name = Field(title="名称", description="如 全省挂牌督导创新县")
    granted_by: Text = Field("", title="授予机关")
    day: Day | None = Field(None, title="日期")
    inspection: Annotated[Code, Link("inspection")] | None = Field(
        None, title="督导活动", description="督导中发现的亮点填活动编号"
    )
    evidence: Evidence = Field((), title="佐证", description="一行一件，写档案里的位置或档号")
