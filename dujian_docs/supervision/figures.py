"""Figures that contradict each other, jump from year to year, or are missing for a school. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from dujian_docs.records.figure_models import ReportedFigure
from dujian_docs.records.models import Unit, UnitType
from dujian_docs.records.rollup_models import HalfMonthlyReport
from dujian_docs.records.statistic_models import SchoolStatistics, Section
from dujian_docs.records.sums import WrongSum, keyed, wrong_sums

JUMPING = (
    "pupils",
    "classes",
    "staff",
    "teachers",
    "site_area",
    "building_area",
    "rooms",
    "grounds",
    "equipment",
    "computers",
    "books",
)
"""Statistics that seldom change much from one year to the next."""
_ADDED = frozenset({"pupils", "classes", "staff", "teachers", "boarders", "graduates", "enrolled"})
"""Statistics that sections have each for themselves, so that the school has their sum."""


class FigureKind(StrEnum):
    """数据问题的种类."""

    SUM = "合计不符"
    CONTRADICTION = "前后矛盾"
    ABSENT = "缺学校"
    JUMP = "变化过大"


@dataclass(frozen=True, slots=True)
class FigureFinding:
    """Something wrong, or odd, about figures: whose, of when, what, and where the numbers come from.

    A jump is a hint: it may be true; ``certain`` says whether something has to be wrong.
    """

    kind: FigureKind
    unit: str
    period: str
    problem: str
    sources: tuple[str, ...]

    @property
    def certain(self) -> bool:
        """Whether one of the numbers must be wrong."""
        return self.kind in {FigureKind.SUM, FigureKind.CONTRADICTION}


@dataclass(frozen=True, slots=True)
class Figures:
    """The records that figures stand in."""

    statistics: Sequence[SchoolStatistics] = ()
    reported: Sequence[ReportedFigure] = ()
    units: Sequence[Unit] = ()
    half_months: Sequence[HalfMonthlyReport] = ()


def figure_findings(held: Figures, *, jump_percent: float) -> tuple[FigureFinding, ...]:
    """All that is wrong or odd, the certain first, then by unit and period."""
    found = (
        *(_of_sum(one) for one in wrong_sums((*held.statistics, *held.half_months))),
        *_contradictions(held),
        *_absent(held),
        *_jumps(held.statistics, jump_percent),
    )
    order = list(FigureKind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.unit, one.period, one.problem)))


def _of_sum(one: WrongSum) -> FigureFinding:
    unit = str(getattr(one.record, "school", getattr(one.record, "unit", "")))
    period = str(getattr(one.record, "school_year", getattr(one.record, "period_end", "")))
    return FigureFinding(FigureKind.SUM, unit, period, one.problem, (keyed(one),))


def _contradictions(held: Figures) -> Iterator[FigureFinding]:
    """One thing of one unit in one period with two values."""
    told: dict[tuple[str, str, str], list[tuple[float, str]]] = defaultdict(list)
    for one in held.reported:
        told[one.unit, one.period, one.measure].append((one.value, one.source))
    for (unit, period, measure), value in _counted(held.statistics).items():
        if (unit, period, measure) in told:
            told[unit, period, measure].append((value, "学校统计"))
    for (unit, period, measure), values in told.items():
        ordered = sorted(values, key=lambda pair: (pair[1], pair[0]))
        different = _different([value for value, _ in ordered])
        if len(different) > 1:
            words = "、".join(f"{source} {value:g}" for value, source in ordered)
            problem = f"{measure}有 {len(different)} 个数：{words}"
            sources = tuple(source for _, source in ordered)
            yield FigureFinding(FigureKind.CONTRADICTION, unit, period, problem, sources)


def _counted(statistics: Sequence[SchoolStatistics]) -> Mapping[tuple[str, str, str], float]:
    """By school, school year and what is counted, without its unit of measure: the whole school's number."""
    rows: dict[tuple[str, str], list[SchoolStatistics]] = defaultdict(list)
    for one in statistics:
        rows[one.school, one.school_year].append(one)
    found: dict[tuple[str, str, str], float] = {}
    for (school, year), ones in rows.items():
        whole = [one for one in ones if one.section is Section.WHOLE] or (ones if len(ones) == 1 else [])
        for name, field in SchoolStatistics.model_fields.items():
            values = [getattr(one, name) for one in (whole or (ones if name in _ADDED else []))]
            if values and all(isinstance(value, int | float) for value in values):
                found[school, year, (field.title or name).partition("（")[0]] = float(sum(values))
    return found


def _different(values: Iterable[float]) -> list[float]:
    """The values of which none is another one rounded."""
    kept: list[float] = []
    for value in sorted(values, key=_places, reverse=True):
        if not any(_agree(value, other) for other in kept):
            kept.append(value)
    return kept


def _agree(one: float, other: float) -> bool:
    places = min(_places(one), _places(other))
    return abs(one - other) <= 0.5 * 10.0**-places * (places > 0) + 1e-9


def _places(value: float) -> int:
    exponent = Decimal(f"{value:.10g}").normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _absent(held: Figures) -> Iterator[FigureFinding]:
    """A school of the register without statistics in a year for which others of its stage have them."""
    years = sorted({one.school_year for one in held.statistics})
    known = {one.code for one in held.units}
    schools = [one for one in held.units if one.unit_type is UnitType.SCHOOL]
    for year in years:
        having = {one.school for one in held.statistics if one.school_year == year}
        stages = {one.stage for one in schools if one.code in having}
        for school in schools:
            if school.code not in having and school.stage in stages:
                problem = "单位表里有这所学校，这一学年没有学校统计"
                yield FigureFinding(FigureKind.ABSENT, school.code, year, problem, ("学校统计",))
        for code in sorted(having - known):
            problem = "有学校统计，单位表里没有这所学校"
            yield FigureFinding(FigureKind.ABSENT, code, year, problem, ("单位",))


def _jumps(statistics: Sequence[SchoolStatistics], percent: float) -> Iterator[FigureFinding]:
    rows: dict[tuple[str, Section], dict[str, SchoolStatistics]] = defaultdict(dict)
    for one in statistics:
        rows[one.school, one.section][one.school_year] = one
    for (school, section), by_year in rows.items():
        for before, after in pairwise(sorted(by_year)):
            if before[5:] != after[:4]:
                continue
            for name in JUMPING:
                last, this = getattr(by_year[before], name), getattr(by_year[after], name)
                if last and this is not None and abs(this - last) / last * 100 > percent:
                    title = SchoolStatistics.model_fields[name].title or name
                    share = (this - last) / last * 100
                    problem = f"{section}{title}由 {last:g} 变成 {this:g}（{share:+.0f}%）"
                    sources = (f"{school}/{before}/{section}", f"{school}/{after}/{section}")
                    yield FigureFinding(FigureKind.JUMP, school, after, problem, sources)
