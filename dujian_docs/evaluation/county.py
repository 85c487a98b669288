"""A county's evaluation of a school year and a calendar year, put together from its records. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from dujian_docs.evaluation.balance import BalanceStandard, balance, standards
from dujian_docs.evaluation.disparity import Holding
from dujian_docs.evaluation.easing import overruns, shortfalls
from dujian_docs.evaluation.figures import Source
from dujian_docs.evaluation.growths import FinanceYear, growths_verdict, three_growths
from dujian_docs.evaluation.holdings import (
    School,
    contradictions,
    holdings,
    labels,
    lacks,
    schools_of,
    unplaced,
)
from dujian_docs.evaluation.measured import (
    Measure,
    RateRules,
    adoptions,
    closures,
    completions,
    coverage,
    rectification,
    retentions,
    satisfactions,
)
from dujian_docs.evaluation.outcome import Evaluation, FinanceGrowths, SectionBalance
from dujian_docs.evaluation.scored import ScoreRules, UnitScore, unit_score
from dujian_docs.evaluation.through_schools import SplitRounding
from dujian_docs.records.filing_models import FilingList, Indicator
from dujian_docs.records.models import Finding, Unit
from dujian_docs.records.rollup_models import Rollup, TrainingCheck
from dujian_docs.records.score_models import BonusPoints, Score, VetoFinding
from dujian_docs.records.statistic_models import Finance, Satisfaction, SchoolStatistics, Section
from dujian_docs.records.supervision_models import Tip, Visit


@dataclass(frozen=True, slots=True)
class CountyRecords:
    """The records that an evaluation looks at; ``versions``: kind → key → version of those it cites."""

    units: Sequence[Unit] = ()
    statistics: Sequence[SchoolStatistics] = ()
    finances: Sequence[Finance] = ()
    filing_list: FilingList | None = None
    indicators: Sequence[Indicator] = ()
    scores: Sequence[Score] = ()
    bonuses: Sequence[BonusPoints] = ()
    vetoes: Sequence[VetoFinding] = ()
    findings: Sequence[Finding] = ()
    tips: Sequence[Tip] = ()
    training_checks: Sequence[TrainingCheck] = ()
    visits: Sequence[Visit] = ()
    rollups: Sequence[Rollup] = ()
    surveys: Sequence[Satisfaction] = ()
    versions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the office has settled."""

    rounding: SplitRounding = SplitRounding.EXACT
    rates: RateRules = field(default_factory=RateRules)
    scores: ScoreRules = field(default_factory=ScoreRules)


def evaluate(
    records: CountyRecords, *, school_year: str, year: int, today: date, rules: Rules = Rules()
) -> Evaluation:
    """The evaluation of the county.

    Args:
        records: of the county; those of other years are left out here.
        school_year: whose statistics count, such as ``2025-2026``.
        year: the calendar year of scores, finance and rates; finance may be a year older.
        today: until when tips are due.
        rules: what the office has settled.
    """
    names = labels(records.units)
    schools = schools_of(records.units, records.statistics, school_year)
    told = any(school.rows for school in schools)
    return Evaluation(
        school_year=school_year if told else "",
        year=year,
        list_title=records.filing_list.title if records.filing_list else "",
        indicators=tuple(records.indicators),
        sections=tuple(_sections(schools, rules, records)) if told else (),
        growths=tuple(_growths(records, names, year)),
        scores=tuple(_scores(records, names, year, rules.scores)),
        measures=tuple(_measures(records, schools if told else (), names, year, today, rules.rates)),
        contradictions=contradictions(schools),
        unplaced=unplaced(records.units, schools) if told else (),
        codes={label: code for code, label in names.items()},
    )


def _sections(schools: Sequence[School], rules: Rules, records: CountyRecords) -> Iterator[SectionBalance]:
    versions = records.versions.get("school_statistics", {})

    @cache
    def held(section: Section, field: str) -> tuple[Holding, ...]:
        return holdings(schools, section, field, rounding=rules.rounding, versions=versions)

    for standard in standards().values():
        for section in (Section.PRIMARY, Section.JUNIOR):
            if any(section in school.sections for school in schools):
                fields = {item.code: held(section, item.code) for item in standard.items}
                yield _section(standard, section, schools, fields)


def _section(
    standard: BalanceStandard,
    section: Section,
    schools: Sequence[School],
    held: Mapping[str, tuple[Holding, ...]],
) -> SectionBalance:
    found = balance(standard, section, held)
    return SectionBalance(
        found, held, overruns(found, held), shortfalls(found, held), lacks(schools, section, held)
    )


def _growths(records: CountyRecords, names: Mapping[str, str], year: int) -> Iterator[FinanceGrowths]:
    """For every unit with finance: its newest year up to ``year`` over the one before."""
    by: dict[str, dict[int, Finance]] = {}
    for one in records.finances:
        if one.year <= year:
            by.setdefault(one.unit, {})[one.year] = one
    for unit, years in by.items():
        newest = max(years)
        this, last = (_finance(years.get(at), at, records) for at in (newest, newest - 1))
        found = three_growths(this, last)
        yield FinanceGrowths(names.get(unit, unit), this, last, found, growths_verdict(found))


def _finance(one: Finance | None, year: int, records: CountyRecords) -> FinanceYear:
    if one is None:
        return FinanceYear(year, None, None, None)
    key = f"{one.unit}/{year}"
    version = records.versions.get("finance", {}).get(key, 0)
    return FinanceYear(
        year,
        one.grants,
        one.recurrent_revenue,
        one.teacher_pay,
        {"小学": one.spending_primary, "初中": one.spending_junior},
        {"小学": one.public_funds_primary, "初中": one.public_funds_junior},
        (Source("finance", key, "grants", version),),
    )


def _scores(
    records: CountyRecords, names: Mapping[str, str], year: int, rules: ScoreRules
) -> Iterator[UnitScore]:
    listed = records.filing_list
    if listed is None:
        return

    by: dict[str, tuple[list[Score], list[BonusPoints], list[VetoFinding]]] = {}
    every: tuple[Score | BonusPoints | VetoFinding, ...] = (
        *records.scores,
        *records.bonuses,
        *records.vetoes,
    )
    for one in every:
        if one.filing_list != listed.code or one.year != year:
            continue
        points, bonuses, vetoes = by.setdefault(one.unit, ([], [], []))
        if isinstance(one, Score):
            points.append(one)
        elif isinstance(one, BonusPoints):
            bonuses.append(one)
        else:
            vetoes.append(one)
    for unit, (points, bonuses, vetoes) in by.items():
        yield unit_score(
            names.get(unit, unit),
            listed,
            records.indicators,
            points,
            bonuses=bonuses,
            vetoes=vetoes,
            rules=rules,
            year=year,
        )


def _measures(
    records: CountyRecords,
    schools: Sequence[School],
    names: Mapping[str, str],
    year: int,
    today: date,
    rules: RateRules,
) -> Iterator[Measure]:
    yield from retentions(schools, rules)
    yield rectification(records.findings, year)
    yield from closures(records.tips, year, today)
    yield coverage(records.units, records.training_checks, year)
    yield from adoptions(records.visits, year)
    yield from completions(records.rollups, year)
    yield from satisfactions(records.surveys, names, year, rules.satisfaction)
