"""What a cell of a workbook holds: its place, its number format, and numbers that stand for times. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

Value = str | float | bool | date | time | timedelta

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_.|\*.', re.I)
"""What stands in a number format as it is: quoted words, colours, languages, widths."""
_DURATION = re.compile(r"\[[hms]+\]", re.I)
_DATE_PART = re.compile(r"[ymdhs]", re.I)
_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_DURATIONS = frozenset({46})
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  cells have no time zone
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LEAP_BUG_UNTIL = 60
"""The day 1900-02-29, which never was, is number 60; days before it are counted one less."""
_LAST_DAY = 2_958_466
_DAY_MILLISECONDS = 86_400_000
_MOST_COLUMNS = 16_384


def unescaped(text: str) -> str:
    """Characters that XML cannot hold are written as ``_x000D_`` (22.9.2.19)."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def place_of(reference: str, otherwise: tuple[int, int]) -> tuple[int, int]:
    """Row and column of ``AB12``, both from 1."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not (digits and len(digits) < 9 and letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return otherwise
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(digits), min(column, _MOST_COLUMNS)


def cell_name(row: int, column: int) -> str:
    """``AB12`` from row and column, both from 1."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def shape_of(number: str, code: str | None) -> str:
    """Whether a number format (18.8.30, 18.8.31) shows a ``date``, a ``duration``, or neither."""
    if code is None:
        known = int(number) if number.isdecimal() and len(number) < 6 else 0
        return "date" if known in _DATES else "duration" if known in _DURATIONS else ""
    plain = _LITERAL.sub("", code.partition(";")[0])
    if _DURATION.search(plain):
        return "duration"
    return "date" if _DATE_PART.search(plain) and "general" not in plain.lower() else ""


def moment(number: float, shape: str, epoch: datetime) -> Value:
    """A serial number as the time it stands for, to the millisecond; below one day it is a time of day."""
    if not abs(number) < (_LAST_DAY if shape == "date" else timedelta.max.days):
        return number
    span = timedelta(milliseconds=round(number * _DAY_MILLISECONDS))
    if shape == "duration":
        return span
    if number < 0:
        return number
    start = epoch + timedelta(days=1) if epoch == EPOCH and number < _LEAP_BUG_UNTIL else epoch
    when = start + span
    if number < 1:
        return when.time()
    return when.date() if number.is_integer() else when
