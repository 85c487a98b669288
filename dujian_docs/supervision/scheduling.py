"""Who inspects whom in the cross-inspections (交叉检查) of a year. Pure, and the same for the same input.

In every batch each unit inspects one other and is inspected by one. Always kept:

1. Nobody inspects itself, nor whom the office excuses it from (回避), either way round.
2. No two inspect each other in one batch.
3. Nobody inspects the same unit twice in a year.

Among the ways that are left, in this order: fewest repeats of what earlier years had (the squares of the
times added up, so that a third time weighs more than two second times); fewest pairs that were the
other way round in an earlier batch of the year; among repeats, those that were had longest ago; then by lot.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dujian_docs.errors import InputInvalid
from dujian_docs.records.models import Unit
from dujian_docs.supervision.pairing import AlwaysMutual, Cornered, Paired, paired
from dujian_docs.wording import joined

FEWEST = 3
"""Two units could only inspect each other."""
_LOT = 1 << 16
_LONG_AGO = 9
"""Years after which it no longer matters how long ago a pair was had."""
_ATTEMPTS = 20
"""How often lots are drawn anew when the first batches leave no way for a later one."""
_NAMED = 8
_REMEDY = (
    "让更多单位参加，或者改设置 cross_inspection.avoid（回避的单位）、cross_inspection.batches（每年批数）"
)


@dataclass(frozen=True, slots=True)
class PastPair:
    """Who inspected whom in which batch of which year; 0 where the records do not say."""

    year: int
    number: int
    inspecting: str
    inspected: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class CrossPair:
    """Who inspects whom, as which team; how often that was in earlier years, and when last (0: not known)."""

    team: str
    inspecting: str
    inspected: str
    times: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class CrossBatch:
    """A batch of cross-inspections; one that was ``held`` or planned before stays as it is."""

    number: int
    pairs: tuple[CrossPair, ...]
    held: bool = False


@dataclass(frozen=True, slots=True)
class CrossSchedule:
    """The batches of a year; ``proven`` when no other way has fewer repeats."""

    year: int
    batches: tuple[CrossBatch, ...]
    proven: bool = True

    @property
    def planned(self) -> tuple[CrossBatch, ...]:
        """The batches that are new."""
        return tuple(batch for batch in self.batches if not batch.held)


def cross_schedule(
    units: Iterable[Unit],
    past: Iterable[PastPair],
    *,
    year: int,
    batches: int,
    seed: str,
    avoid: Collection[tuple[str, str]] = (),
) -> CrossSchedule:
    """The cross-inspections of a year; batches that ``past`` has of this year are kept as they are.

    Args:
        units: those taking part; their order says nothing.
        past: what earlier years had, and this year so far; units that no longer take part may be in it.
        year: the year to plan.
        batches: how many there are in a year.
        seed: what lots are drawn from where nothing else decides.
        avoid: codes of units that never inspect each other.

    Raises:
        InputInvalid: there is no such schedule; says which units and rules are in the way, and what to do.
    """
    names = {one.code: one.name for one in units}
    had = tuple(sorted(past, key=lambda one: (one.year, one.number, one.inspecting, one.inspected)))
    held = tuple(_held(had, year, batches))
    missing = [number for number in range(1, batches + 1) if number not in {one.number for one in held}]
    _refuse_hopeless(names, batches=batches, year=year, missing=missing)
    if not missing:
        return CrossSchedule(year, held)
    excused = frozenset(pair for one, other in avoid for pair in ((one, other), (other, one)))
    hands = (_Hand(names, excused, year, f"{seed}/{attempt}") for attempt in range(_ATTEMPTS))
    dealt = _first_dealt(hands, had, missing)
    if isinstance(dealt, _Stuck):
        raise InputInvalid(dealt.problem, remedy=_REMEDY)
    whole = sorted((*held, *dealt.batches), key=lambda one: one.number)
    return CrossSchedule(year, tuple(whole), dealt.proven)


def _first_dealt(
    hands: Iterable[_Hand], had: Sequence[PastPair], missing: Sequence[int]
) -> CrossSchedule | _Stuck:
    """What the first hand dealt that was not stuck, or why the last one was."""
    dealt: CrossSchedule | _Stuck = _Stuck("", at_once=False)
    for hand in hands:
        dealt = hand.deal(had, missing)
        if isinstance(dealt, CrossSchedule) or dealt.at_once:
            break
    return dealt


def _held(had: Sequence[PastPair], year: int, batches: int) -> Iterator[CrossBatch]:
    for number in range(1, batches + 1):
        pairs = [one for one in had if (one.year, one.number) == (year, number)]
        if pairs:
            before = _Times(one for one in had if one.year != year)
            yield CrossBatch(
                number,
                tuple(before.pair(one.team, one.inspecting, one.inspected) for one in pairs),
                held=True,
            )


def _refuse_hopeless(names: Mapping[str, str], *, batches: int, year: int, missing: Sequence[int]) -> None:
    if missing and len(names) < FEWEST:
        told = f"（{joined(names.values())}）" if names else ""
        raise InputInvalid(
            f"{year}年的交叉检查排不出：只有 {len(names)} 个单位参加{told}，不自查、不互查至少要 {FEWEST} 个",
            remedy="用 --unit 写明参加的单位，或者改设置 cross_inspection.units（哪一类单位参加）",
        )
    if missing and batches > len(names) - 1:
        raise InputInvalid(
            f"{year}年的交叉检查排不出：{len(names)} 个单位，每个单位能查的别的单位只有 {len(names) - 1} 个，"
            f"一年 {batches} 批必有重复",
            remedy="把每年的批数（设置 cross_inspection.batches）减少，或者让更多单位参加",
        )


class _Times:
    """How often pairs were had, and when last."""

    def __init__(self, had: Iterable[PastPair]) -> None:
        self._times: Counter[tuple[str, str]] = Counter()
        self._last: dict[tuple[str, str], int] = {}
        for one in had:
            pair = (one.inspecting, one.inspected)
            self._times[pair] += 1
            self._last[pair] = max(one.year, self._last.get(pair, 0))

    def pair(self, team: str, inspecting: str, inspected: str) -> CrossPair:
        pair = (inspecting, inspected)
        return CrossPair(team, *pair, self._times[pair], self._last.get(pair, 0))


@dataclass(frozen=True, slots=True)
class _Stuck:
    """There is no way for a batch; ``at_once`` when that is so whatever the batches before it are."""

    problem: str
    at_once: bool


@dataclass(frozen=True, slots=True)
class _Hand:
    """What one drawing of lots deals out."""

    names: Mapping[str, str]
    excused: frozenset[tuple[str, str]]
    year: int
    salt: str

    def deal(self, had: Sequence[PastPair], numbers: Sequence[int]) -> CrossSchedule | _Stuck:
        """The batches of these numbers, or why one of them cannot be."""
        before = _Times(one for one in had if one.year != self.year)
        this_year = {(one.inspecting, one.inspected) for one in had if one.year == self.year}
        codes = sorted(self.names)
        dealt: list[CrossBatch] = []
        proven = True
        for number in numbers:
            costs = [[self._cost(one, other, number, before, this_year) for other in codes] for one in codes]
            found = paired(costs, grain=(len(codes) + 1) * _LOT)
            if not isinstance(found, Paired):
                told = (
                    self._cornered(found, codes, this_year)
                    if isinstance(found, Cornered)
                    else self._always_mutual(found, codes)
                )
                return _Stuck(f"{self.year}年第 {number} 批交叉检查排不出：{told}", at_once=not dealt)
            pairs = [(one, codes[at]) for one, at in zip(codes, found.columns, strict=True)]
            teams = tuple(before.pair(f"第{at}组", *pair) for at, pair in enumerate(pairs, start=1))
            dealt.append(CrossBatch(number, teams))
            this_year.update(pairs)
            proven = proven and found.proven
        return CrossSchedule(self.year, tuple(dealt), proven)

    def _cost(
        self, one: str, other: str, number: int, before: _Times, this_year: Collection[tuple[str, str]]
    ) -> int | None:
        """What it costs that ``one`` inspects ``other``: each level outweighs all of the next."""
        if one == other or (one, other) in self.excused or (one, other) in this_year:
            return None
        many = len(self.names) + 1
        pair = before.pair("", one, other)
        recent = max(0, _LONG_AGO - abs(self.year - pair.last)) if pair.times else 0
        turned = (other, one) in this_year
        lot = hashlib.sha256(f"{self.salt}/{self.year}/{number}/{one}/{other}".encode()).digest()
        weighed = (pair.times**2 * many + turned) * _LONG_AGO * many + recent
        return weighed * many * _LOT + int.from_bytes(lot[:2], "big")

    def _cornered(self, why: Cornered, codes: Sequence[str], this_year: Collection[tuple[str, str]]) -> str:
        rows, columns = [codes[at] for at in why.rows], [codes[at] for at in why.columns]
        counts = {
            "回避": sum((row, other) in self.excused for row in rows for other in codes),
            "本年已经查过": sum((row, other) in this_year for row in rows for other in codes),
        }
        rules = joined(f"{rule} {count} 对" for rule, count in counts.items() if count)
        left = f"只能查{self._named(columns)}" if columns else "没有可以查的单位"
        all_of = f"这 {len(rows)} 个单位都" if len(rows) > 1 else ""
        return f"{self._named(rows)}{all_of}{left}（除去{rules}）"

    def _always_mutual(self, why: AlwaysMutual, codes: Sequence[str]) -> str:
        one, other = (self.names[codes[at]] for at in why.pair)
        how = "不管怎么排" if why.proven else "试过的排法里"
        return f"要人人都查、都被查，{how}都有两个单位互查（如{one}和{other}）"

    def _named(self, codes: Sequence[str]) -> str:
        told = joined(self.names[code] for code in codes[:_NAMED])
        return f"{told}等 {len(codes)} 个单位" if len(codes) > _NAMED else told
