"""Pairing against trying everything: the cheapest way, with and without mutual pairs."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from dujian_docs.supervision.pairing import AlwaysMutual, Cornered, Costs, Paired, assigned, paired


@st.composite
def costs(draw: st.DrawFn) -> Costs:
    size = draw(st.integers(0, 5))
    cost = st.one_of(st.none(), st.integers(0, 20))
    return [[None if row == column else draw(cost) for column in range(size)] for row in range(size)]


def cheapest(table: Costs, *, mutual: bool) -> int | None:
    """The least cost of all ways, by trying each."""
    found = []
    for way in permutations(range(len(table))):
        prices = [table[row][column] for row, column in enumerate(way)]
        turned = any(way[column] == row for row, column in enumerate(way))
        if None not in prices and (mutual or not turned):
            found.append(sum(price for price in prices if price is not None))
    return min(found, default=None)


def price(table: Costs, way: tuple[int, ...]) -> int:
    assert sorted(way) == list(range(len(table)))
    prices = [table[row][column] for row, column in enumerate(way)]
    assert None not in prices, "a forbidden pair"
    return sum(one for one in prices if one is not None)


@settings(deadline=None)
@given(costs())
def test_the_assignment_is_the_cheapest_or_says_who_is_cornered(table: Costs) -> None:
    found = assigned(table)
    if isinstance(found, Cornered):
        allowed = {at for row in found.rows for at, cost in enumerate(table[row]) if cost is not None}
        assert allowed == set(found.columns)
        assert len(found.columns) < len(found.rows)
        assert cheapest(table, mutual=True) is None
    else:
        assert price(table, found) == cheapest(table, mutual=True)


@settings(deadline=None)
@given(costs())
def test_without_mutual_pairs_it_is_the_cheapest_too(table: Costs) -> None:
    found, best = paired(table, grain=1), cheapest(table, mutual=False)
    if isinstance(found, Paired):
        assert found.proven
        assert price(table, found.columns) == best
        assert all(found.columns[column] != row for row, column in enumerate(found.columns))
    else:
        assert best is None
        if isinstance(found, AlwaysMutual):
            one, other = found.pair
            assert found.proven
            assert table[one][other] is not None
            assert table[other][one] is not None


def test_two_who_may_only_inspect_each_other() -> None:
    assert paired([[None, 1], [1, None]], grain=1) == AlwaysMutual((0, 1), proven=True)


def test_what_cannot_be_searched_to_the_end_is_not_called_proven() -> None:
    """Fourteen couples that never had each other while all else was had: each of them must be parted."""
    size, dear = 28, 1 << 30
    table = [
        [None if row == at else 1 if at == (row + 14) % size else dear for at in range(size)]
        for row in range(size)
    ]
    found = paired(table, grain=1 << 20)
    assert isinstance(found, Paired)
    assert not found.proven
    assert all(found.columns[column] != row for row, column in enumerate(found.columns))
