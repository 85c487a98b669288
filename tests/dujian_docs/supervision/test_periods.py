"""Months, terms and school years as days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.errors import UsageInvalid
from dujian_docs.supervision import Span, month, month_of, school_year, term, term_of


@pytest.mark.parametrize(
    ("read", "word", "title", "first", "last"),
    [
        (month, "2026-10", "2026年10月", date(2026, 10, 1), date(2026, 10, 31)),
        (month, "２０２６年2月", "2026年2月", date(2026, 2, 1), date(2026, 2, 28)),
        (month, "2028-02", "2028年2月", date(2028, 2, 1), date(2028, 2, 29)),
        (month, "2026-12", "2026年12月", date(2026, 12, 1), date(2026, 12, 31)),
        (term, "2026春", "2026年春季学期", date(2026, 2, 1), date(2026, 7, 31)),
        (term, "2026年秋季学期", "2026年秋季学期", date(2026, 8, 1), date(2027, 1, 31)),
        (school_year, "2025-2026", "2025—2026学年", date(2025, 8, 1), date(2026, 7, 31)),
        (school_year, "2025—26学年", "2025—2026学年", date(2025, 8, 1), date(2026, 7, 31)),
    ],
)
def test_words_for_periods(
    read: Callable[[str], Span], word: str, title: str, first: date, last: date
) -> None:
    assert read(word) == Span(title, first, last)


@pytest.mark.parametrize(
    ("read", "word"),
    [
        (month, "2026-13"),
        (month, "十月"),
        (term, "2026"),
        (term, "2026夏"),
        (school_year, "2025-2027"),
        (school_year, "2026"),
        (school_year, "2025-2025"),
    ],
)
def test_what_names_no_period(read: Callable[[str], Span], word: str) -> None:
    with pytest.raises(UsageInvalid) as caught:
        read(word)
    assert word in caught.value.problem
    assert caught.value.remedy.startswith("写成")


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_every_day_is_in_one_month_and_one_term_and_the_next_begins_where_it_ends(day: date) -> None:
    for of in (month_of, term_of):
        span = of(day)
        assert span.first <= day <= span.last
        assert of(span.first) == of(span.last) == span
        assert of(span.last + timedelta(days=1)).first == span.last + timedelta(days=1)


def test_a_school_year_has_two_terms_and_twelve_months() -> None:
    whole = school_year("2025-2026")
    assert [one.title for one in whole.terms] == ["2025年秋季学期", "2026年春季学期"]
    assert len(whole.months) == 12
    assert month("2026-10").terms == ()
    assert [one.title for one in term("2026秋").months][-1] == "2027年1月"
