"""Field types that know the ways of clerks: full-width digits, five spellings of a date, ids as text.

Every type accepts what people type and holds one spelling of it; what cannot be read is refused with a
Chinese sentence, never guessed. The words of ``BLANKS`` are held as nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

BLANKS = frozenset({"", "无", "/", "／", "—", "——", "－", "-", "暂无", "N/A"})
"""What clerks write into a cell to say that there is nothing."""
ERROR_WORDS = frozenset(
    {"#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
"""What a spreadsheet shows where a formula failed."""
LARGEST_EXACT = 10**15
"""From here on a spreadsheet's number no longer holds every digit that was typed."""
_DIGITS_HELD = 15
MOST_CHARS = 20_000
"""The longest value; a spreadsheet cell holds 32,767 characters."""

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EDGES = " \t\n\u00a0\u3000\ufeff\u200b"
_DATE = re.compile(r"^(\d{4})\s*(?:年|[./\-])\s*(\d{1,2})\s*(?:月|[./\-])\s*(\d{1,2})\s*日?$")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_LIST_BREAK = re.compile(r"[、,，;；\n]+")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_SCHOOL_YEAR = re.compile(r"^((?:19|20)\d\d)年?(?:[-—－–~～/至]+)((?:19|20)?\d\d)(?:年|学年度?)?$")
_MONEY = re.compile(r"^([+-]?\d+(?:\.\d+)?)(元|万元?|亿元?|千元)?$")
_TIMES = {"元": 1, "千元": 1_000, "万": 10_000, "万元": 10_000, "亿": 10**8, "亿元": 10**8}


@dataclass(frozen=True, slots=True)
class Link:
    """Marks a field whose value is the key of a record of ``kind`` (a kind's identifier).

    ``within`` names the field that comes first in the target's key: with ``Link("indicator", "filing_list")``
    the value ``C3`` in a record whose ``filing_list`` is ``YL2026`` means the indicator ``YL2026/C3``.
    """

    kind: str
    within: str = ""


class FieldError(ValueError):
    """A value that cannot be read: what is wrong with it, and how to mend it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.remedy = remedy


class Shape(Enum):
    """How a field looks in a workbook cell and in a form."""

    TEXT = "text"
    CODE = "code"
    DIGITS = "digits"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"
    DAY = "day"
    FLAG = "flag"
    NUMBER = "number"
    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    WORDS = "words"
    CODES = "codes"
    PARAGRAPHS = "paragraphs"


def is_blank(value: object) -> bool:
    """True for nothing, and for what clerks write to say that there is nothing."""
    if value is None or (isinstance(value, list | tuple) and not value):
        return True
    return isinstance(value, str) and value.replace("\r", "\n").strip(_EDGES) in BLANKS


def folded(value: object) -> tuple[str, ...]:
    """The codes that a cell names, in half width; empty when it cannot be read."""
    try:
        found = _codes(value)
    except FieldError:
        return ()
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, tuple) else ()


def _text(value: Any) -> Any:
    """Text with blanks trimmed and control characters refused; other types pass for pydantic to judge."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float) and abs(value) >= LARGEST_EXACT:
        raise FieldError("超过 15 位的数字，末几位已经丢失", "把该列设为文本格式后重新填写")
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    if _FORBIDDEN.search(text):
        raise FieldError("含有看不见的控制字符", "删去后重新填写")
    text = text.strip(_EDGES)
    if text in ERROR_WORDS:
        raise FieldError("是表格的错误值", "改正公式或查找的内容，或者直接填写文字")
    return "" if text in BLANKS else text


def _code(value: Any) -> Any:
    """Text folded to half width, inner blanks removed: ``２０２６－０１`` is ``2026-01``."""
    text = _text(value)
    if not isinstance(text, str):
        return text
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return "" if text in BLANKS else text


def _year(value: Any) -> Any:
    """A calendar year from ``2026``, ``２０２６`` or ``2026年``."""
    text = _code(value)
    if isinstance(text, str) and re.fullmatch(r"(19|20)\d{2}年?", text):
        return int(text.removesuffix("年"))
    if isinstance(text, str) and _SCHOOL_YEAR.match(text):
        raise FieldError("是学年，这里要填自然年", "写四位数字，如 2026")
    raise FieldError("不是年份", "写四位数字，如 2026")


def _school_year(value: Any) -> Any:
    """A school year (学年) as ``2025-2026``, from ``2025—2026学年``, ``2025/26`` and their like."""
    text = _code(value)
    found = _SCHOOL_YEAR.match(text) if isinstance(text, str) else None
    if found:
        first, second = int(found[1]), int(found[1][: 4 - len(found[2])] + found[2])
        if second == first + 1:
            return f"{first}-{second}"
        raise FieldError("不是相连的两年", "写成 2025—2026")
    if isinstance(text, str) and re.fullmatch(r"(19|20)\d{2}年?", text):
        raise FieldError("是自然年，这里要填学年", "写成 2025—2026")
    raise FieldError("不是学年", "写成 2025—2026")


def _day(value: Any) -> Any:
    """A date from a real date, the spellings of clerks, ``20260305`` or a workbook's serial number."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    if isinstance(text, str):
        text = unicodedata.normalize("NFKC", text)
        found = _DATE.match(text) or _COMPACT_DATE.match(text)
        if found:
            return _real_day(*(int(part) for part in found.groups()))
        if re.fullmatch(r"[34]\d{4}", text):  # a day counted from 1899-12-30, as a workbook stores it
            return date.fromordinal(date(1899, 12, 30).toordinal() + int(text))
    raise FieldError("不是日期", "写成 2026年3月5日、2026-3-5、2026.3.5、2026/3/5 或 20260305")


def _real_day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise FieldError("没有这一天", "核对年月日") from error
    if not 1900 <= year <= 2199:
        raise FieldError("年份不像真的", "核对年月日")
    return found


def _number(value: Any) -> Any:
    """A number from ``85``, ``８５`` or ``1,200``; never from a yes or no."""
    if isinstance(value, str):
        text = _code(value).replace(",", "")
        value = float(text) if _NUMBER.match(text) else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= LARGEST_EXACT:
            raise FieldError("数字太大", "核对小数点和位数")
        return float(f"{value:.{_DIGITS_HELD}g}")
    raise FieldError("不是数字", "只填数字，不带单位")


def _count(value: Any) -> Any:
    """A whole number; ``3.5`` is refused."""
    number: float = _number(value)
    if not number.is_integer():
        raise FieldError("不是整数", "只填整数，不带单位")
    return int(number)


def _percent(value: Any) -> Any:
    """A percentage from ``99.6``, ``99.6%`` or ``９９．６％``; 0.996 is less than one per cent."""
    if isinstance(value, str):
        value = _code(value).removesuffix("%")
    return _number(value)


def _money(value: Any) -> Any:
    """Yuan from ``1,200``, ``1200元``, ``0.12万元``, to the fen."""
    if isinstance(value, str):
        found = _MONEY.match(_code(value).replace(",", ""))
        if found is None:
            raise FieldError("不是金额", "填数字，单位是元；也可写明“万元”，如 12.5万元")
        value = float(found[1]) * _TIMES[found[2] or "元"]
    return round(_number(value), 2)


def _many(value: Any, split: Callable[[str], list[str]], one: Callable[[Any], Any]) -> Any:
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = [one(value)]
    if not isinstance(value, list | tuple):
        return value
    parts: list[Any] = []
    for item in value:
        text = _text(item)
        parts.extend(split(text) if isinstance(text, str) else [text])
    kept = tuple(text for part in parts if (text := one(part)) != "")
    if sum(len(text) + 1 for text in kept if isinstance(text, str)) > MOST_CHARS:
        raise FieldError(f"合计超过 {MOST_CHARS} 个字", "精简或分成几条记录")
    return kept


def _words(value: Any) -> Any:
    """A tuple from one cell's text split at ``、，；`` or line breaks; blanks dropped, order kept."""
    return _many(value, _LIST_BREAK.split, _text)


def _codes(value: Any) -> Any:
    """Like words, each folded to half width; one that repeats is held once."""
    found = _many(value, _LIST_BREAK.split, _code)
    return tuple(dict.fromkeys(found)) if isinstance(found, tuple) else found


def _paragraphs(value: Any) -> Any:
    """A tuple of paragraphs from one cell's text split at line breaks; blank ones dropped."""
    return _many(value, str.splitlines, _text)


def _flag(value: Any) -> Any:
    """A yes or no from ``是/否``, ``有/无``, ``需要/不需要``, ``1/0`` or a real boolean."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int | float):
        text = unicodedata.normalize("NFKC", str(value)).strip(_EDGES).removesuffix(".0").lower()
        if text in {"是", "有", "需要", "√", "1", "true", "y"}:
            return True
        if text in {"否", "无", "不需要", "×", "0", "", "false", "n"}:
            return False
    raise FieldError("不是“是”或“否”", "填“是”或“否”")


def _id_number(value: Any) -> Any:
    """An 18-digit identity number with a capital X, or nothing."""
    text = _code(value)
    if isinstance(text, str):
        text = text.upper()
        if text and not re.fullmatch(r"\d{17}[\dX]", text):
            raise FieldError("不是 18 位身份证号", "核对位数，最后一位是数字或 X")
    return text


KEY = r"^[^/\\、,;]+$"
"""What a code may hold: no slash and no separator, as keys and lists are made of codes."""
"""What a code may hold: no slash and no separator of lists, as keys and lists are made of codes."""

Text = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=MOST_CHARS), Shape.TEXT]
"""Any text; may be empty."""
Name = Annotated[str, BeforeValidator(_text), StringConstraints(min_length=1, max_length=200), Shape.TEXT]
"""A name or title; never empty."""
Code = Annotated[
    str, BeforeValidator(_code), StringConstraints(min_length=1, max_length=100, pattern=KEY), Shape.CODE
]
"""A code that identifies a record; half width, no blanks, no slash, no list separator."""
IdText = Annotated[str, BeforeValidator(_code), StringConstraints(max_length=40), Shape.DIGITS]
"""Digits kept as text (phone numbers); may be empty."""
IdNumber = Annotated[str, BeforeValidator(_id_number), Shape.DIGITS]
"""An identity number of 18 places, kept as text; may be empty."""
Year = Annotated[int, BeforeValidator(_year), Shape.YEAR]
"""A calendar year (自然年), 1900–2099."""
SchoolYear = Annotated[str, BeforeValidator(_school_year), Shape.SCHOOL_YEAR]
"""A school year (学年), ``2025-2026``; never a calendar year."""
Day = Annotated[date, BeforeValidator(_day), Shape.DAY]
"""A day."""
Flag = Annotated[bool, BeforeValidator(_flag), Shape.FLAG]
"""Yes or no."""
Number = Annotated[float, BeforeValidator(_number), Shape.NUMBER]
"""A finite number (points, thresholds)."""
Count = Annotated[int, BeforeValidator(_count), Shape.COUNT]
"""A whole number."""
Percent = Annotated[float, BeforeValidator(_percent), Field(ge=0, le=100), Shape.PERCENT]
"""A percentage, 0 to 100."""
Money = Annotated[float, BeforeValidator(_money), Field(ge=0), Shape.MONEY]
"""An amount in yuan (元), to the fen."""
Words = Annotated[tuple[str, ...], BeforeValidator(_words), Shape.WORDS]
"""Short items in one cell, separated by ``、``."""
Codes = Annotated[tuple[str, ...], BeforeValidator(_codes), Shape.CODES]
"""Codes in one cell, separated by ``、``; each once."""
Paragraphs = Annotated[tuple[str, ...], BeforeValidator(_paragraphs), Shape.PARAGRAPHS]
"""Paragraphs in one cell, separated by line breaks."""
