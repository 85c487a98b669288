"""Dates, numerals, lists and title lines as official documents word them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs import wording


def test_dates_have_arabic_digits_and_no_zero_padding() -> None:
    assert wording.chinese_date(date(2026, 1, 5)) == "2026年1月5日"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 3, 9), date(2026, 3, 13), "2026年3月9日至13日"),
        (date(2026, 3, 30), date(2026, 4, 3), "2026年3月30日至4月3日"),
        (date(2025, 12, 29), date(2026, 1, 5), "2025年12月29日至2026年1月5日"),
        (date(2026, 3, 9), date(2026, 3, 9), "2026年3月9日"),
        (date(2026, 3, 9), None, "2026年3月9日"),
    ],
)
def test_a_span_repeats_only_what_changes(start: date, end: date | None, expected: str) -> None:
    assert wording.chinese_span(start, end) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九")],
)
def test_numerals(number: int, expected: str) -> None:
    assert wording.numeral(number) == expected


@pytest.mark.parametrize("number", [0, 100, -1])
def test_numerals_outside_their_range_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="1–99"):
        wording.numeral(number)


def test_width_counts_half_width_characters_as_half() -> None:
    assert wording.width_in_characters("2026年11月22日") == 7
    assert wording.width_in_characters("云岭县人民政府教育督导室") == 12
    assert wording.width_in_characters("“一”") == 3


def test_no_comma_between_book_titles() -> None:
    assert wording.joined(["《甲》", "《乙》", "丙"]) == "《甲》《乙》、丙"
    assert wording.joined([]) == ""


def test_a_sentence_ends_once() -> None:
    assert wording.sentence("按时报送，") == "按时报送。"
    assert wording.sentence("按时报送！") == "按时报送！"
    assert wording.sentence("  ") == ""


def test_one_line_joins_hanzi_and_keeps_latin_words_apart() -> None:
    assert wording.one_line("为全面了解\n  开学情况\n") == "为全面了解开学情况"
    assert wording.one_line("A\nB") == "A B"


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("关于开展2026年春季学期开学工作专项督导的通知", "关于开展2026年春季学期"),
        ("关于限期补齐2026年义务教育优质均衡发展督导评估迎检档案材料的通知", "关于限期补齐2026年义务教育"),
    ],
)
def test_titles_break_at_word_ends(title: str, first: str) -> None:
    assert wording.title_lines(title)[0] == first


@given(st.text(alphabet="督导通知的2026年县（）、《》", min_size=1, max_size=130))
def test_title_lines_lose_nothing_and_fit(title: str) -> None:
    lines = wording.title_lines(title)
    assert "".join(lines) == title
    assert all(0 < wording.width_in_characters(line) <= wording.TITLE_WIDTH for line in lines)
