"""Whom a special inspection should go to: many problems, frequent tips, slow progress (专项检查). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dujian_docs.records.models import Finding, FindingStatus
from dujian_docs.records.supervision_models import Tip, TipState
from dujian_docs.supervision.rollups import RollupReport


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for each finding that is open, overdue, or relapsed; each tip; each item one is behind in."""

    open: float = 1
    overdue: float = 2
    relapsed: float = 3
    tip: float = 2
    behind: float = 1
    not_reported: float = 2


@dataclass(frozen=True, slots=True)
class Target:
    """A unit, its points, and what they are for: how many of what, in the order of the weights."""

    unit: str
    points: float
    reasons: tuple[str, ...]


def targets(
    findings: Sequence[Finding],
    tips: Sequence[Tip],
    roll_up: RollupReport | None,
    *,
    today: date,
    weights: Weights,
) -> tuple[Target, ...]:
    """The units that have points, those with most first; of the tips those of the year up to today."""
    counts = _counts(findings, tips, roll_up, today=today)
    each = (
        ("整改未完", weights.open, "个"),
        ("整改逾期", weights.overdue, "个"),
        ("反弹", weights.relapsed, "个"),
        ("举报", weights.tip, "件"),
        ("调度靠后", weights.behind, "项"),
        ("调度未报", weights.not_reported, "期"),
    )
    found: list[Target] = []
    for unit in sorted({unit for count in counts.values() for unit in count}):
        points = sum(weight * counts[name][unit] for name, weight, _ in each)
        told = [f"{name} {counts[name][unit]} {word}" for name, _, word in each if counts[name][unit]]
        if points > 0:
            found.append(Target(unit, points, tuple(told)))
    return tuple(sorted(found, key=lambda one: (-one.points, one.unit)))


def _counts(
    findings: Sequence[Finding], tips: Sequence[Tip], roll_up: RollupReport | None, *, today: date
) -> Mapping[str, Counter[str]]:
    live = [one for one in findings if one.status is not FindingStatus.CLOSED]
    near = [
        one
        for one in tips
        if one.unit and one.state is not TipState.REJECTED and 0 <= (today - one.received_date).days <= _YEAR
    ]
    return {
        "整改未完": _by(one.unit for one in live if one.status is not FindingStatus.RELAPSED),
        "整改逾期": _by(one.unit for one in live if one.deadline and one.deadline < today),
        "反弹": _by(one.unit for one in live if one.status is FindingStatus.RELAPSED),
        "举报": _by(one.unit or "" for one in near),
        "调度靠后": _by(line.unit for item in roll_up.items for line in item.last) if roll_up else Counter(),
        "调度未报": Counter(roll_up.missing) if roll_up else Counter(),
    }


_YEAR = 365


def _by(units: Iterable[str]) -> Counter[str]:
    return Counter(units)
