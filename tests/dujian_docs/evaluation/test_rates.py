"""Rates, growth, retention, the three growths and the split of schools with several sections."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.evaluation import (
    CLOSURE,
    COMPLETION,
    Cohort,
    FinanceYear,
    RetentionFormula,
    SplitRounding,
    growth,
    growths_verdict,
    rate,
    retention,
    rounded,
    split,
    three_growths,
)

A, B = RetentionFormula.A, RetentionFormula.B


@pytest.mark.parametrize(
    ("part", "base", "shown"),
    [(39_860, 39_903, "99.89%"), (18_536, 19_152, "96.78%"), (46, 111, "41.44%"), (31, 111, "27.93%")],
)
def test_published_rates_come_out(part: int, base: int, shown: str) -> None:
    assert rate(CLOSURE, part, base).shown() == shown


def test_fives_are_rounded_up() -> None:
    assert [rounded(value, 2) for value in (0.125, 2.675, 1.005, 99.994999)] == [
        "0.13",
        "2.68",
        "1.01",
        "99.99",
    ]
    assert rate(CLOSURE, 5, 118).shown(0) == "4%"


@pytest.mark.parametrize(
    ("part", "base", "reason"),
    [
        (None, 3, "缺办结数"),
        (None, None, "缺办结数、受理数"),
        (0, 0, "受理数为 0"),
        (-1, 3, "办结数是负数"),
        (4, 3, "办结数（4）多于受理数（3），两个数有矛盾"),
    ],
)
def test_a_rate_that_cannot_be_told_says_why(part: int | None, base: int | None, reason: str) -> None:
    found = rate(CLOSURE, part, base)
    assert (found.value, found.reason, found.shown()) == (None, reason, "无法判定")


def test_a_target_may_be_overfulfilled() -> None:
    assert rate(COMPLETION, 12, 10).shown(0) == "120%"


@pytest.mark.parametrize(
    ("enrolled", "graduates", "moved_in", "moved_out"),
    [(76, 119, 45, 2), (268, 262, 7, 13), (270, 413, 145, 2), (275, 374, 110, 11), (82, 80, 1, 3)],
)
@pytest.mark.parametrize("formula", [A, B])
def test_published_retention_comes_out(
    enrolled: int, graduates: int, moved_in: int, moved_out: int, formula: RetentionFormula
) -> None:
    assert retention(Cohort(enrolled, graduates, moved_in, moved_out), formula).shown() == "100.00%"


def test_the_formulas_differ_and_are_named() -> None:
    cohort = Cohort(enrolled=100, graduates=110, moved_in=20, moved_out=5)
    one, other = retention(cohort, A), retention(cohort, B)
    assert (one.shown(), one.formula) == ("95.65%", "retention_a")
    assert (other.shown(), other.formula) == ("95.00%", "retention_b")


@pytest.mark.parametrize(
    ("cohort", "formula", "reason"),
    [
        (Cohort(None, 10), A, "缺入学人数"),
        (Cohort(10, 10, deaths=None), B, "缺死亡人数"),
        (Cohort(10, -1), A, "毕业人数是负数"),
        (Cohort(10, 5, 0, 10), A, "分母 0"),
        (Cohort(10, 12), B, "12 人多于 10 人"),
        (Cohort(10, 1, 5), B, "分子 -4"),
    ],
)
def test_a_cohort_that_contradicts_itself_has_none(
    cohort: Cohort, formula: RetentionFormula, reason: str
) -> None:
    found = retention(cohort, formula)
    assert found.value is None
    assert reason in found.reason


def test_more_graduates_than_entered_are_cut_by_the_first_formula_only() -> None:
    assert retention(Cohort(10, 12), A).value == 100


@given(st.integers(1, 5000), st.integers(0, 5000))
def test_without_moves_both_are_the_same(enrolled: int, graduates: int) -> None:
    cohort = Cohort(enrolled, min(enrolled, graduates))
    assert retention(cohort, A).value == retention(cohort, B).value


LAST = FinanceYear(2024, 100.0, 1000.0, 50.0, {"小学": 9000.0, "初中": 12_000.0}, {"小学": 700.0})
THIS = FinanceYear(2025, 110.0, 1050.0, 52.0, {"小学": 9100.0, "初中": 12_100.0}, {"小学": 720.0})


def test_three_growths_that_are_there() -> None:
    found = three_growths(THIS, LAST)
    assert [one.verdict.passed for one in found] == [True, True, True]
    assert growths_verdict(found).word == "达标"
    assert found[0].rates["财政教育拨款"].shown() == "10.00%"
    assert list(found[1].rates) == ["小学生均教育费用", "初中生均教育费用"]


@pytest.mark.parametrize(
    ("change", "word", "reason"),
    [
        ({"grants": 105.0}, "未达标", "财政教育拨款增长 5.00%，财政经常性收入增长 5.00%"),
        ({"grants": None}, "无法判定", "缺本年财政教育拨款"),
        ({"teacher_pay": 50.0}, "未达标", "教师工资增长 0.00%"),
        ({"spending_per_pupil": {"小学": 9100.0}}, "无法判定", "缺本年初中生均教育费用"),
        ({"spending_per_pupil": {"小学": 8000.0}}, "未达标", "小学生均教育费用增长 -11.11%"),
    ],
)
def test_growths_that_are_not(change: dict[str, object], word: str, reason: str) -> None:
    found = growths_verdict(three_growths(replace(THIS, **change), LAST))  # type: ignore[arg-type]
    assert found.word == word
    assert reason in found.reasons


def test_growth_needs_two_years_that_follow_each_other_and_something_to_grow_from() -> None:
    with pytest.raises(ValueError, match="2025 does not follow 2023"):
        three_growths(THIS, replace(LAST, year=2023))
    assert growth("拨款", 5, 0).reason == "上年拨款不是正数"
    assert growth("拨款", 5, None).reason == "缺上年拨款"
    empty = three_growths(FinanceYear(2025, 1, 1, 1), FinanceYear(2024, 1, 1, 1))
    assert empty[1].verdict.reasons == ("缺本年、上年生均教育费用",)


def test_a_through_school_is_split_both_ways_as_published() -> None:
    pupils = [("小学", 166), ("初中", 210)]
    assert split(23_226, pupils, SplitRounding.PER_PUPIL_FIRST) == {"小学": 9711, "初中": 13_515}
    assert split(23_226, pupils) == pytest.approx({"小学": 9711.63, "初中": 13_514.37}, abs=0.005)


@given(
    st.integers(0, 1_000_000),
    st.lists(st.integers(1, 3000), min_size=2, max_size=3),
    st.sampled_from(SplitRounding),
)
def test_nothing_is_lost_in_a_split(total: int, pupils: list[int], rounding: SplitRounding) -> None:
    sections = list(zip(["小学", "初中", "高中"], pupils, strict=False))
    try:
        shares = split(total, sections, rounding)
    except ValueError:
        assert rounding is SplitRounding.PER_PUPIL_FIRST
        *lower, _ = pupils
        assert list(split(total, sections).values())[-1] <= 0.05 * 1.2 * sum(lower)
        return
    assert sum(shares.values()) == pytest.approx(total)
    assert min(shares.values()) >= 0


@pytest.mark.parametrize(
    ("total", "pupils"),
    [(10, [("小学", 1)]), (10, [("小学", 0), ("初中", 0)]), (-1, [("小学", 1), ("初中", 1)])],
)
def test_what_cannot_be_split_is_refused(total: int, pupils: list[tuple[str, int]]) -> None:
    with pytest.raises(ValueError, match=r"weights|split"):
        split(total, pupils)


def test_a_section_without_pupils_gets_nothing() -> None:
    for rounding in SplitRounding:
        assert split(1000, [("小学", 30), ("初中", 0)], rounding) == {"小学": 1000, "初中": 0}
