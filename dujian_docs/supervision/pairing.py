"""Pairs everyone with someone at the least cost, no two with each other. Pure; knows numbers only.

The first part is the assignment problem, solved by shortest augmenting paths with potentials (the Hungarian
method, O(n³)). Its answers may hold mutual pairs; those are forbidden one way or the other, and the cheapest
answer without any is found by branching with bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Costs = Sequence[Sequence[int | None]]
"""What it costs to pair a row with a column; None where that is forbidden."""
_WORK = 15_000_000
"""Steps after which the search is content with the best it has; some seconds."""
_LEAST_TRIES = 30


@dataclass(frozen=True, slots=True)
class Cornered:
    """Why not everyone can be paired: these rows may only be paired with these columns, which are fewer."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paired:
    """The column of each row; ``proven`` when there is no cheaper way but for less than a ``grain``."""

    columns: tuple[int, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class AlwaysMutual:
    """Everyone can be paired, but never without a mutual pair, such as this one.

    ``proven`` is false when the search ended before it had seen every way.
    """

    pair: tuple[int, int]
    proven: bool


def paired(costs: Costs, *, grain: int) -> Paired | Cornered | AlwaysMutual:
    """The cheapest way of pairing every row with a column of its own, no two rows with each other.

    Args:
        costs: as many rows as columns; row and column of the same number are the same one.
        grain: differences of cost below this are not worth looking for.
    """
    first = assigned(costs)
    if isinstance(first, Cornered):
        return first
    tries = max(_LEAST_TRIES, _WORK // max(len(costs), 1) ** 3)
    best: tuple[int, tuple[int, ...]] | None = None
    waiting = [(first, frozenset[tuple[int, int]]())]
    while waiting and tries:
        columns, forbidden = waiting.pop()
        cost = _cost(costs, columns)
        if best and cost // grain >= best[0] // grain:
            continue
        mutual = _mutual(columns)
        if mutual is None:
            best = (cost, columns)
            continue
        tries -= 1
        ways = []
        for pair in (mutual, mutual[::-1]):
            without = forbidden | {pair}
            way = assigned(_forbidding(costs, without))
            if not isinstance(way, Cornered):
                ways.append((way, without))
        waiting += sorted(ways, key=lambda way: _cost(costs, way[0]), reverse=True)  # the cheaper one next
    if best:
        return Paired(best[1], proven=not waiting)
    return AlwaysMutual(_mutual(first) or (0, 0), proven=not waiting)


def assigned(costs: Costs) -> tuple[int, ...] | Cornered:
    """The column of each row, every column once, at the least cost in all; or why that cannot be."""
    size = len(costs)
    row_of: list[int | None] = [None] * size
    row_price, column_price = [0] * size, [0] * size
    for row in range(size):
        reached = _reach(costs, row, row_of, row_price, column_price)
        if isinstance(reached, Cornered):
            return reached
        column, came_from = reached
        while True:  # along the path back to the new row, everyone moves one column up
            before = came_from[column]
            row_of[column] = row_of[before] if before is not None else row
            if before is None:
                break
            column = before
    columns = {row: column for column, row in enumerate(row_of)}
    return tuple(columns[row] for row in range(size))


def _reach(
    costs: Costs,
    start: int,
    row_of: Sequence[int | None],
    row_price: list[int],
    column_price: list[int],
) -> tuple[int, Sequence[int | None]] | Cornered:
    """A free column that the row ``start`` reaches most cheaply, and for each column the one before it."""
    size = len(costs)
    nearest: list[int | None] = [None] * size
    came_from: list[int | None] = [None] * size
    rows, seen = [start], [False] * size
    row, via = start, None
    while True:
        for column in range(size):
            cost = costs[row][column]
            if seen[column] or cost is None:
                continue
            reduced = cost - row_price[row] - column_price[column]
            known = nearest[column]
            if known is None or reduced < known:
                nearest[column], came_from[column] = reduced, via
        next_ones = [(near, at) for at, near in enumerate(nearest) if near is not None and not seen[at]]
        if not next_ones:
            return Cornered(tuple(sorted(rows)), tuple(at for at in range(size) if seen[at]))
        step, chosen = min(next_ones)
        for one in rows:
            row_price[one] += step
        for column in range(size):
            near = nearest[column]
            if seen[column]:
                column_price[column] -= step
            elif near is not None:
                nearest[column] = near - step
        seen[chosen] = True
        holder = row_of[chosen]
        if holder is None:
            return chosen, came_from
        rows.append(holder)
        row, via = holder, chosen


def _cost(costs: Costs, columns: Sequence[int]) -> int:
    return sum(costs[row][column] or 0 for row, column in enumerate(columns))


def _mutual(columns: Sequence[int]) -> tuple[int, int] | None:
    """The first two that are paired with each other."""
    return next(
        ((row, column) for row, column in enumerate(columns) if row < column and columns[column] == row), None
    )


def _forbidding(costs: Costs, pairs: frozenset[tuple[int, int]]) -> Costs:
    return [
        [None if (row, column) in pairs else cost for column, cost in enumerate(line)]
        for row, line in enumerate(costs)
    ]
