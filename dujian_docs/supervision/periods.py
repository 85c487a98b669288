"""Months, terms (学期) and school years (学年) as stretches of days. Pure.

The year is divided without a hole: the spring term is February to July, the autumn term August to January,
and a school year is an autumn term and the spring term after it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dujian_docs.errors import UsageInvalid

_SPRING, _AUTUMN = (2, 7), (8, 1)
"""First and last month of a term."""
_MONTH = re.compile(r"(20\d{2})[-./年](0?[1-9]|1[0-2])月?")
_TERM = re.compile(r"(20\d{2})[-./年]?(春|秋)季?(?:学期)?")
_SCHOOL_YEAR = re.compile(r"(20\d{2})[-—–~至/](20)?(\d{2})(?:学年)?")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days with a name."""

    title: str
    first: date
    last: date

    @property
    def months(self) -> tuple[Span, ...]:
        """The months that lie in it, in order."""
        return tuple(self._months())

    def _months(self) -> Iterator[Span]:
        at = self.first
        while at <= self.last:
            found = month_of(at)
            yield found
            at = found.last + timedelta(days=1)

    @property
    def terms(self) -> tuple[Span, ...]:
        """The terms that lie wholly in it, in order."""
        found = dict.fromkeys(term_of(one.first) for one in self.months)
        return tuple(term for term in found if self.first <= term.first and term.last <= self.last)


def month_of(day: date) -> Span:
    """The month of a day."""
    return Span(f"{day.year}年{day.month}月", day.replace(day=1), _end(day.year, day.month))


def term_of(day: date) -> Span:
    """The term of a day."""
    if _SPRING[0] <= day.month <= _SPRING[1]:
        return _term(day.year, "春")
    return _term(day.year if day.month >= _AUTUMN[0] else day.year - 1, "秋")


def month(word: str) -> Span:
    """The month that ``word`` names: 2026-10, 2026年10月.

    Raises:
        UsageInvalid: it names none.
    """
    found = _MONTH.fullmatch(_plain(word))
    if not found:
        raise UsageInvalid(f"“{word}”不是月份", remedy="写成 2026-10")
    return month_of(date(int(found[1]), int(found[2]), 1))


def term(word: str) -> Span:
    """The term that ``word`` names: 2026春, 2026年秋季学期.

    Raises:
        UsageInvalid: it names none.
    """
    found = _TERM.fullmatch(_plain(word))
    if not found:
        raise UsageInvalid(f"“{word}”不是学期", remedy="写成 2026春、2026秋；秋季学期到下一年 1 月")
    return _term(int(found[1]), found[2])


def school_year(word: str) -> Span:
    """The school year that ``word`` names: 2025-2026, 2025—2026学年.

    Raises:
        UsageInvalid: it names none.
    """
    found = _SCHOOL_YEAR.fullmatch(_plain(word))
    if not found or int(found[1]) % 100 + 1 != int(found[3]) or found[2] not in {None, "20"}:
        raise UsageInvalid(f"“{word}”不是学年", remedy="写成 2025-2026")
    year = int(found[1])
    return Span(f"{year}—{year + 1}学年", _term(year, "秋").first, _term(year + 1, "春").last)


def _term(year: int, season: str) -> Span:
    (start, end), ends = (_SPRING, year) if season == "春" else (_AUTUMN, year + 1)
    return Span(f"{year}年{season}季学期", date(year, start, 1), _end(ends, end))


def _end(year: int, month_number: int) -> date:
    after = date(year + month_number // 12, month_number % 12 + 1, 1)
    return after - timedelta(days=1)


def _plain(word: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", word))
