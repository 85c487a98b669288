"""Scores of an indicator tree: points that add up, sums by level, bonus, vetoes that undo all. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ScoredIndicator:
    """An indicator of the tree: its code, the code above it (empty at the top), and its points."""

    code: str
    parent: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points given beyond the tree, and for what."""

    title: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Veto:
    """A veto 一票否决 that was found, the indicator it belongs to and the files that show it."""

    title: str
    indicator: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What came out: the sum of every indicator that is known, the total without bonus, and the bonus.

    ``missing`` are lowest indicators without a score: sums above them are not known, and neither is the
    ``total``. ``bonus`` is cut at what the rules allow.
    """

    sums: Mapping[str, Decimal]
    total: Decimal | None
    bonus: Decimal
    missing: tuple[str, ...]
    vetoes: tuple[Veto, ...]


def points_faults(indicators: Sequence[ScoredIndicator], total: Decimal) -> tuple[str, ...]:
    """Where the tree's points do not add up, a sentence each."""
    faults = []
    for code, points, below in _levels(indicators, total):
        added = sum((one.points for one in below), Decimal(0))
        if below and added != points:
            name = f"{code} 的下级指标" if code else "一级指标"
            wanted = f"{code} 的分值" if code else "总分"
            faults.append(f"{name}分值合计 {added}，与{wanted} {points} 不符")
    return tuple(faults)


def score(
    indicators: Sequence[ScoredIndicator],
    scores: Mapping[str, Decimal | None],
    *,
    bonuses: Sequence[Bonus] = (),
    most_bonus: Decimal = Decimal(0),
    vetoes: Sequence[Veto] = (),
) -> ScoreSheet:
    """The sheet for these scores of the lowest indicators.

    Raises:
        ValueError: an indicator hangs on none that is there; a score is of no lowest indicator, below 0 or
            above the indicator's points; or a veto has no evidence. Says which.
    """
    below: dict[str, list[str]] = {}
    for one in indicators:
        below.setdefault(one.parent, []).append(one.code)
    _check_rooted(indicators, below)
    parents = {one.parent for one in indicators}
    lowest = {one.code: one.points for one in indicators if one.code not in parents}
    for code, value in scores.items():
        if code not in lowest:
            raise ValueError(f"{code} 不是末级指标")
        if value is not None and not 0 <= value <= lowest[code]:
            raise ValueError(f"{code} 得 {value} 分，应在 0 到 {lowest[code]} 之间")
    for veto in vetoes:
        if not veto.evidence:
            raise ValueError(f"一票否决“{veto.title}”没有佐证")
    sums = {code: value for code in lowest if (value := scores.get(code)) is not None}

    def add_up(code: str) -> Decimal | None:
        if code in below:
            parts = [add_up(child) for child in below[code]]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            sums[code] = sum(known, Decimal(0))
        return sums.get(code)

    total = add_up("") if indicators else None
    sums.pop("", None)
    added = sum((one.points for one in bonuses), Decimal(0))
    missing = tuple(code for code in lowest if code not in sums)
    return ScoreSheet(MappingProxyType(sums), total, min(added, most_bonus), missing, tuple(vetoes))


def _check_rooted(indicators: Sequence[ScoredIndicator], below: Mapping[str, Sequence[str]]) -> None:
    """Every indicator is reached from the top, once."""
    reached: list[str] = []
    due = [""]
    while due and len(reached) <= len(indicators):
        children = below.get(due.pop(), ())
        reached += children
        due += children
    if sorted(reached) != sorted(one.code for one in indicators):
        lost = sorted({one.code for one in indicators} - set(reached))
        raise ValueError(f"指标 {'、'.join(lost) or '代码'} 没有挂在指标体系里，或有重复")


def _levels(
    indicators: Sequence[ScoredIndicator], total: Decimal
) -> list[tuple[str, Decimal, list[ScoredIndicator]]]:
    """Every indicator with those right below it; first the whole, without a code."""
    heads = [("", total), *((one.code, one.points) for one in indicators)]
    return [(code, points, [one for one in indicators if one.parent == code]) for code, points in heads]
