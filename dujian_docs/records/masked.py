"""Years and document numbers with a part left out, as old files have them: ``20*年``, ``国办发()8号``.

What is left out is held as ``×``, never filled in by guessing: ``20××``, ``国办发〔××××〕8号``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

from dujian_docs.records.fields import BLANKS, FieldError, Shape

MASK = "×"
_MASKS = r"*xX×_?○〇□"
_OPEN, _CLOSE = r"[〔\[(【〖﹝⟦]", r"[〕\])】〗﹞⟧]"
_YEAR = re.compile(rf"^(\d{{0,4}})([{_MASKS}]*)年?$")
_NUMBER = re.compile(
    rf"^(?P<series>[^\d\s{_MASKS}〔\[(【〖﹝⟦]{{1,20}})"
    rf"(?:{_OPEN}(?P<year>[\d{_MASKS}]{{0,4}})年?(?:{_CLOSE}|(?=\d))|(?P<bare>(?:19|20)\d\d))"
    rf"第?0*(?P<serial>[1-9]\d{{0,4}}|[{_MASKS}]{{1,5}})号$"
)


def _folded(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise FieldError("不是文字", "按文本填写")
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value)))
    return "" if text in BLANKS else text


def _masked_year(value: Any) -> str:
    """``2026`` from ``2026年``; ``20××`` from ``20*年``; ``××××`` from ``xx年`` and from a bare ``年``."""
    text = _folded(value)
    found = _YEAR.match(text)
    if found and text and (len(found[1]) == 4) != bool(found[2] or not found[1]):
        year = found[1].ljust(4, MASK)
        if year[:2] in {"19", "20", "1" + MASK, "2" + MASK, MASK * 2}:
            return year
    if not text:
        return ""
    raise FieldError("不是年份", "写四位数字，如 2026；看不清的数字写成 ×，如 20××")


def _masked_number(value: Any) -> str:
    """The number as the standard writes it: ``国办发〔××××〕8号`` from ``国办发()8号``."""
    text = _folded(value)
    if not text:
        return ""
    found = _NUMBER.match(text)
    if not found:
        raise FieldError("不是发文字号", "写成 国办发〔2004〕8号；缺年份的写成 国办发〔〕8号")
    year = _masked_year((found["year"] or found["bare"] or "") + "年")
    serial = found["serial"] if found["serial"].isdigit() else MASK
    return f"{found['series']}〔{year}〕{serial}号"


MaskedYear = Annotated[str, BeforeValidator(_masked_year), StringConstraints(max_length=4), Shape.CODE]
"""A calendar year of which digits may be missing (``20××``); may be empty."""
MaskedNumber = Annotated[str, BeforeValidator(_masked_number), StringConstraints(max_length=40), Shape.TEXT]
"""A document number of which the year or the serial may be missing; may be empty."""


def is_whole(value: str) -> bool:
    """Whether nothing of the year or number is left out."""
    return bool(value) and MASK not in value


def pattern_of(number: str) -> re.Pattern[str]:
    """Finds the number in text, in any brackets or none; what is left out may be anything there."""
    series, _, rest = number.partition("〔")
    year, _, serial = rest.removesuffix("号").partition("〕")
    digits = "".join(r"\d" if char == MASK else char for char in year)
    if year == MASK * 4:
        digits = r"(?:\d{4})?"
    which = r"\d{1,5}" if serial == MASK else f"0*{serial}"
    return re.compile(
        rf"{re.escape(series)}\s*(?:{_OPEN}|[（［])?\s*{digits}\s*(?:{_CLOSE}|[）］])?\s*第?{which}号"
    )
