"""Time limits in days and in working days, over the announced holidays; nothing is guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.supervision import Workdays

KNOWN = st.dates(date(2019, 1, 1), date(2025, 6, 30))
OFFICE = Workdays()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),  # a Saturday made up for
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2030, 3, 1), None),
    ],
)
def test_the_announced_days(day: date, works: bool | None) -> None:
    assert OFFICE.is_workday(day) is works


def test_a_limit_that_ends_on_a_holiday_ends_on_the_next_working_day() -> None:
    assert OFFICE.after(date(2026, 9, 1), 30).day == date(2026, 10, 8)
    assert OFFICE.after(date(2026, 9, 1), 29).day == date(2026, 9, 30)


def test_days_off_of_the_office_count() -> None:
    own = Workdays(frozenset({date(2026, 9, 30)}))
    assert own.after(date(2026, 9, 1), 29).day == date(2026, 10, 8)


def test_an_unknown_year_is_said_and_not_guessed() -> None:
    for working in (False, True):
        counted = OFFICE.after(date(2029, 12, 20), 30, working=working)
        assert "放假安排还不知道" in counted.note
    assert OFFICE.after(date(2026, 9, 1), 10, working=True).note == ""


@given(start=KNOWN, days=st.integers(1, 90))
def test_a_limit_in_days_is_never_cut_and_never_ends_on_a_day_off(start: date, days: int) -> None:
    last = OFFICE.after(start, days).day
    assert last >= start + timedelta(days=days)
    assert OFFICE.is_workday(last)
    between = (last - start).days - days
    assert not any(OFFICE.is_workday(last - timedelta(days=back)) for back in range(1, between + 1))


@given(start=KNOWN, days=st.integers(1, 60))
def test_a_limit_in_working_days_holds_just_so_many(start: date, days: int) -> None:
    last = OFFICE.after(start, days, working=True).day
    span = (last - start).days
    worked = [one for one in range(1, span + 1) if OFFICE.is_workday(start + timedelta(days=one))]
    assert len(worked) == days
    assert worked[-1] == span
