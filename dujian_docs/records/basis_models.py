"""The model of a basis (依据文件): a measure, notice or regulation that the office acts on."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from dujian_docs.records.fields import Code, Day, FieldError, Link, Name, Paragraphs, Text
from dujian_docs.records.masked import MaskedNumber, MaskedYear
from dujian_docs.records.models import Record, in_order


class Basis(Record):
    """A document to act on: in force from a day, until one, or until another takes its place."""

    code: Code = Field(title="依据编号", description="如 YJ012")
    title: Name = Field(title="文件名称", description="不写书名号，如 教育督导问责办法")
    number: MaskedNumber = Field("", title="文号", description="看不清的写成 ×，如 国办发〔××××〕8号")
    issuer: Text = Field("", title="发文机关")
    year: MaskedYear = Field("", title="发文年份", description="看不清的数字写成 ×，如 20××")
    clauses: Paragraphs = Field((), title="常用条款", description="一行一条，如 第十条 建立督导制度")
    start_date: Day | None = Field(None, title="施行日期")
    end_date: Day | None = Field(None, title="失效日期")
    replaced_by: Annotated[Code, Link("basis")] | None = Field(
        None, title="由谁代替", description="新文件的依据编号", validate_default=True
    )
    note: Text = Field("", title="备注")

    @field_validator("end_date")
    @classmethod
    def _not_before(cls, later: date | None, info: ValidationInfo) -> date | None:
        return in_order(info.data.get("start_date"), later, "施行日期")

    @field_validator("replaced_by")
    @classmethod
    def _not_by_itself(cls, other: str | None, info: ValidationInfo) -> str | None:
        if other and other == info.data.get("code"):
            raise FieldError("写的是这份文件自己", "填代替它的新文件的编号；没有就留空")
        return other
