"""What is over the line comes with the least change of one school that is proven to bring it under."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dujian_docs.evaluation import BalanceStandard, Holding, Overrun, balance, disparity, standards
from dujian_docs.evaluation.easing import overruns, shortfalls

BASIC, QUALITY = standards()["basic"], standards()["quality"]


def even(standard: BalanceStandard, **others: list[Holding]) -> dict[str, list[Holding]]:
    """Two equal schools with twice what the standard asks, but for the ``others``."""
    made = {}
    for item in standard.items:
        amount = 2 * item.levels.get("小学", 1.0) / item.per * 100
        made[item.code] = [Holding("甲", 100, amount), Holding("乙", 100, amount)]
    return made | others


def over(standard: BalanceStandard, **others: list[Holding]) -> tuple[Overrun, ...]:
    held = even(standard, **others)
    return overruns(balance(standard, "小学", held), held)


def cv_after(held: list[Holding], school: str, change: float) -> float:
    found = disparity(
        [replace(one, amount=(one.amount or 0) + change) if one.school == school else one for one in held]
    ).cv.value
    assert found is not None
    return found


def test_nothing_is_over_where_all_is_even() -> None:
    assert over(BASIC) == over(QUALITY) == ()


def test_each_item_over_the_line_of_quality_is_brought_under_by_whole_things() -> None:
    held = [Holding("甲", 100, 1), Holding("乙", 100, 17)]
    (found,) = over(QUALITY, backbone_teachers=held)
    assert (found.item.code, found.limit) == ("backbone_teachers", 0.5)
    assert {way.school for way in found.ways} == {"甲", "乙"}
    for way in found.ways:
        for change in ([way.more] if way.more else []) + ([-way.less] if way.less else []):
            assert change == int(change)
            assert cv_after(held, way.school, change) <= 0.5
            assert cv_after(held, way.school, change - (1 if change > 0 else -1)) > 0.5


def test_the_composite_is_brought_to_its_limit_by_one_item() -> None:
    far = [Holding("甲", 1000, 1), *(Holding(f"乙{n}", 10, 5000) for n in range(3))]
    wide = {item.code: far for item in BASIC.items if item.code != "teachers"}
    held = even(BASIC, **wide)
    found = balance(BASIC, "小学", held)
    assert found.composite.value is not None
    assert found.composite.value > 0.65
    assert overruns(found, held) == (), "no single item is enough here"
    near = [Holding("甲", 100, 1), Holding("乙", 100, 9)]
    held = even(BASIC, **dict.fromkeys(wide, near))
    held["rooms"] = [Holding("甲", 100, 1.0), Holding("乙", 100, 19.0)]
    found = balance(BASIC, "小学", held)
    assert found.composite.value == pytest.approx((6 * 0.8 + 0.9) / 8)
    (rooms, *_) = overruns(found, held)
    assert rooms.item.code == "rooms"
    total = found.composite.value
    assert total is not None
    assert rooms.limit == pytest.approx(0.9 - (total - 0.65) * 8)
    way = rooms.ways[0]
    assert way.more is not None
    after = cv_after(held["rooms"], way.school, way.more)
    assert (6 * 0.8 + after) / 8 == pytest.approx(0.65)


def test_a_school_below_the_level_is_told_how_much_it_lacks() -> None:
    held = even(QUALITY, backbone_teachers=[Holding("甲", 130, 1), Holding("乙", 100, 2)])
    held["grounds"] = [Holding("甲", 100, 700.5), Holding("乙", 100, 750.0)]
    found = shortfalls(balance(QUALITY, "小学", held), held)
    assert [(one.school, one.item.code) for one in found] == [("甲", "backbone_teachers"), ("甲", "grounds")]
    assert [one.more for one in found] == [1.0, pytest.approx(49.5)]
