"""The inter-school coefficient of variation 校际差异系数 of one thing, weighted by pupils. Pure.

With P pupils and A of the thing at each school: mean m = ΣA/ΣP, deviation s = √Σ(P/ΣP)(A/P − m)², cv = s/m
(教督〔2012〕3号). Unweighted it comes out lower or higher, and has made failing counties pass on paper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from dujian_docs.evaluation.figures import Figure, Source, unknown

FORMULA = "weighted_cv"
_LITTLE = Fraction(1, 10**6)
"""A county that is left with less than this part of what it had has nothing."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one school has: its code, its pupils, and the amount; None is what is not known."""

    school: str
    pupils: int | None
    amount: float | None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Pull:
    """A school's part in the figure: what it has per pupil, and its share of all squared deviation (0–1)."""

    school: str
    per_pupil: float
    share: float


@dataclass(frozen=True, slots=True)
class Disparity:
    """The coefficient, mean and standard deviation per pupil, and the schools, strongest pull first."""

    cv: Figure
    mean: float = 0.0
    deviation: float = 0.0
    pulls: tuple[Pull, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """The least a single school's amount must change so that the coefficient meets a limit, the rest as is.

    ``more`` (≥ 0) is the least addition, ``less`` (≥ 0) the least reduction; None where none is enough.
    """

    school: str
    more: float | None
    less: float | None


def disparity(holdings: Sequence[Holding]) -> Disparity:
    """The coefficient over these schools; one without pupils counts for nothing and may have nothing."""
    sources = tuple(source for one in holdings for source in one.sources)
    fault = _fault(holdings)
    known = _counted(holdings)
    pupils = sum(number for _, number, _ in known)
    amount = math.fsum(has for _, _, has in known)
    if not fault and not pupils:
        fault = "没有在校学生"
    if not fault and not amount:
        fault = "各校都没有，均值为 0"
    if fault:
        return Disparity(unknown(fault, "", FORMULA, sources))
    mean = amount / pupils
    terms = [(school, has / number, number * (has / number - mean) ** 2) for school, number, has in known]
    squares = math.fsum(term for _, _, term in terms)
    deviation = math.sqrt(squares / pupils)
    pulls = [Pull(school, each, term / squares if squares else 0.0) for school, each, term in terms]
    pulls.sort(key=lambda pull: (-pull.share, pull.school))
    return Disparity(Figure(deviation / mean, "", FORMULA, sources=sources), mean, deviation, tuple(pulls))


def composite(coefficients: Sequence[Figure]) -> Figure:
    """The composite coefficient 综合差异系数: the plain mean of the single ones; unknown when one is."""
    sources = tuple(source for one in coefficients for source in one.sources)
    values = [one.value for one in coefficients if one.value is not None]
    if not coefficients or len(values) < len(coefficients):
        reason = next((one.reason for one in coefficients if one.reason), "没有单项差异系数")
        return unknown(reason, "", "composite_cv", sources)
    return Figure(math.fsum(values) / len(values), "", "composite_cv", sources=sources)


def changes(holdings: Sequence[Holding], limit: float) -> tuple[Change, ...]:
    """For each school the least change that brings the coefficient to ``limit``, the least first.

    With W pupils, A the sum and Q = ΣA²/P the square of the coefficient is W·Q/A² − 1; so the wanted change d
    of one amount solves (W/p − k)d² + 2(Wa/p − kA)d + (WQ − kA²) ≤ 0 for k = 1 + limit².
    """
    if disparity(holdings).cv.value is None:
        return ()
    known = [(school, number, Fraction(has)) for school, number, has in _counted(holdings)]
    pupils = sum(number for _, number, _ in known)
    amount = sum((has for _, _, has in known), Fraction(0))
    squares = sum((has * has / number for _, number, has in known), Fraction(0))
    k = 1 + Fraction(limit) ** 2
    found = [
        Change(
            school,
            *_least(
                pupils / Fraction(number) - k,
                2 * (pupils * has / number - k * amount),
                pupils * squares - k * amount * amount,
                min(has, amount * (1 - _LITTLE)),
            ),
        )
        for school, number, has in known
    ]
    return tuple(sorted(found, key=_ease))


def _ease(change: Change) -> float:
    """How little has to change."""
    return min((way for way in (change.more, change.less) if way is not None), default=math.inf)


def _least(a: Fraction, b: Fraction, c: Fraction, most_less: Fraction) -> tuple[float | None, float | None]:
    """The least d ≥ 0, and the least d ≤ 0 as its size up to ``most_less``, for which a·d² + b·d + c ≤ 0."""
    if c <= 0:
        return 0.0, 0.0
    roots = _roots(a, b, c)
    more = min((float(root) for root in roots if root > 0), default=None)
    less = min((float(-root) for root in roots if -most_less <= root < 0), default=None)
    return more, less


def _roots(a: Fraction, b: Fraction, c: Fraction) -> tuple[Fraction, ...]:
    """Where a·d² + b·d + c is 0; exact but for the square root, since the terms nearly cancel."""
    if a == 0:
        return (-c / b,) if b else ()
    square = b * b - 4 * a * c
    if square < 0:
        return ()
    half = Fraction(math.sqrt(square))
    return (-b - half) / (2 * a), (-b + half) / (2 * a)


def _counted(holdings: Sequence[Holding]) -> list[tuple[str, int, float]]:
    """School, pupils and amount of those that count."""
    return [(one.school, one.pupils, one.amount) for one in holdings if one.pupils and one.amount is not None]


def _fault(holdings: Sequence[Holding]) -> str:
    """Why nothing can be computed; empty when it can."""
    if not holdings:
        return "没有学校"
    seen: set[str] = set()
    for one in holdings:
        if one.school in seen:
            return f"{one.school} 出现两次"
        seen.add(one.school)
        if one.pupils is None or one.amount is None:
            return f"{one.school} 缺{'在校生数' if one.pupils is None else '数量'}"
        if one.pupils < 0 or one.amount < 0:
            return f"{one.school} 的{'在校生数' if one.pupils < 0 else '数量'}是负数"
        if not one.pupils and one.amount:
            return f"{one.school} 没有在校生却有数量，请核对或先按学段拆分"
    return ""
