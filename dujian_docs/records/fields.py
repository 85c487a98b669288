"""Field types that know the ways of clerks: full-width digits, five spellings of a date, ids as text.

Every type accepts what people type and holds one spelling of it; what cannot be read is refused with a
Chinese sentence, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

BLANKS = frozenset({"", "无", "/", "—", "-", "暂无", "N/A"})
"""What clerks write into a cell to say that there is nothing."""

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"^(\d{4})\s*(?:年|[./\-])\s*(\d{1,2})\s*(?:月|[./\-])\s*(\d{1,2})\s*日?$")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_LIST_BREAK = re.compile(r"[、,，;；\n]+")


@dataclass(frozen=True, slots=True)
class Link:
    """Marks a field whose value is the key of a record of ``kind`` (a kind's identifier)."""

    kind: str


def _text(value: Any) -> Any:
    """Text with blanks trimmed and control characters refused; other types pass for pydantic to judge."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) >= 10**15:
        raise ValueError("超过 15 位的数字会丢失末几位，请把该列设为文本格式后重新填写")
    text = str(value)
    if _FORBIDDEN.search(text):
        raise ValueError("含有看不见的控制字符，请删去后重填")
    return text.strip(" \t\r\n\u00a0\u3000")


def _code(value: Any) -> Any:
    """Text folded to half width, inner blanks removed: ``２０２６－０１`` is ``2026-01``."""
    text = _text(value)
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)) if isinstance(text, str) else text


def _year(value: Any) -> Any:
    """A calendar year from ``2026``, ``２０２６`` or ``2026年``."""
    text = _code(value)
    if isinstance(text, str):
        if not re.fullmatch(r"(19|20)\d{2}年?", text):
            raise ValueError("年份应写四位数字，如 2026")
        return int(text.removesuffix("年"))
    return text


def _day(value: Any) -> Any:
    """A date from a real date, ``2026.3.5``, ``2026年3月5日``, ``2026/3/5``, ``20260305`` or a serial number."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    if not isinstance(text, str):
        return value
    text = unicodedata.normalize("NFKC", text)
    found = _DATE.match(text) or _COMPACT_DATE.match(text)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
        if re.fullmatch(r"[34]\d{4}", text):  # a day counted from 1899-12-30, as a workbook stores it
            return date.fromordinal(date(1899, 12, 30).toordinal() + int(text))
    except ValueError as error:
        raise ValueError("没有这一天，请核对年月日") from error
    raise ValueError("日期应写成 2026年3月5日、2026-3-5、2026.3.5、2026/3/5 或 20260305")


def _list(value: Any) -> Any:
    """A tuple from one cell's text split at ``、，；`` or line breaks; blanks dropped, order kept."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = _LIST_BREAK.split(value)
    if isinstance(value, list | tuple):
        return tuple(text for one in value if (text := _text(one)) not in BLANKS)
    return value


def _paragraphs(value: Any) -> Any:
    """A tuple of paragraphs from one cell's text split at line breaks; blank ones dropped."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.splitlines()
    if isinstance(value, list | tuple):
        return tuple(text for one in value if (text := _text(one)) != "")
    return value


def _flag(value: Any) -> Any:
    """A yes or no from ``是/否``, ``有/无``, ``需要/不需要``, ``1/0`` or a real boolean."""
    text = _code(value)
    if isinstance(text, str):
        if text in {"是", "有", "需要", "√", "1", "true", "True", "TRUE"}:
            return True
        if text in {"否", "无", "不需要", "×", "0", "", "false", "False", "FALSE"}:
            return False
        raise ValueError("应填“是”或“否”")
    return text


Text = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=20_000)]
"""Any text; may be empty."""
Name = Annotated[str, BeforeValidator(_text), StringConstraints(min_length=1, max_length=200)]
"""A name or title; never empty."""
Code = Annotated[str, BeforeValidator(_code), StringConstraints(min_length=1, max_length=100, pattern=r"^[^/\\]+$")]
"""A code that identifies a record; half width, no blanks, no slash."""
IdText = Annotated[str, BeforeValidator(_code), StringConstraints(max_length=40)]
"""Digits kept as text (18-digit ids, phone numbers); may be empty."""
Year = Annotated[int, BeforeValidator(_year)]
"""A calendar year (自然年)."""
Day = Annotated[date, BeforeValidator(_day)]
"""A day."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""Yes or no."""
Words = Annotated[tuple[str, ...], BeforeValidator(_list)]
"""Short items in one cell, separated by ``、``."""
Paragraphs = Annotated[tuple[str, ...], BeforeValidator(_paragraphs)]
"""Paragraphs in one cell, separated by line breaks."""
