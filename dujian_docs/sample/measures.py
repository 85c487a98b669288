"""Sums, rates and the weighted coefficient of variation (差异系数) of the invented schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from dujian_docs.sample.figures import school_codes, school_figures

STAGES = ("小学", "初中")

MEASURES = {
    "area": "教学及辅助用房面积（平方米）",
    "sports": "体育运动场馆面积（平方米）",
    "equipment": "教学仪器设备值（元）",
    "computers": "计算机台数（台）",
    "books": "图书册数（册）",
    "teachers": "专任教师数（人）",
    "graduates": "高于规定学历教师数（人）",
    "titled": "中级及以上职称教师数（人）",
}
"""The eight measures of disparity."""

JUNIOR_WEIGHT = 1.1
"""In a through school (一贯制学校) a junior pupil counts as so many primary pupils."""


@dataclass(frozen=True, slots=True)
class SchoolShare:
    """A school's part in one stage: its code, its pupils of that stage, and its measure's share."""

    code: str
    pupils: int
    amount: float

    @property
    def per_pupil(self) -> float:
        """The measure per pupil."""
        return self.amount / self.pupils


@dataclass(frozen=True, slots=True)
class Disparity:
    """The disparity of one measure over the schools of one stage, weighted by pupils."""

    shares: tuple[SchoolShare, ...]
    mean: float
    deviation: float

    @property
    def coefficient(self) -> float:
        """The coefficient of variation."""
        return self.deviation / self.mean


def disparity(measure: str, stage: str, year: int) -> Disparity:
    """How unevenly a measure is spread over the schools of a stage."""
    return spread(tuple(one for code in school_codes() if (one := _share(code, measure, stage, year))))


def spread(shares: tuple[SchoolShare, ...]) -> Disparity:
    """The disparity among these schools: mean and deviation per pupil, each school weighing its pupils."""
    pupils = sum(one.pupils for one in shares)
    mean = sum(one.amount for one in shares) / pupils
    variance = sum(one.pupils / pupils * (one.per_pupil - mean) ** 2 for one in shares)
    return Disparity(shares, mean, sqrt(variance))


def composite(stage: str, year: int) -> float:
    """The mean of the eight coefficients of a stage (综合差异系数)."""
    found = [disparity(measure, stage, year).coefficient for measure in MEASURES]
    return sum(found) / len(found)


def split(amount: int, primary: int, junior: int) -> tuple[int, int]:
    """A through school's amount divided between its stages; the parts add up to the whole."""
    to_primary = round(amount * primary / (primary + JUNIOR_WEIGHT * junior))
    return to_primary, amount - to_primary


def _share(code: str, measure: str, stage: str, year: int) -> SchoolShare | None:
    school = school_figures(code, year)
    amount: int = getattr(school, measure)
    parts: Sequence[int] = split(amount, school.primary, school.junior)
    at = STAGES.index(stage)
    pupils = (school.primary, school.junior)[at]
    return SchoolShare(code, pupils, parts[at]) if pupils else None
