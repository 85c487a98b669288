"""The retention rate 巩固率 of a cohort; two formulas are in use and differ as soon as pupils move. Pure.

式甲: graduates of those who once entered, plus who came, minus who left; at most 100 %.
式乙: graduates without who came and with who left, of those in the first year who are alive.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dujian_docs.evaluation.figures import Figure, Source, unknown


class RetentionFormula(StrEnum):
    """Which formula a figure was computed by; it is printed with every figure."""

    A = "retention_a"
    B = "retention_b"

    @property
    def label(self) -> str:
        """What people call it."""
        return "式甲" if self is RetentionFormula.A else "式乙"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Pupils of one school and year of entry; None is what is not known."""

    enrolled: int | None
    graduates: int | None
    moved_in: int | None = 0
    moved_out: int | None = 0
    deaths: int | None = 0


TITLES = {
    "enrolled": "入学人数",
    "graduates": "毕业人数",
    "moved_in": "转入人数",
    "moved_out": "转出人数",
    "deaths": "死亡人数",
}
"""What the numbers of a cohort are called on paper."""


def retention(cohort: Cohort, formula: RetentionFormula, sources: tuple[Source, ...] = ()) -> Figure:
    """The share of the cohort that was kept until it graduated, in per cent."""
    numbers = {name: getattr(cohort, name) for name in TITLES}
    missing = [title for name, title in TITLES.items() if numbers[name] is None]
    negative = [title for name, title in TITLES.items() if (numbers[name] or 0) < 0]
    if missing or negative:
        reason = f"缺{'、'.join(missing)}" if missing else f"{'、'.join(negative)}是负数"
        return unknown(reason, "%", formula, sources)
    part, base = _parts(formula, **numbers)
    if base <= 0 or part < 0:
        return unknown(f"按{formula.label}算，分子 {part}、分母 {base}，人数有矛盾", "%", formula, sources)
    share = 100 * part / base
    if formula is RetentionFormula.A:
        share = min(share, 100.0)
    elif share > 100:
        return unknown(f"按{formula.label}算，{part} 人多于 {base} 人，人数有矛盾", "%", formula, sources)
    return Figure(share, "%", formula, sources=sources)


def _parts(
    formula: RetentionFormula, *, enrolled: int, graduates: int, moved_in: int, moved_out: int, deaths: int
) -> tuple[int, int]:
    """Numerator and denominator."""
    if formula is RetentionFormula.A:
        return graduates, enrolled + moved_in - moved_out
    return graduates - moved_in + moved_out, enrolled - deaths
