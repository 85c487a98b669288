"""Whether a county is balanced: 基本均衡 by the composite coefficient, 优质均衡 by all and by school."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from dujian_docs.evaluation.disparity import Disparity, Holding, composite, disparity
from dujian_docs.evaluation.figures import Figure, Verdict, rounded

_DIGITS = 9
"""Beyond these a difference is the computer's, not the county's."""


@dataclass(frozen=True, slots=True)
class BalanceItem:
    """One thing that schools must have alike; ``levels``: section → what a school must have per ``per``."""

    code: str
    title: str
    unit: str
    per: int
    levels: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class BalanceStandard:
    """A standard: its items, the limit of the coefficient by section, and what every school must reach.

    ``rule``: ``composite`` judges the mean of the coefficients, ``each`` every one. ``items_to_reach`` is
    how many levels a school must reach, 0 when none is asked for; of the others it needs ``least_share``.
    """

    title: str
    basis: str
    rule: Literal["composite", "each"]
    limits: Mapping[str, float]
    items: tuple[BalanceItem, ...]
    items_to_reach: int = 0
    least_share: float = 0.0


@dataclass(frozen=True, slots=True)
class SchoolLevels:
    """What one school has of each item, scaled as the standard asks, and whether that is enough."""

    school: str
    values: Mapping[str, float]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Balance:
    """A county's schools of one section against a standard."""

    standard: BalanceStandard
    section: str
    disparities: Mapping[str, Disparity]
    composite: Figure
    schools: tuple[SchoolLevels, ...]
    verdict: Verdict


@cache
def standards() -> Mapping[str, BalanceStandard]:
    """The standards that are known: ``basic`` and ``quality``."""
    told = tomllib.loads(files("dujian_docs.evaluation").joinpath("standards.toml").read_text("utf-8"))
    return MappingProxyType({name: _standard(one) for name, one in told.items()})


def balance(standard: BalanceStandard, section: str, holdings: Mapping[str, Sequence[Holding]]) -> Balance:
    """The county's coefficients, its schools' levels and the verdict.

    Args:
        standard: which.
        section: 小学 or 初中.
        holdings: item code → what every school of the section has of it.

    Raises:
        KeyError: the standard sets no limit for the section.
    """
    limit = standard.limits[section]
    found = {item.code: disparity(holdings.get(item.code, ())) for item in standard.items}
    together = composite([one.cv for one in found.values()])
    schools = _schools(standard, section, holdings)
    if standard.rule == "composite":
        parts = [_within("综合差异系数", together, limit)]
    else:
        parts = [_within(item.title, found[item.code].cv, limit) for item in standard.items]
    parts += [one.verdict for one in schools]
    return Balance(standard, section, MappingProxyType(found), together, schools, Verdict.of(parts))


def _within(title: str, cv: Figure, limit: float) -> Verdict:
    """Whether a coefficient is at most the limit, before rounding."""
    if cv.value is None:
        return Verdict(None, (f"{title}：{cv.reason}",))
    sign, passed = ("≤", True) if round(cv.value, _DIGITS) <= limit else (">", False)
    return Verdict(passed, (f"{title} {rounded(cv.value, 4)} {sign} {limit:g}",))


def _schools(
    standard: BalanceStandard, section: str, holdings: Mapping[str, Sequence[Holding]]
) -> tuple[SchoolLevels, ...]:
    """Every school against the levels; none when the standard sets none."""
    if not standard.items_to_reach:
        return ()
    has = {item.code: {one.school: one for one in holdings.get(item.code, ())} for item in standard.items}
    names = dict.fromkeys(school for schools in has.values() for school in schools)
    return tuple(_school(standard, section, name, has) for name in names)


def _school(
    standard: BalanceStandard, section: str, school: str, has: Mapping[str, Mapping[str, Holding]]
) -> SchoolLevels:
    values: dict[str, float] = {}
    short: list[tuple[float, str]] = []
    for item in standard.items:
        one = has[item.code].get(school)
        if one is None or not one.pupils or one.amount is None:
            return SchoolLevels(school, values, Verdict(None, (f"{school}：缺{item.title}的数据",)))
        values[item.code] = item.per * one.amount / one.pupils
        level = item.levels[section]
        if round(values[item.code], _DIGITS) < level:
            share = values[item.code] / level
            short.append((share, f"{item.title} {rounded(values[item.code], 2)}（标准 {level:g}）"))
    reached = len(standard.items) - len(short)
    low = [words for share, words in short if round(share, _DIGITS) < standard.least_share]
    if low:
        reason = f"{school}：{'、'.join(low)}，不到标准的 {standard.least_share:.0%}"
    elif reached < standard.items_to_reach:
        reason = f"{school}：只有 {reached} 项达到标准，{'、'.join(words for _, words in short)}"
    else:
        return SchoolLevels(school, values, Verdict(passed=True))
    return SchoolLevels(school, values, Verdict(passed=False, reasons=(reason,)))


def _standard(told: Mapping[str, object]) -> BalanceStandard:
    entries = dict(told)
    items = tuple(
        BalanceItem(one["code"], one["title"], one["unit"], one.get("per", 1), one.get("levels", {}))
        for one in entries.pop("items")  # type: ignore[attr-defined]  # read from our own file
    )
    return BalanceStandard(items=items, **entries)  # type: ignore[arg-type]
