"""The days of a school's and an office's year, holidays left out."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

_FRIDAY = 4
_HOLIDAYS = ((4, 4, 6), (5, 1, 5), (10, 1, 8))
"""Month, first and last day of the long holidays, about the same each year."""

SEASONS = MappingProxyType(
    {
        "": ((3, 1), (11, 10)),
        "spring": ((2, 20), (4, 25)),
        "summer": ((5, 10), (7, 20)),
        "autumn": ((10, 9), (11, 12)),
        "november": ((11, 3), (11, 14)),
        "yearend": ((12, 15), (12, 30)),
        "next": ((2, 20), (4, 25)),
    }
)
"""The first and last (month, day) of each season in which papers are dated; 「next」 is of the next year."""

_TERMS = (((2, 20), (7, 3)), ((9, 1), (12, 12)))


@cache
def season_days(year: int, season: str) -> tuple[date, ...]:
    """The working days of a season of a year."""
    first, last = SEASONS[season]
    return _working_days(date(year + (season == "next"), *first), date(year + (season == "next"), *last))


@cache
def term_days(year: int) -> tuple[date, ...]:
    """The days of a year on which there is school."""
    return tuple(
        day for first, last in _TERMS for day in _working_days(date(year, *first), date(year, *last))
    )


def _working_days(first: date, last: date) -> tuple[date, ...]:
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() <= _FRIDAY and not _is_holiday(day))


def _is_holiday(day: date) -> bool:
    return any(day.month == month and first <= day.day <= last for month, first, last in _HOLIDAYS)
