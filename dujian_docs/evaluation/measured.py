"""The county's rates of a year, each from the records that are counted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dujian_docs.evaluation.figures import Figure, Verdict, rounded
from dujian_docs.evaluation.holdings import School
from dujian_docs.evaluation.rates import (
    ADOPTION,
    CLOSURE,
    COMPLETION,
    COVERAGE,
    ON_TIME,
    RECTIFICATION,
    Rate,
    rate,
)
from dujian_docs.evaluation.retention import TITLES, Cohort, RetentionFormula, retention
from dujian_docs.records.models import Finding, FindingStatus, Unit, UnitType
from dujian_docs.records.rollup_models import Rollup, TrainingCheck
from dujian_docs.records.statistic_models import Satisfaction, Section
from dujian_docs.records.supervision_models import Tip, TipState, Visit

SATISFACTION = Rate("satisfaction_rate", "满意率", "满意份数", "有效份数")
_COHORT = ("enrolled", "graduates", "moved_in", "moved_out", "deaths")


@dataclass(frozen=True, slots=True)
class Measure:
    """A rate: its title, whose it is, the figure, and what it must reach, None where nothing is set.

    ``inputs`` are the numbers that it was computed from, with what they are called on paper.
    """

    title: str
    whose: str
    figure: Figure
    inputs: tuple[tuple[str, float | None], ...]
    least: float | None = None

    @classmethod
    def of_share(
        cls,
        title: str,
        whose: str,
        kind: Rate,
        part: float | None,
        base: float | None,
        least: float | None = None,
    ) -> Measure:
        """So much of what there is."""
        return cls(title, whose, rate(kind, part, base), ((kind.part, part), (kind.base, base)), least)

    @property
    def judged(self) -> bool:
        """Whether there is something to say beyond the figure: a mark to reach, or that it is not known."""
        return self.least is not None or self.figure.value is None

    @property
    def verdict(self) -> Verdict:
        """Whether it reaches what it must; a figure that has no mark to reach passes when it is known."""
        value = self.figure.value
        if value is None:
            return Verdict(None, (f"{self.whose}{self.title}：{self.figure.reason}",))
        if self.least is None or round(value, 9) >= self.least:
            return Verdict(passed=True)
        words = f"{self.whose}{self.title} {rounded(value, 2)}%，低于 {self.least:g}%"
        return Verdict(passed=False, reasons=(words,))


@dataclass(frozen=True, slots=True)
class RateRules:
    """Which retention formula holds, and what the rates must reach."""

    formula: RetentionFormula = RetentionFormula.A
    retention: Mapping[str, float] | None = None
    satisfaction: float | None = None


def retentions(schools: Sequence[School], rules: RateRules) -> tuple[Measure, ...]:
    """The county's retention rate of each section, and after it every school's."""
    return tuple(one for section in (Section.PRIMARY, Section.JUNIOR) for one in _of(schools, section, rules))


def _of(schools: Sequence[School], section: Section, rules: RateRules) -> Iterator[Measure]:
    least = (rules.retention or {}).get(section)
    title = f"{section}巩固率（{rules.formula.label}）"
    having = [school for school in schools if section in school.sections]
    cohorts = [Cohort(*(getattr(school.row(section), name, None) for name in _COHORT)) for school in having]
    told = [(school.label, cohort) for school, cohort in zip(having, cohorts, strict=True)]
    for whose, cohort in [("全县", _together(cohorts)), *told] if told else []:
        inputs = tuple((TITLES[name], getattr(cohort, name)) for name in _COHORT)
        yield Measure(title, whose, retention(cohort, rules.formula), inputs, least)


def _together(cohorts: Sequence[Cohort]) -> Cohort:
    """All cohorts as one; a number that one school lacks is not known for the county."""

    def added(name: str) -> int | None:
        values = [getattr(one, name) for one in cohorts]
        return None if None in values else sum(values)

    return Cohort(*(added(name) for name in _COHORT))


def rectification(findings: Iterable[Finding], year: int) -> Measure:
    """Of the year's findings those that are closed."""
    found = [one for one in findings if one.found_date.year == year]
    closed = sum(one.status is FindingStatus.CLOSED for one in found)
    return Measure.of_share("整改率", "全县", RECTIFICATION, closed, len(found))


def closures(tips: Iterable[Tip], year: int, today: date) -> tuple[Measure, Measure]:
    """Of the year's accepted tips those that are closed, and of those due by today those closed in time."""
    accepted = [one for one in tips if one.received_date.year == year and one.state is not TipState.REJECTED]
    closed = sum(one.state is TipState.CLOSED for one in accepted)
    due = [one for one in accepted if one.deadline and one.deadline <= today]
    in_time = sum(bool(one.closed_date and one.deadline and one.closed_date <= one.deadline) for one in due)
    return (
        Measure.of_share("举报办结率", "全县", CLOSURE, closed, len(accepted)),
        Measure.of_share("举报按期办结率", "全县", ON_TIME, in_time, len(due)),
    )


def coverage(units: Iterable[Unit], checks: Iterable[TrainingCheck], year: int) -> Measure:
    """Of the training organisations those that were checked in the year."""
    orgs = {unit.code for unit in units if unit.unit_type is UnitType.TRAINING_ORG}
    checked = {one.org for one in checks if one.check_date.year == year}
    return Measure.of_share("培训机构检查覆盖率", "全县", COVERAGE, len(orgs & checked), len(orgs))


def adoptions(visits: Iterable[Visit], year: int) -> tuple[Measure, ...]:
    """Of the suggestions made on the year's visits those that were followed; nothing when none was made."""
    made = [one for one in visits if one.visit_date.year == year and one.suggestions]
    if not made:
        return ()
    followed = _sum([one.adopted for one in made])
    count = sum(len(one.suggestions) for one in made)
    return (Measure.of_share("督导建议落实率", "全县", ADOPTION, followed, count),)


def completions(rollups: Iterable[Rollup], year: int) -> tuple[Measure, ...]:
    """What was done of the targets in the year's latest reported quarter, by indicator over all units."""
    told = [one for one in rollups if one.year == year]
    latest = max((one.quarter for one in told), default=0)
    by: dict[str, list[Rollup]] = {}
    for one in told:
        if one.quarter == latest:
            by.setdefault(one.indicator, []).append(one)
    return tuple(
        Measure.of_share(
            f"{indicator}（{latest}季度完成率）",
            "全县",
            COMPLETION,
            _sum([one.done for one in rows]),
            _sum([one.target for one in rows]),
        )
        for indicator, rows in by.items()
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def satisfactions(
    surveys: Iterable[Satisfaction], names: Mapping[str, str], year: int, least: float | None
) -> tuple[Measure, ...]:
    """Every survey of the year: the satisfied sheets of the valid ones."""
    return tuple(
        Measure.of_share(
            f"{one.audience}满意率（{one.code}）",
            names.get(one.unit, one.unit),
            SATISFACTION,
            one.satisfied,
            one.valid,
            least,
        )
        for one in surveys
        if one.year == year
    )
