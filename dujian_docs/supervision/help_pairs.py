"""Help pairs (结对帮扶) held against what they must reach in a year. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dujian_docs.records.score_models import HelpPair

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class PairRules:
    """What a pair must reach in a year: reports heard, funds in yuan; and guidance in every month."""

    reports_heard: int = 3
    least_funds: float = 10_000
    monthly: bool = True


@dataclass(frozen=True, slots=True)
class PairState:
    """A pair and what it still lacks, a sentence each; nothing when it is as it should be."""

    pair: HelpPair
    lacks: tuple[str, ...]


def pair_states(
    pairs: Sequence[HelpPair], *, year: int, today: date, rules: PairRules
) -> tuple[PairState, ...]:
    """The year's pairs; of the present year guidance is asked for in the months that are over."""
    months = _MONTHS if year < today.year else today.month - 1 if year == today.year else 0
    held = sorted((one for one in pairs if one.year == year), key=lambda one: one.code)
    return tuple(PairState(one, tuple(_lacks(one, months, rules))) for one in held)


def _lacks(one: HelpPair, months: int, rules: PairRules) -> Iterator[str]:
    over = months == _MONTHS
    if over and one.reports_heard < rules.reports_heard:
        yield f"听汇报 {one.reports_heard} 次，应不少于 {rules.reports_heard} 次"
    if rules.monthly and one.months_guided < months:
        yield f"{months} 个月里有指导的 {one.months_guided} 个月，应每月都有"
    if one.guidance_visits < one.months_guided:
        yield f"指导 {one.guidance_visits} 次，却有 {one.months_guided} 个月有指导，两个数有矛盾"
    if over and one.funds < rules.least_funds:
        yield f"筹资 {one.funds:g} 元，应不少于 {rules.least_funds:g} 元"
    if not one.problems:
        yield "没有问题清单"
    if not one.measures:
        yield "没有帮扶措施"
