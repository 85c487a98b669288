"""What a score or a row of grades comes to under the rules of an evaluation. Pure.

「以上」 counts the number itself (85 passes where 85 is asked for).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from dujian_docs.evaluation.figures import Verdict
from dujian_docs.evaluation.scoring import ScoreSheet


@dataclass(frozen=True, slots=True)
class PassRule:
    """What a county needs: so many points in all, so many in some indicators, and no veto.

    ``bonus_counts``: whether bonus points help to reach the total; rules that do not say so leave it to the
    office, as a setting.
    """

    total: Decimal = Decimal(85)
    parts: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({"A2": Decimal(26)}))
    bonus_counts: bool = False


def verdict(sheet: ScoreSheet, rule: PassRule = PassRule()) -> Verdict:
    """Whether the score passes; a veto is enough to fail, whatever else is missing."""
    vetoed = (Verdict(False, (f"一票否决：{one.title}",)) for one in sheet.vetoes)  # noqa: FBT003  passed
    total = sheet.total
    if total is not None and rule.bonus_counts:
        total += sheet.bonus
    reached = [_reached("总分", total, rule.total, sheet)]
    reached += [_reached(code, sheet.sums.get(code), least, sheet) for code, least in rule.parts.items()]
    return Verdict.of([*vetoed, *reached])


def _reached(title: str, points: Decimal | None, least: Decimal, sheet: ScoreSheet) -> Verdict:
    if points is None:
        missing = "、".join(sheet.missing[:5]) + ("等" if len(sheet.missing) > 5 else "")
        return Verdict(None, (f"{title}不能算出：{missing or title} 没有得分",))
    passed = points >= least
    return Verdict(passed, (f"{title} {points} 分，{'达到' if passed else '未达到'} {least} 分",))


class Grade(StrEnum):
    """档次 of one indicator."""

    A = "A"
    B = "B"
    C = "C"


GRADED_INDICATORS = 16


def graded_verdict(grades: Mapping[str, Grade | None], count: int = GRADED_INDICATORS) -> Verdict:
    """江苏教育现代化's rule for 16 indicators: one C or two B fail."""
    told = {code: grade for code, grade in grades.items() if grade is not None}
    low = [code for code, grade in told.items() if grade is Grade.C]
    middle = [code for code, grade in told.items() if grade is Grade.B]
    if low or len(middle) > 1:
        words = [f"C 档 {len(low)} 个（{'、'.join(low)}）"] if low else []
        words += [f"B 档 {len(middle)} 个（{'、'.join(middle)}）"] if middle else []
        return Verdict(passed=False, reasons=("，".join(words),))
    if len(told) < count:
        return Verdict(None, (f"{count} 项指标中只有 {len(told)} 项有档次",))
    if len(told) > count:
        raise ValueError(f"{len(told)} grades where there are {count} indicators")
    passes = f"A 档 {count - len(middle)} 个，B 档 {len(middle)} 个"
    return Verdict(passed=True, reasons=(passes,))


_BANDS = ((Decimal(90), "优秀"), (Decimal(80), "良好"), (Decimal(60), "合格"))
_FAILS_BELOW = Decimal(50)


@dataclass(frozen=True, slots=True)
class SelfRating:
    """The grade of a school's self-rating; empty, with the reason, where the table defines none."""

    grade: str
    reason: str = ""


def self_rating(percent: Decimal, fails_below: Decimal = _FAILS_BELOW) -> SelfRating:
    """优秀 from 90, 良好 from 80, 合格 from 60, 不合格 below ``fails_below``.

    The table in use leaves 50 to 60 undefined: the office must decide and pass 60 to close the gap.

    Raises:
        ValueError: no percentage.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} is no percentage")
    for least, grade in _BANDS:
        if percent >= least:
            return SelfRating(grade)
    if percent < fails_below:
        return SelfRating("不合格")
    return SelfRating("", f"评分表没有规定 {fails_below} 到 60 分之间是什么等次，请先由督导室定下来")
