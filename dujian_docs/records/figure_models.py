"""The model of a reported figure (上报数据): a number that some report gives, with what it is made of."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError, field_validator
from pydantic import ValidationInfo as Info

from dujian_docs.records.fields import (
    Code,
    FieldError,
    Link,
    Number,
    Paragraphs,
    SchoolYear,
    Shape,
    Text,
    Year,
)
from dujian_docs.records.models import Record

_PART = re.compile(r"^(?P<name>.*?\D)?\s*(?P<number>[+-]?\d[\d,]*(?:\.\d+)?)\s*\D{0,4}$")
_YEARS = (TypeAdapter[Any](Year), TypeAdapter[Any](SchoolYear))


def _period(value: Any) -> str:
    """``2026`` from a calendar year, ``2025-2026`` from a school year."""
    for one in _YEARS:
        try:
            return str(one.validate_python(value))
        except ValidationError:
            continue
    raise FieldError("不是年份也不是学年", "自然年写 2026，学年写 2025—2026")


Period = Annotated[str, BeforeValidator(_period), StringConstraints(max_length=9), Shape.CODE]
"""A calendar year or a school year, as text."""


class ReportedFigure(Record):
    """A figure as one report gives it; another report may give it otherwise."""

    unit: Annotated[Code, Link("unit")] = Field(title="单位", description="填单位代码")
    period: Period = Field(title="时期", description="自然年如 2026，学年如 2025—2026")
    measure: Code = Field(title="项目", description="如 校舍建筑面积、在校生数")
    source: Code = Field(title="出处", description="哪份报告、哪张表，如 自评报告第2页")
    value: Number = Field(title="数值")
    scale: Text = Field("", title="计量单位", description="如 人、㎡、元")
    parts: Paragraphs = Field((), title="分项", description="一行一项，如 小学 394；加起来应等于数值")
    note: Text = Field("", title="备注")

    @field_validator("parts")
    @classmethod
    def _add_up(cls, parts: tuple[str, ...], info: Info) -> tuple[str, ...]:
        numbers = [_number(line) for line in parts]
        value = info.data.get("value")
        total = round(sum(numbers), 6)
        if parts and value is not None and total != round(value, 6):
            told = "+".join(f"{one:g}" for one in numbers)
            raise FieldError(
                f"{told}={total:g}，数值却是 {value:g}，差 {value - total:+g}", "核对数值和各分项"
            )
        return parts


def _number(line: str) -> float:
    found = _PART.match(line)
    if not found:
        raise FieldError(f"“{line}”里没有数", "一行一项，名称后写数，如 小学 394")
    return float(found["number"].replace(",", ""))
