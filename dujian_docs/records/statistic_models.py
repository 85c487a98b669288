"""The models of figures: school statistics by school year, finance by calendar year, satisfaction."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from dujian_docs.records.fields import (
    Code,
    Count,
    FieldError,
    Link,
    Money,
    Number,
    Paragraphs,
    SchoolYear,
    Text,
    Year,
)
from dujian_docs.records.models import Record

Some = Annotated[Count, Field(ge=0)] | None
"""How many, 0 included; nothing when it is not known."""
Much = Annotated[Number, Field(ge=0)] | None
"""How much, 0 included; nothing when it is not known."""


class Section(StrEnum):
    """学段: the part of a school that a row of statistics is about."""

    PRIMARY = "小学"
    JUNIOR = "初中"
    SENIOR = "高中"
    KINDERGARTEN = "幼儿园"
    WHOLE = "全校"


def _no_more_than(part: int | None, info: ValidationInfo, name: str, title: str) -> int | None:
    whole = info.data.get(name)
    if part is not None and whole is not None and part > whole:
        raise FieldError(f"多于{title}（{whole}）", "核对两个数")
    return part


class SchoolStatistics(Record):
    """What one school, or one section of it, counted in a school year (学校统计).

    What a school of several sections has in common stands in its row for 全校.
    """

    school: Annotated[Code, Link("unit")] = Field(title="学校", description="填单位代码")
    school_year: SchoolYear = Field(title="学年")
    section: Section = Field(title="学段")
    pupils: Some = Field(None, title="在校生数")
    classes: Some = Field(None, title="班数")
    oversized_classes: Some = Field(None, title="大班额班数")
    largest_class: Some = Field(None, title="最大班额")
    boarders: Some = Field(None, title="寄宿生数")
    migrant_children: Some = Field(None, title="随迁子女数")
    left_behind_children: Some = Field(None, title="留守儿童数")
    disabled_children: Some = Field(None, title="残疾学生数")
    enrolled: Some = Field(None, title="入学人数", description="本届毕业生当年的入学人数")
    graduates: Some = Field(None, title="毕业人数")
    moved_in: Some = Field(None, title="转入人数", description="本届历年转入的人数")
    moved_out: Some = Field(None, title="转出人数", description="本届历年转出的人数")
    deaths: Some = Field(None, title="死亡人数")
    staff: Some = Field(None, title="教职工数")
    teachers: Some = Field(None, title="专任教师数")
    qualified_teachers: Some = Field(None, title="高于规定学历教师数")
    senior_teachers: Some = Field(None, title="中级及以上职称教师数")
    backbone_teachers: Some = Field(None, title="县级以上骨干教师数")
    arts_sports_teachers: Some = Field(None, title="体育艺术专任教师数")
    exchanged_teachers: Some = Field(None, title="交流轮岗教师数")
    site_area: Much = Field(None, title="占地面积（㎡）")
    building_area: Much = Field(None, title="校舍建筑面积（㎡）")
    rooms: Much = Field(None, title="教学及辅助用房面积（㎡）")
    grounds: Much = Field(None, title="体育运动场馆面积（㎡）")
    equipment: Money | None = Field(None, title="教学仪器设备值（元）")
    computers: Some = Field(None, title="计算机台数")
    multimedia_rooms: Some = Field(None, title="网络多媒体教室数")
    books: Some = Field(None, title="图书册数")
    music_art_rooms: Some = Field(None, title="音乐美术教室数")

    @field_validator("oversized_classes")
    @classmethod
    def _of_the_classes(cls, part: int | None, info: ValidationInfo) -> int | None:
        return _no_more_than(part, info, "classes", "班数")

    @field_validator(
        "largest_class", "boarders", "migrant_children", "left_behind_children", "disabled_children"
    )
    @classmethod
    def _of_the_pupils(cls, part: int | None, info: ValidationInfo) -> int | None:
        return _no_more_than(part, info, "pupils", "在校生数")

    @field_validator("teachers")
    @classmethod
    def _of_the_staff(cls, part: int | None, info: ValidationInfo) -> int | None:
        return _no_more_than(part, info, "staff", "教职工数")

    @field_validator(
        "qualified_teachers",
        "senior_teachers",
        "backbone_teachers",
        "arts_sports_teachers",
        "exchanged_teachers",
    )
    @classmethod
    def _of_the_teachers(cls, part: int | None, info: ValidationInfo) -> int | None:
        return _no_more_than(part, info, "teachers", "专任教师数")

    @field_validator("rooms")
    @classmethod
    def _of_the_buildings(cls, part: float | None, info: ValidationInfo) -> float | None:
        whole = info.data.get("building_area")
        if part is not None and whole is not None and part > whole:
            raise FieldError(f"多于校舍建筑面积（{whole:g}）", "核对两个面积")
        return part


class Finance(Record):
    """A unit's education finance in a calendar year."""

    unit: Annotated[Code, Link("unit")] = Field(title="单位", description="填单位代码")
    year: Year = Field(title="年度", description="自然年")
    grants: Money | None = Field(None, title="财政教育拨款（元）")
    recurrent_revenue: Money | None = Field(None, title="财政经常性收入（元）")
    teacher_pay: Money | None = Field(None, title="教师工资总额（元）")
    spending_primary: Money | None = Field(None, title="小学生均教育费用（元）")
    spending_junior: Money | None = Field(None, title="初中生均教育费用（元）")
    public_funds_primary: Money | None = Field(None, title="小学生均公用经费（元）")
    public_funds_junior: Money | None = Field(None, title="初中生均公用经费（元）")
    surcharge: Money | None = Field(None, title="教育费附加（元）")
    training_spending: Money | None = Field(None, title="教师培训费（元）")
    public_funds: Money | None = Field(None, title="公用经费总额（元）")
    source: Text = Field("", title="数据来源", description="如 2025年财政决算")

    @field_validator("public_funds")
    @classmethod
    def _more_than_training(cls, funds: float | None, info: ValidationInfo) -> float | None:
        training = info.data.get("training_spending")
        if funds is not None and training is not None and training > funds:
            raise FieldError(f"少于教师培训费（{training:g}）", "核对两个数")
        return funds


class Audience(StrEnum):
    """满意度调查的对象."""

    PARENTS = "家长"
    PUPILS = "学生"
    TEACHERS = "教师"
    PUBLIC = "社会公众"


class Satisfaction(Record):
    """A satisfaction survey (满意度调查): sheets given out, come back, valid, satisfied."""

    code: Code = Field(title="调查编号", description="如 MY2026-01")
    unit: Annotated[Code, Link("unit")] = Field(title="被评单位", description="填单位代码")
    year: Year = Field(title="年度")
    audience: Audience = Field(title="对象")
    method: Text = Field("", title="方式", description="如 网络问卷、电话访问")
    issued: Count = Field(ge=0, title="发放份数")
    returned: Count = Field(ge=0, title="收回份数")
    valid: Count = Field(ge=0, title="有效份数")
    satisfied: Count = Field(ge=0, title="满意份数", description="满意和基本满意")
    opinions: Paragraphs = Field((), title="主要意见", description="一行一条")

    @field_validator("returned", "valid", "satisfied")
    @classmethod
    def _no_more_than_before(cls, part: int, info: ValidationInfo) -> int:
        before = {
            "returned": ("issued", "发放份数"),
            "valid": ("returned", "收回份数"),
            "satisfied": ("valid", "有效份数"),
        }
        _no_more_than(part, info, *before[info.field_name or ""])
        return part
