"""The weighted coefficient against published figures and against its own laws."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dujian_docs.evaluation import Holding, changes, composite, disparity
from dujian_docs.evaluation.figures import Figure

BOOKS = [
    Holding(f"S{place}", pupils, amount)
    for place, (pupils, amount) in enumerate([(45, 279), (37, 137), (89, 935), (76, 160), (55, 402)], 1)
]
"""A worked example that was published: five schools' pupils and books."""
SCHOOLS = st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 100_000)), min_size=2, max_size=12).map(
    lambda rows: [Holding(f"S{place}", *row) for place, row in enumerate(rows)]
)


def coefficient(holdings: list[Holding]) -> float:
    value = disparity(holdings).cv.value
    assert value is not None
    return value


def test_the_published_example_comes_out() -> None:
    found = disparity(BOOKS)
    assert found.mean == pytest.approx(6.33, abs=0.005)
    assert found.deviation == pytest.approx(3.266, abs=0.005)
    assert found.cv.value == pytest.approx(0.5153, abs=0.0001)
    assert [pull.school for pull in found.pulls] == ["S3", "S4", "S2", "S5", "S1"]
    assert sum(pull.share for pull in found.pulls) == pytest.approx(1)
    terms = {pull.school: pull.share * found.deviation**2 for pull in found.pulls}
    assert [terms[f"S{place}"] for place in range(1, 6)] == pytest.approx(
        [0.0027, 0.8486, 5.1274, 4.5011, 0.1730], abs=0.0001
    )


def test_unweighted_it_would_pass_where_it_fails() -> None:
    each = [one.amount / one.pupils for one in BOOKS if one.pupils and one.amount is not None]
    unweighted = statistics.pstdev(each) / statistics.mean(each)
    assert unweighted == pytest.approx(0.4888, abs=0.0001)
    assert unweighted < 0.50 < coefficient(BOOKS)


@given(SCHOOLS)
def test_it_weighs_pupils_not_schools(holdings: list[Holding]) -> None:
    """A school counts as often as it has pupils: in two halves it counts the same."""
    assume(any(one.amount for one in holdings))
    whole = coefficient(holdings)
    doubled = [Holding(one.school, 2 * (one.pupils or 0), 2 * (one.amount or 0)) for one in holdings]
    halves = [Holding(f"{one.school}{half}", one.pupils, one.amount) for one in holdings for half in "ab"]
    assert coefficient(doubled) == pytest.approx(whole)
    assert coefficient(halves) == pytest.approx(whole)


@given(SCHOOLS, st.integers(2, 1000))
def test_the_unit_of_measure_does_not_matter(holdings: list[Holding], factor: int) -> None:
    assume(any(one.amount for one in holdings))
    scaled = [Holding(one.school, one.pupils, factor * (one.amount or 0)) for one in holdings]
    assert coefficient(scaled) == pytest.approx(coefficient(holdings))


@given(SCHOOLS, st.floats(0.05, 1.0))
def test_the_least_change_is_enough_and_no_less_is(holdings: list[Holding], limit: float) -> None:
    assume(any(one.amount for one in holdings))
    assume(coefficient(holdings) > limit * 1.001)
    by_school = {one.school: one for one in holdings}
    for change in changes(holdings, limit):
        for way in (change.more, -change.less if change.less is not None else None):
            if way is None:
                continue

            def after(part: float, school: str = change.school, way: float = way) -> float:
                one = by_school[school]
                moved = Holding(school, one.pupils, max(0.0, (one.amount or 0) + part * way))
                return coefficient([moved if other.school == school else other for other in holdings])

            assert after(1.0) == pytest.approx(limit, rel=1e-6, abs=1e-6)
            if abs(way) > 1e-6:
                assert after(0.99) > limit * (1 - 1e-9)


def test_the_easiest_school_comes_first_and_a_county_within_the_limit_needs_nothing() -> None:
    found = changes(BOOKS, 0.50)
    ways = [[way for way in (one.more, one.less) if way is not None] for one in found]
    least = [min(way, default=float("inf")) for way in ways]
    assert least == sorted(least)
    assert 0 < least[0] < 100
    assert all(one.more is None or one.more > 0 for one in found)
    assert {(one.more, one.less) for one in changes(BOOKS, 0.52)} == {(0.0, 0.0)}


def test_alike_schools_have_none() -> None:
    found = disparity([Holding("甲", 10, 20), Holding("乙", 30, 60)])
    assert found.cv.value == 0
    assert [pull.share for pull in found.pulls] == [0, 0]


@pytest.mark.parametrize(
    ("holdings", "reason"),
    [
        ([], "没有学校"),
        ([Holding("甲", 10, None), Holding("乙", 10, 1)], "甲 缺数量"),
        ([Holding("甲", None, 1)], "甲 缺在校生数"),
        ([Holding("甲", 10, -1)], "甲 的数量是负数"),
        ([Holding("甲", -10, 1)], "甲 的在校生数是负数"),
        ([Holding("甲", 0, 5), Holding("乙", 10, 1)], "甲 没有在校生却有数量"),
        ([Holding("甲", 0, 0)], "没有在校学生"),
        ([Holding("甲", 10, 0), Holding("乙", 10, 0)], "均值为 0"),
        ([Holding("甲", 10, 1), Holding("甲", 10, 2)], "甲 出现两次"),
    ],
)
def test_nothing_is_guessed(holdings: list[Holding], reason: str) -> None:
    found = disparity(holdings).cv
    assert found.value is None
    assert reason in found.reason
    assert found.shown() == "无法判定"
    assert changes(holdings, 0.5) == ()


def test_a_school_without_pupils_and_things_counts_for_nothing() -> None:
    assert coefficient([*BOOKS, Holding("撤并", 0, 0)]) == coefficient(BOOKS)


def test_a_composite_needs_every_part() -> None:
    parts = [Figure(0.2, "", "weighted_cv"), Figure(0.4, "", "weighted_cv")]
    found = composite(parts).value
    assert found is not None
    assert math.isclose(found, 0.3)
    unknown = Figure(None, "", "weighted_cv", "甲 缺数量")
    assert composite([*parts, unknown]).reason == "甲 缺数量"
    assert composite([]).value is None
