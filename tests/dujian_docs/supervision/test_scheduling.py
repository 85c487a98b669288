"""The laws of cross-inspection schedules, and the words for what cannot be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dujian_docs.errors import InputInvalid
from dujian_docs.records import Unit, UnitType
from dujian_docs.supervision import CrossSchedule, PastPair, cross_schedule

NAMES = "甲乙丙丁戊己庚辛壬癸子丑"
Pair = tuple[str, str]


def townships(count: int) -> list[Unit]:
    return [Unit(code=f"T{at:02}", name=f"{NAMES[at]}镇", unit_type=UnitType.TOWNSHIP) for at in range(count)]


def pairs_of(schedule: CrossSchedule) -> list[list[Pair]]:
    return [[(one.inspecting, one.inspected) for one in batch.pairs] for batch in schedule.batches]


def as_past(schedule: CrossSchedule) -> list[PastPair]:
    return [
        PastPair(schedule.year, batch.number, one.inspecting, one.inspected)
        for batch in schedule.batches
        for one in batch.pairs
    ]


def years(units: Sequence[Unit], count: int, *, batches: int = 2, seed: str = "0") -> list[PastPair]:
    past: list[PastPair] = []
    for year in range(2020, 2020 + count):
        past += as_past(cross_schedule(units, past, year=year, batches=batches, seed=seed))
    return past


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Unit], list[PastPair]]:
    """Units, and whatever somebody may have recorded of former years."""
    units = townships(draw(st.integers(3, 12)))
    codes = st.sampled_from([one.code for one in units] + ["T97"])
    pair = st.tuples(st.integers(2018, 2025), st.integers(0, 2), codes, codes)
    past = draw(st.lists(pair.filter(lambda one: one[2] != one[3]), max_size=40))
    return units, [PastPair(*one) for one in past]


@settings(deadline=None)
@given(histories(), st.text(max_size=3))
def test_everyone_inspects_and_is_inspected_once_never_itself_never_each_other(
    held: tuple[list[Unit], list[PastPair]], seed: str
) -> None:
    units, past = held
    codes = sorted(one.code for one in units)
    found = cross_schedule(units, past, year=2026, batches=2, seed=seed)
    assert found.proven
    assert [batch.number for batch in found.batches] == [1, 2]
    first, second = pairs_of(found)
    for batch in (first, second):
        assert sorted(one for one, _ in batch) == codes
        assert sorted(other for _, other in batch) == codes
        for one, other in batch:
            assert one != other
            assert (other, one) not in batch
    assert not set(first) & set(second), "the same twice in a year"


@settings(deadline=None)
@given(histories(), st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_changes_nothing(
    held: tuple[list[Unit], list[PastPair]], seed: int, chance: Random
) -> None:
    units, past = held
    asked = cross_schedule(units, past, year=2026, batches=2, seed=str(seed))
    mixed, mixed_past = list(units), list(past)
    chance.shuffle(mixed)
    chance.shuffle(mixed_past)
    assert cross_schedule(mixed, mixed_past, year=2026, batches=2, seed=str(seed)) == asked


def test_another_seed_draws_another_schedule() -> None:
    drawn = {
        str(pairs_of(cross_schedule(townships(9), [], year=2026, batches=2, seed=str(seed))))
        for seed in range(5)
    }
    assert len(drawn) == 5


@settings(max_examples=25, deadline=None)
@given(histories())
def test_no_other_way_repeats_less(held: tuple[list[Unit], list[PastPair]]) -> None:
    """Against trying every way for the first batch, of six units at most."""
    units, past = held[0][:6], held[1]
    codes = sorted(one.code for one in units)
    had = Counter((one.inspecting, one.inspected) for one in past)

    def repeats(pairs: Sequence[Pair]) -> int:
        return sum(had[pair] ** 2 for pair in pairs)

    every = [list(zip(codes, way, strict=True)) for way in permutations(codes)]
    allowed = [way for way in every if all(one != other and (other, one) not in way for one, other in way)]
    found = pairs_of(cross_schedule(units, past, year=2026, batches=1, seed="0"))[0]
    assert repeats(found) == min(repeats(way) for way in allowed)


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 8, 12])
def test_over_the_years_everyone_is_had_about_as_often(count: int) -> None:
    """Years enough for two rounds: the most and the least often had are two apart; of up to five, one."""
    units = townships(count)
    for seed in ("0", "1"):
        past = years(units, count, seed=seed)
        had = Counter((one.inspecting, one.inspected) for one in past)
        for one in units:
            times = [had[one.code, other.code] for other in units if other != one]
            assert sum(times) == 2 * count, "the load is even"
            assert max(times) - min(times) <= (1 if count <= 5 else 2)


def test_nobody_comes_again_while_others_were_not_had() -> None:
    """Ten units, three years: six of the nine others each."""
    for seed in range(5):
        past = years(townships(10), 3, seed=str(seed))
        assert max(Counter((one.inspecting, one.inspected) for one in past).values()) == 1


def test_the_second_batch_does_not_turn_the_first_around_where_it_need_not() -> None:
    for seed in range(10):
        first, second = pairs_of(cross_schedule(townships(8), [], year=2026, batches=2, seed=str(seed)))
        assert not {(other, one) for one, other in first} & set(second)


def test_among_repeats_those_had_longest_ago_come_first() -> None:
    """Four units: each pair was had once, half of them in 2016 and half in 2025."""
    circles = {2016: ("T00", "T01", "T02", "T03"), 2025: ("T00", "T03", "T02", "T01")}
    past = [
        PastPair(year, 1, one, other)
        for year, circle in circles.items()
        for one, other in zip(circle, (*circle[1:], circle[0]), strict=True)
    ]
    past += [PastPair(2020, 1, one, other) for one, other in (("T00", "T02"), ("T02", "T00"))]
    past += [PastPair(2020, 1, one, other) for one, other in (("T01", "T03"), ("T03", "T01"))]
    found = cross_schedule(townships(4), past, year=2026, batches=1, seed="0")
    assert {one.last for one in found.batches[0].pairs} == {2016}


def test_a_batch_that_was_held_stays_and_the_rest_is_planned_around_it() -> None:
    units = townships(6)
    whole = cross_schedule(units, [], year=2026, batches=2, seed="0")
    first = [one for one in as_past(whole) if one.number == 1]
    found = cross_schedule(units, first, year=2026, batches=2, seed="7")
    assert [batch.held for batch in found.batches] == [True, False]
    assert [batch.number for batch in found.planned] == [2]
    assert pairs_of(found)[0] == pairs_of(whole)[0]
    assert not set(pairs_of(found)[0]) & set(pairs_of(found)[1])
    assert all(one.times == 0 for batch in found.batches for one in batch.pairs), "this year is no past"
    again = cross_schedule(units[:2], as_past(found), year=2026, batches=2, seed="0")
    assert again.planned == (), "nothing is left to plan, whoever takes part now"


def test_many_batches_of_few_units_are_found_by_drawing_anew() -> None:
    for seed in range(5):
        batches = pairs_of(cross_schedule(townships(5), [], year=2026, batches=4, seed=str(seed)))
        assert len({pair for batch in batches for pair in batch}) == 20, "everyone had everyone"


def refused(
    count: int, *words: str, batches: int = 2, avoid: Sequence[Pair] = (), past: Sequence[PastPair] = ()
) -> None:
    with pytest.raises(InputInvalid) as caught:
        cross_schedule(townships(count), past, year=2026, batches=batches, seed="0", avoid=avoid)
    for word in words:
        assert word in str(caught.value), str(caught.value)
    assert caught.value.remedy


def test_too_few_units() -> None:
    refused(0, "只有 0 个单位", "至少要 3 个", "cross_inspection.units")
    refused(2, "只有 2 个单位", "甲镇、乙镇", "--unit")


def test_more_batches_than_there_are_others() -> None:
    refused(4, "4 个单位", "只有 3 个", "一年 4 批必有重复", "cross_inspection.batches", batches=4)


def test_one_who_is_excused_from_all() -> None:
    avoid = [("T00", "T01"), ("T02", "T00"), ("T00", "T03")]
    refused(4, "第 1 批", "甲镇没有可以查的单位", "回避 3 对", "cross_inspection.avoid", avoid=avoid)


def test_two_who_are_left_with_the_same_one() -> None:
    avoid = [("T00", "T01"), ("T00", "T03"), ("T01", "T03")]
    refused(4, "第 1 批", "甲镇、乙镇这 2 个单位都只能查丙镇", "回避 4 对", avoid=avoid)


def test_two_who_could_only_inspect_each_other() -> None:
    """Everyone has someone, but the first has only the last, and only the last has the first."""
    avoid = [("T00", "T01"), ("T00", "T02")]
    refused(4, "不管怎么排都有两个单位互查", "如甲镇和丁镇", avoid=avoid)


def test_all_were_had_this_year_already() -> None:
    past = [PastPair(2026, 0, "T00", other) for other in ("T01", "T02")]
    refused(3, "甲镇没有可以查的单位", "本年已经查过 2 对", past=past)


def test_no_way_for_a_later_batch() -> None:
    """Four units cannot have three batches without a mutual pair or a repeat."""
    refused(4, "第 3 批", "互查", batches=3)
