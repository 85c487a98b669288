"""The models of the filing list, of what a clerk assigned to it, and of the document register."""

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
    Flag,
    Link,
    Name,
    Number,
    Text,
    Words,
    Year,
)
from dujian_docs.records.models import Record


class Scope(StrEnum):
    """归集层级: who must have the file."""

    COUNTY = "县级"
    TOWNSHIP = "乡镇"
    SCHOOL = "学校"


class FilingList(Record):
    """A filing list (建档目录): its heading and pass rule; its rows are indicators and required files."""

    code: Code = Field(title="目录代码", description="如 YL2026")
    title: Name = Field(title="目录名称")
    year: Year = Field(title="评估年度", description="目录里的 T")
    total_points: Number = Field(100.0, gt=0, title="总分")
    bonus_points: Number = Field(0.0, ge=0, title="奖励加分")
    pass_points: Number = Field(85.0, ge=0, title="合格线")
    note: Text = Field("", title="说明")


class Indicator(Record):
    """An indicator (指标) of a filing list; levels A, B and C form the tree."""

    filing_list: Annotated[Code, Link("filing_list")] = Field(title="目录代码")
    code: Code = Field(title="指标代码", description="如 A1、B3、C12", pattern=r"^[ABC][1-9]\d?$")
    title: Name = Field(title="指标名称")
    parent: Annotated[Text, Link("indicator", within="filing_list")] = Field(
        "", title="上级指标", description="A 级留空，B 级填 A 级代码，C 级填 B 级代码", validate_default=True
    )
    points: Number = Field(ge=0, title="分值")
    scoring: Text = Field("", title="评分要点")

    @field_validator("parent")
    @classmethod
    def _one_level_up(cls, parent: str, info: ValidationInfo) -> str:
        level = str(info.data.get("code", ""))[:1]
        above = {"B": "A", "C": "B"}.get(level, "")
        if level == "A" and parent:
            raise FieldError("A 级指标没有上级", "留空")
        if above and not parent.startswith(above):
            raise FieldError(
                f"不是 {above} 级指标的代码", f"{level} 级指标的上级填 {above} 级代码，如 {above}1"
            )
        return parent


class RequiredFile(Record):
    """A required file (应备件) of a filing list; with units and years it becomes expectations."""

    filing_list: Annotated[Code, Link("filing_list")] = Field(title="目录代码")
    code: Code = Field(title="应备件编号", description="如 C12-03", pattern=r"^C[1-9]\d?-\d{2}$")
    indicator: Annotated[Code, Link("indicator", within="filing_list")] = Field(
        title="三级指标", description="应备件编号里“-”前面的代码，如 C12"
    )
    title: Name = Field(title="材料名称")
    responsible_unit: Annotated[Code, Link("unit")] | None = Field(
        None, title="责任单位", description="县级件填提供单位的单位代码；乡镇、学校件留空"
    )
    scope: Scope = Field(Scope.COUNTY, title="归集层级")
    stages: Words = Field(
        (), title="适用学段", description="学校件限定学段时填写，如 小学、九年一贯制；留空为全部学校"
    )
    years: Codes = Field(("T",), min_length=1, title="年份", description="如 T-2、T-1、T")
    copy_allowed: Flag = Field(default=True, title="可用复印件")
    seal_required: Flag = Field(default=False, title="须盖章")
    min_count: Count = Field(1, ge=1, le=200, title="最少件数")
    formats: Codes = Field((), title="格式", description="如 pdf、docx、xlsx；留空不限")
    any_of: Words = Field((), title="匹配词", description="材料里应出现的词，用“、”隔开")
    aliases: Words = Field((), title="别称")
    also_serves: Annotated[Codes, Link("indicator", within="filing_list")] = Field(
        (), title="兼用指标", description="同一材料还服务的指标代码，用“、”隔开"
    )
    note: Text = Field("", title="备注")

    @field_validator("indicator")
    @classmethod
    def _as_the_code_says(cls, indicator: str, info: ValidationInfo) -> str:
        code = str(info.data.get("code", ""))
        if code and code.partition("-")[0] != indicator:
            raise FieldError(f"与应备件编号 {code} 不一致", f"填 {code.partition('-')[0]}，或者改正编号")
        return indicator


class Assignment(Record):
    """An assignment (挂接): a clerk's word that an item of the archive serves a required file."""

    filing_list: Annotated[Code, Link("filing_list")] = Field(title="目录代码")
    required_file: Annotated[Code, Link("required_file", within="filing_list")] = Field(title="应备件编号")
    unit: Annotated[Code, Link("unit")] = Field(title="单位代码")
    year: Year = Field(title="年份")
    sha256: Code = Field(title="文件指纹", pattern=r"^[0-9a-f]{64}$")
    path: Name = Field(title="确认时的位置")
    note: Text = Field("", title="说明")


class NumberState(StrEnum):
    """发文字号的状态: reserved or held becomes used or void, and never anything else after.

    A number is reserved while a document is being made, and held by a person for one made elsewhere.
    """

    RESERVED = "预留"
    HELD = "占用"
    USED = "已用"
    VOID = "作废"


class DocumentEntry(Record):
    """A row of the document register (发文登记): one document number and what became of it."""

    series: Name = Field(title="机关代字", pattern=r"^[^/\\]+$")
    year: Year = Field(title="年度")
    serial: Count = Field(ge=1, title="序号")
    state: NumberState = Field(title="状态")
    genre: Name = Field(title="文种")
    title: Text = Field("", title="标题")
    doc_date: Day | None = Field(None, title="成文日期")
    record: Text = Field("", title="来源记录")
    path: Text = Field("", title="归档位置")
    sha256: Text = Field("", title="文件指纹")
    void_reason: Text = Field("", title="作废原因")
