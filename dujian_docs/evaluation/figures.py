"""A figure with its unit, its formula and what it was computed from, or the reason why there is none. Pure.

Nothing is guessed: where a number is missing, zero where it divides, or contradicts another one, the figure
is 无法判定 and says why.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

UNDETERMINED = "无法判定"
Number = int | float


@dataclass(frozen=True, slots=True)
class Source:
    """The field of a record, in one of its versions, that an input was read from."""

    kind: str
    key: str
    field: str
    version: int


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` in ``unit``, by the formula of that identifier; None, with the ``reason``, when unknown."""

    value: float | None
    unit: str
    formula: str
    reason: str = ""
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if (self.value is None) == (not self.reason):
            raise ValueError("a figure has a value, or else a reason")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"{self.value} is no figure")

    def shown(self, digits: int = 2) -> str:
        """The value as people print it, rounded half up, with its unit; or 无法判定."""
        return UNDETERMINED if self.value is None else f"{rounded(self.value, digits)}{self.unit}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``passed``: True 达标, False 未达标, None 无法判定; with what speaks for it, a sentence each."""

    passed: bool | None
    reasons: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The verdict in one word."""
        return UNDETERMINED if self.passed is None else "达标" if self.passed else "未达标"

    @classmethod
    def of(cls, parts: Iterable[Verdict]) -> Verdict:
        """All parts together: one that fails is enough to fail, one that is unknown leaves the rest unknown.

        The reasons are those of the parts that decided it.
        """
        parts = tuple(parts)
        outcomes = [part.passed for part in parts]
        passed = False if False in outcomes else None if None in outcomes or not parts else True
        reasons = (reason for part in parts if part.passed is passed for reason in part.reasons)
        return cls(passed, tuple(reasons) if parts else ("没有可以判定的数据",))


def rounded(value: float, digits: int) -> str:
    """The value with so many digits behind the point, a five rounded up as it is taught (四舍五入)."""
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def unknown(reason: str, unit: str, formula: str, sources: tuple[Source, ...] = ()) -> Figure:
    """A figure that cannot be told."""
    return Figure(None, unit, formula, reason, sources)
