"""The ways in which texts write one thing: dates in Chinese and Arabic digits, document numbers. Pure.

A document number is 「云教督〔2026〕3号」; people type it with any bracket, with none, with blanks, in full
width, with leading zeros and in Chinese digits. All are asked for at once, so each finds the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from indexer.text import BREAK, normalise_text

_DIGITS = "〇一二三四五六七八九"
_NOUGHTS = "〇零o"
"""What is written for a nought in Chinese digits, the usual one first."""
_HAN_YEAR = rf"(?:一九|二[{_NOUGHTS}0])[{_DIGITS}{_NOUGHTS}0]{{2}}"
_HAN_DAY = "三?十一|三十|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
_MONTH, _DAY = r"1[0-2]|0?[1-9]", r"[12]\d|3[01]|0?[1-9]"
_DATE = re.compile(
    rf"""(?<![\d{_DIGITS}零十百千万])
         (?:(?P<year>(?:19|20)\d\d|{_HAN_YEAR})(?P<years>学?年))?
         (?:(?P<month>{_MONTH}|十[一二]?|[一二三四五六七八九])月)?
         (?:(?P<day>{_DAY}|{_HAN_DAY})(?P<days>[日号]))?""",
    re.VERBOSE,
)
_NUMERIC = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d){BREAK}(?P<month>{_MONTH}){BREAK}(?P<day>{_DAY})(?![\d号])"
)
_ANY_YEAR = rf"(?:19|20)\d\d|{_HAN_YEAR}"
_ONE = "[一二三四五六七八九]"
_HAN_SERIAL = rf"(?={_ONE}|十)(?:{_ONE}百零?)?(?:{_ONE}?十)?{_ONE}?"
_NUMBER = re.compile(
    rf"""(?P<head>.*[\u3400-\u9fff]){BREAK}?
         (?P<year>{_ANY_YEAR})(?:年|{BREAK}|年{BREAK}|{BREAK}年)?
         第?(?P<serial>\d{{1,4}}|{_HAN_SERIAL})(?:号(?P<tail>.*)|$)""",
    re.VERBOSE,
)
TYPED_NUMBER = re.compile(
    r"""[^\s"“”()（）:：]*[\u3400-\u9fff]
        (?:\s?[〔\[【(（［﹝]\s?)?
        (?:(?:19|20|１９|２０)\d\d|(?:一九|二[〇○零0０OoＯｏ])[〇○零0０OoＯｏ一二三四五六七八九]{2})
        (?:年?\s?[〕\]】)）］﹞])?
        \s?第?\s?(?:\d{1,4}|[一二三四五六七八九十百零]{1,6})\s?号""",
    re.VERBOSE,
)
"""A document number as typed, blanks and brackets inside it; it is one word of a query."""


def spellings(text: str) -> tuple[str, ...]:
    """The normalised ways a text writes ``text``, as typed first."""
    first = normalise_text(text)
    found = dict.fromkeys([first])
    words = _NUMERIC.sub(r"\g<year>年\g<month>月\g<day>日", first)
    for write in _WAYS:
        found[_DATE.sub(partial(_rewritten, write), words)] = None
    for one in (*_years(first), *_numbers(first)):
        found[one] = None
    return tuple(found)


def _years(first: str) -> list[str]:
    """A year in either digits, when that is all there is."""
    return _both_years(_value(first)) if re.fullmatch(_ANY_YEAR, first) else []


def _both_years(year: int) -> list[str]:
    return [str(year), *(_han_year(year, nought) for nought in _NOUGHTS)]


def _numbers(first: str) -> list[str]:
    """A document number in brackets or bare, in either digits, its serial also with leading zeros."""
    number = _NUMBER.fullmatch(first)
    if number is None:
        return []
    year, *han_years = _both_years(_value(number["year"]))
    plain = number["serial"].lstrip("0") or "0"
    if not plain.isdecimal():
        plain = str(_value(plain))
    zeros = dict.fromkeys((number["serial"], plain, plain.zfill(2), plain.zfill(3)))
    counted = _counted(int(plain)) or plain
    ways = [*((year, serial) for serial in zeros), (year, counted)]
    ways += [(han, serial) for han in han_years for serial in (plain, counted)]
    return [
        f"{number['head']}{mark}{year}{mark}{serial}号{number['tail'] or ''}"
        for year, serial in ways
        for mark in (BREAK, "")
    ]


def _rewritten(write: _Way, found: re.Match[str]) -> str:
    """The date that was found, written another way; a day of no month, as in 3号, is the number it was."""
    if found["days"] == "号" and not found["month"]:
        return found[0]
    year, month, day = (_value(found[part] or "") for part in ("year", "month", "day"))
    return write(_Date(year, found["years"] or "", month, day, found["days"] or ""))


class _Date(NamedTuple):
    """The parts of a date, 0 where there is none, and the words that stood behind year and day."""

    year: int
    years: str
    month: int
    day: int
    days: str


_Way = Callable[[_Date], str]


def _arabic(date: _Date, *, width: int) -> str:
    return "".join(
        (
            f"{date.year}{date.years}" if date.year else "",
            f"{date.month:0{width}}月" if date.month else "",
            f"{date.day:0{width}}{date.days}" if date.day else "",
        )
    )


def _numeric(date: _Date, *, width: int) -> str:
    if not (date.year and date.month and date.day and date.days == "日"):
        return _arabic(date, width=width)
    return f"{date.year}{BREAK}{date.month:0{width}}{BREAK}{date.day:0{width}}"


def _han(date: _Date, *, nought: str) -> str:
    return "".join(
        (
            f"{_han_year(date.year, nought)}{date.years}" if date.year else "",
            f"{_counted(date.month)}月" if date.month else "",
            f"{_counted(date.day)}{date.days}" if date.day else "",
        )
    )


_WAYS: tuple[_Way, ...] = (
    *(partial(_arabic, width=width) for width in (1, 2)),
    *(partial(_han, nought=nought) for nought in _NOUGHTS),
    *(partial(_numeric, width=width) for width in (1, 2)),
)


def _han_year(year: int, nought: str) -> str:
    return "".join(nought if char == "0" else _DIGITS[int(char)] for char in str(year))


def _counted(number: int) -> str:
    """1 to 999 in Chinese; empty for what is beyond."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if hundreds > len(_DIGITS) - 1:
        return ""
    last = _DIGITS[ones] if ones else ""
    if hundreds:
        between = f"{_DIGITS[tens]}十" if tens else "零" if ones else ""
        return f"{_DIGITS[hundreds]}百{between}{last}"
    return ("" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十") + last


def _value(written: str) -> int:
    """The number that is written in either digits: a year digit by digit, the others counted."""
    hundreds, hundred, rest = written.partition("百")
    if hundred:
        return 100 * _DIGITS.index(hundreds) + _value(rest.removeprefix("零"))
    tens, ten, ones = written.partition("十")
    if ten:
        return 10 * (_DIGITS.index(tens) if tens else 1) + (_DIGITS.index(ones) if ones else 0)
    digits = ("0" if char in _NOUGHTS else char for char in written)
    plain = "".join(str(_DIGITS.index(char)) if char in _DIGITS else char for char in digits)
    return int(plain or 0)
