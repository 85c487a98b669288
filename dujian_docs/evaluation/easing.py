"""What would bring a section under the line: the least change of one school alone. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dujian_docs.evaluation.balance import Balance, BalanceItem
from dujian_docs.evaluation.disparity import Holding, changes, disparity
from dujian_docs.evaluation.holdings import is_counted

_DIGITS = 9
"""Beyond these a difference is the computer's, not the county's."""


@dataclass(frozen=True, slots=True)
class Ease:
    """What one school alone would have to gain or give up of one item; whole things are whole numbers.

    ``more``, ``less``: None where that way does not lead under the line.
    """

    school: str
    more: float | None
    less: float | None


@dataclass(frozen=True, slots=True)
class Overrun:
    """An item whose coefficient has to come down to ``limit``, and the ways there, the easiest first."""

    item: BalanceItem
    cv: float
    limit: float
    ways: tuple[Ease, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A school below the level of an item: what it has, the level, and the amount it lacks."""

    school: str
    item: BalanceItem
    value: float
    level: float
    more: float


def overruns(found: Balance, held: Mapping[str, Sequence[Holding]]) -> tuple[Overrun, ...]:
    """The items over the line, the widest first, each with what would bring it under.

    Where the composite is judged, ``limit`` of an item is what it would have to be for the composite to meet
    its own limit, the other items staying as they are; items that cannot do it alone are left out.
    """
    items = {item.code: item for item in found.standard.items}
    limit = found.standard.limits[found.section]
    values = {code: one.cv.value for code, one in found.disparities.items()}
    known = {code: value for code, value in values.items() if value is not None}
    if found.standard.rule == "composite":
        total = found.composite.value
        if total is None or round(total, _DIGITS) <= limit:
            return ()
        surplus = math.fsum(known.values()) - limit * len(items)
        wanted = {code: value - surplus for code, value in known.items() if value > surplus}
    else:
        wanted = {code: limit for code, value in known.items() if round(value, _DIGITS) > limit}
    over = [
        Overrun(items[code], known[code], least, _ways(held[code], code, least))
        for code, least in wanted.items()
    ]
    return tuple(sorted(over, key=lambda one: (-one.cv, one.item.code)))


def shortfalls(found: Balance, held: Mapping[str, Sequence[Holding]]) -> tuple[Shortfall, ...]:
    """Every school's items that are below their level, by school; none where the standard sets no levels."""
    pupils = {(code, one.school): one.pupils or 0 for code, several in held.items() for one in several}
    short = []
    for school in found.schools:
        for item in found.standard.items:
            value = school.values.get(item.code)
            level = item.levels[found.section]
            if value is None or round(value, _DIGITS) >= level:
                continue
            more = (level - value) * pupils[item.code, school.school] / item.per
            short.append(Shortfall(school.school, item, value, level, _whole(more, item.code)))
    return tuple(short)


def _whole(amount: float, field: str) -> float:
    return float(math.ceil(round(amount, _DIGITS))) if is_counted(field) else amount


def _ways(held: Sequence[Holding], field: str, limit: float) -> tuple[Ease, ...]:
    found = []
    for change in changes(held, limit):
        more = _proven(held, change.school, change.more, 1, field, limit)
        less = _proven(held, change.school, change.less, -1, field, limit)
        if more is not None or less is not None:
            found.append(Ease(change.school, more, less))
    return tuple(found)


def _proven(
    held: Sequence[Holding], school: str, change: float | None, sign: int, field: str, limit: float
) -> float | None:
    """The change rounded up to what a school can count; None where that no longer meets the limit."""
    if change is None or not is_counted(field):
        return change
    whole = _whole(change, field)
    after = [
        replace(one, amount=(one.amount or 0) + sign * whole) if one.school == school else one for one in held
    ]
    cv = disparity(after).cv.value
    return whole if cv is not None and round(cv, _DIGITS) <= round(limit, _DIGITS) else None
