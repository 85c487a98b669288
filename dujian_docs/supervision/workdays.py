"""Working days in China, as the State Council announces them every autumn. Speaks chinese_calendar.

A year whose arrangement is not known is never guessed: a count that would reach into it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """The last day of a time limit; ``note`` says what could not be taken into account."""

    day: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Workdays:
    """The office's calendar: the announced one, and days off of its own."""

    days_off: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool | None:
        """Whether work is done that day; None when that year's arrangement is not known."""
        if day in self.days_off:
            return False
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return None

    def after(self, start: date, days: int, *, working: bool = False) -> Counted:
        """The last of ``days`` days that begin the day after ``start``.

        A limit in days ends on the next working day when it would end on a day off (民法典 203 条;
        行政诉讼法 and 行政复议法 count likewise). A limit in working days leaves days off out.
        """
        return self._working(start, days) if working else self._extended(start + days * _DAY)

    def _extended(self, day: date) -> Counted:
        while (works := self.is_workday(day)) is False:
            day += _DAY
        return Counted(day) if works else Counted(day, _unknown(day))

    def _working(self, start: date, days: int) -> Counted:
        day = start
        for _ in range(days):
            day += _DAY
            while (works := self.is_workday(day)) is False:
                day += _DAY
            if works is None:
                return Counted(day, f"{_unknown(day)}，只算到这一天")
        return Counted(day)


def _unknown(day: date) -> str:
    return f"{day.year} 年的放假安排还不知道，没有顺延"
