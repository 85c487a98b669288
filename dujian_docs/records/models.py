"""Models of units, people and inspections: storage, workbook columns, JSON and template context in one.

A field's ``title`` is its workbook column, its ``description`` the advice shown to a clerk who gets it wrong.
``Link("unit")`` in a field's annotation says that its value is the key of another record.
A rule over two fields stands at the later of the two, so that a fault has a cell to be shown in.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from dujian_docs.records.fields import (
    Code,
    Codes,
    Day,
    FieldError,
    IdNumber,
    IdText,
    Link,
    Name,
    Paragraphs,
    Text,
    Words,
    Year,
)


class Record(BaseModel):
    """The base of every kind: frozen, and refusing fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def in_order(earlier: date | None, later: date | None, title: str) -> date | None:
    """``later``, when it is no earlier than the day called ``title``; raises FieldError when it is."""
    if earlier and later and later < earlier:
        raise FieldError(f"早于{title}（{earlier.year}年{earlier.month}月{earlier.day}日）", "核对两个日期")
    return later


class UnitType(StrEnum):
    """单位类别."""

    GOVERNMENT = "政府"
    DEPARTMENT = "部门"
    TOWNSHIP = "乡镇"
    SCHOOL = "学校"
    TRAINING_ORG = "培训机构"


class Unit(Record):
    """A unit (单位): government, department, township, school or training organisation."""

    code: Code = Field(title="单位代码", description="本县内不重复的代码，如 S003")
    name: Name = Field(title="单位名称", description="统计用全称")
    unit_type: UnitType = Field(title="单位类别")
    parent: Annotated[Code, Link("unit")] | None = Field(
        None, title="上级单位", description="填上级单位的单位代码"
    )
    aliases: Words = Field((), title="别名", description="简称、曾用名，用“、”隔开")
    stage: Text = Field("", title="学段", description="学校填写，如 小学、初中、九年一贯制")
    address: Text = Field("", title="地址")
    contact: Text = Field("", title="联系人")
    phone: IdText = Field("", title="联系电话")


class Person(Record):
    """A person (人员): inspectors, leaders, liaisons."""

    code: Code = Field(title="人员编号", description="如 P012")
    name: Name = Field(title="姓名")
    unit: Annotated[Code, Link("unit")] = Field(title="所在单位", description="填单位代码")
    post: Text = Field("", title="职务")
    roles: Words = Field((), title="角色", description="如 责任督学、督导室主任、联络员，用“、”隔开")
    id_number: IdNumber = Field("", title="身份证号", description="18 位，按文本填写")
    phone: IdText = Field("", title="联系电话")


class SupervisionType(StrEnum):
    """督导类型."""

    GOV_SUPERVISION = "督政"
    SCHOOL_SUPERVISION = "督学"
    EVALUATION_MONITORING = "评估监测"


class InspectionMode(StrEnum):
    """督导方式."""

    COMPREHENSIVE = "综合督导"
    SPECIAL = "专项督导"
    ROUTINE = "经常性督导"
    CROSS = "交叉检查"
    JOINT = "联合督查"
    UNANNOUNCED = "四不两直"
    LOOK_BACK = "回头看"


class Campaign(Record):
    """A campaign (评估项目): what the year's inspections and files serve."""

    code: Code = Field(title="项目代码", description="如 JH2026")
    title: Name = Field(title="项目名称")
    year: Year = Field(title="年度")
    lead_unit: Annotated[Code, Link("unit")] = Field(title="牵头单位", description="填单位代码")
    start_date: Day | None = Field(None, title="开始日期")
    end_date: Day | None = Field(None, title="结束日期")
    filing_list: Annotated[Code, Link("filing_list")] | None = Field(
        None, title="建档目录", description="填目录代码"
    )
    basis: Paragraphs = Field((), title="依据", description="一行一件依据文件")
    uses: Paragraphs = Field((), title="结果用途", description="一行一项，如 年度考核的依据")

    @field_validator("end_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("start_date"), later, "开始日期")


class Inspection(Record):
    """An inspection (督导活动)."""

    code: Code = Field(title="活动编号", description="如 DD2026-03")
    title: Name = Field(title="活动名称", description="如 春季学期开学工作专项督导")
    supervision_type: SupervisionType = Field(title="督导类型")
    mode: InspectionMode = Field(title="督导方式")
    campaign: Annotated[Code, Link("campaign")] | None = Field(
        None, title="所属项目", description="填项目代码"
    )
    organiser: Annotated[Code, Link("unit")] = Field(title="组织单位", description="填单位代码")
    purpose: Text = Field("", title="缘由", description="为什么开展，写成一句话，如“为全面了解……”")
    start_date: Day | None = Field(None, title="开始日期")
    end_date: Day | None = Field(None, title="结束日期")
    units: Annotated[Codes, Link("unit")] = Field(
        (), title="督导对象", description="被督导单位的单位代码，用“、”隔开"
    )
    leader: Annotated[Code, Link("person")] | None = Field(None, title="组长", description="填人员编号")
    members: Annotated[Codes, Link("person")] = Field((), title="组员", description="填人员编号，用“、”隔开")
    contents: Paragraphs = Field((), title="督导内容", description="一行一条")
    methods: Paragraphs = Field((), title="督导方法", description="一行一条")
    requirements: Paragraphs = Field((), title="有关要求", description="一行一条")
    materials: Paragraphs = Field((), title="需备材料", description="一行一件")
    contact: Annotated[Code, Link("person")] | None = Field(None, title="联络员", description="填人员编号")

    @field_validator("end_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("start_date"), later, "开始日期")


class FindingStatus(StrEnum):
    """问题状态."""

    OPEN = "未启动"
    RECTIFYING = "整改中"
    AWAITING_CHECK = "待核"
    CLOSED = "销号"
    RELAPSED = "反弹"


class FindingSource(StrEnum):
    """问题来源."""

    NATION = "国"
    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"
    SELF_CHECK = "自查"


class Finding(Record):
    """A finding (问题): one row of the 整改台账."""

    code: Code = Field(title="问题编号", description="如 W2026-001")
    inspection: Annotated[Code, Link("inspection")] | None = Field(
        None, title="督导活动", description="填活动编号"
    )
    unit: Annotated[Code, Link("unit")] = Field(title="责任单位", description="填单位代码")
    description: Name = Field(title="问题描述")
    source: FindingSource = Field(title="来源")
    basis: Text = Field("", title="依据条款")
    indicator: Text = Field("", title="对应指标", description="填三级指标代码，如 C12")
    responsible_person: Text = Field("", title="责任人")
    measure: Text = Field("", title="整改措施")
    found_date: Day = Field(title="发现日期")
    deadline: Day | None = Field(None, title="整改时限")
    status: FindingStatus = Field(FindingStatus.OPEN, title="状态")
    chief: Text = Field("", title="总负责", description="县政府负责的领导")
    progress: Text = Field("", title="进展")
    evidence: Paragraphs = Field((), title="佐证", description="一行一件，写档案里的位置或档号")
    checker: Annotated[Code, Link("person")] | None = Field(None, title="核查人", description="填人员编号")
    check_date: Day | None = Field(None, title="核查日期")
    repeats: Annotated[Code, Link("finding")] | None = Field(
        None, title="再次发现", description="同一问题以前发现过时，填那一次的问题编号"
    )

    @field_validator("deadline", "check_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("found_date"), later, "发现日期")
