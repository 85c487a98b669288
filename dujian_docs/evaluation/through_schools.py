"""What a school of several sections (一贯制学校) has in common, split between its sections. Pure.

Buildings, grounds, equipment, computers and books are split by weighted pupils; teachers are counted where
they teach and are not split.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

_WEIGHTS = {
    ("小学", "初中"): ("1", "1.1"),
    ("初中", "高中"): ("1", "1.2"),
    ("小学", "初中", "高中"): ("1", "1.1", "1.32"),
}


class SplitRounding(StrEnum):
    """How offices round; both ways are in use, and the tables differ by a few books."""

    EXACT = "不舍入"
    PER_PUPIL_FIRST = "先舍入生均"


def split(
    total: float, pupils: Sequence[tuple[str, int]], rounding: SplitRounding = SplitRounding.EXACT
) -> dict[str, float]:
    """What each section gets of ``total``, all of it together.

    With ``PER_PUPIL_FIRST`` the amount per weighted pupil is rounded half up to one digit, every section but
    the highest gets that times its weighted pupils, and the highest the rest.

    Args:
        total: what the whole school has.
        pupils: (section, pupils) from the lowest section to the highest.
        rounding: how.

    Raises:
        ValueError: no weights are known for these sections; there are no pupils, or fewer than none, or so
            little to split that rounding gives away more than there is.
    """
    weights = _WEIGHTS.get(tuple(section for section, _ in pupils))
    if weights is None:
        raise ValueError(f"no weights are known for {pupils}")
    weighted = {
        section: number * Fraction(weight) for (section, number), weight in zip(pupils, weights, strict=True)
    }
    if total < 0 or min(weighted.values()) < 0 or not any(weighted.values()):
        raise ValueError(f"{total} cannot be split over {pupils}")
    whole = Fraction(repr(total))
    per_pupil = whole / sum(weighted.values())
    if rounding is SplitRounding.PER_PUPIL_FIRST:
        per_pupil = Fraction((per_pupil * 20 + 1) // 2, 10)
    shares = {section: per_pupil * number for section, number in weighted.items()}
    *lower, highest = (section for section in shares if weighted[section])
    shares[highest] = whole - sum(shares[section] for section in lower)
    if shares[highest] < 0:
        raise ValueError(f"{total} is too little to be rounded per pupil")
    return {section: float(share) for section, share in shares.items()}
