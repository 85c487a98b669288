"""Whether responsible inspectors (责任督学) were at their schools as often as the rules say. Pure.

A school's inspectors are those of the zones (督学责任区) in force that it belongs to. Several records of one
inspector on one day are one visit. A visit by anybody else is told apart and does not count. Where nobody
recorded anything, nothing is known: that is 无法判定, not 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dujian_docs.records.models import Unit, UnitType
from dujian_docs.records.supervision_models import InspectorZone, Visit
from dujian_docs.supervision.periods import Span


@dataclass(frozen=True, slots=True)
class VisitRules:
    """How often a school is to be visited; 0 where there is no such rule.

    ``school_months``: the months in which the monthly rule holds. ``each``: every inspector of a school has
    to come so often, not one of them. ``most_schools``: how many schools an inspector may look after.
    """

    per_month: int
    per_term: int
    school_months: frozenset[int]
    each: bool
    most_schools: int


class VisitStanding(StrEnum):
    """到校情况."""

    MET = "达到"
    SHORT = "不足"
    RUNNING = "未到期"
    UNKNOWN = "无法判定"


@dataclass(frozen=True, slots=True)
class VisitLine:
    """What a rule asks of inspectors at a school in a span of time, and what there was of it.

    ``had`` is None where nobody recorded anything.
    """

    inspectors: tuple[str, ...]
    school: str
    span: Span
    required: int
    had: int | None
    standing: VisitStanding
    note: str = ""

    @property
    def missing(self) -> int | None:
        """How many visits are still wanted; None when that is not known."""
        return None if self.had is None else max(0, self.required - self.had)


@dataclass(frozen=True, slots=True)
class VisitReport:
    """The visits of a period against the rules.

    ``without``: schools that are in no zone. ``overloaded``: inspectors with more schools than they may have,
    and how many. ``outside``: visits by others than the school's own inspectors. ``zoned`` is false when
    there are no zones at all, so that nothing can be said.
    """

    period: Span
    today: date
    lines: tuple[VisitLine, ...] = ()
    without: tuple[str, ...] = ()
    overloaded: tuple[tuple[str, int], ...] = ()
    outside: tuple[Visit, ...] = ()
    zoned: bool = True

    def count(self, standing: VisitStanding) -> int:
        """How many lines stand so."""
        return sum(one.standing is standing for one in self.lines)

    @property
    def gaps(self) -> tuple[VisitLine, ...]:
        """The lines that fall short, and those that nobody can judge."""
        return tuple(
            one for one in self.lines if one.standing in {VisitStanding.SHORT, VisitStanding.UNKNOWN}
        )

    @property
    def clean(self) -> bool:
        """Whether all is as the rules say, and known to be."""
        return self.zoned and not (self.gaps or self.without or self.overloaded or self.outside)


def visit_report(
    zones: Sequence[InspectorZone],
    visits: Iterable[Visit],
    units: Iterable[Unit],
    *,
    period: Span,
    today: date,
    rules: VisitRules,
) -> VisitReport:
    """The visits of a period; what lies after ``today`` is not asked for yet."""
    if not zones:
        return VisitReport(period, today, zoned=False)
    schools = sorted(one.code for one in units if one.unit_type is UnitType.SCHOOL)
    held = sorted(visits, key=lambda one: (one.visit_date, one.code))
    work = _Work(zones, _zones_of(zones), _by_school(held), _months(held), today, rules)
    at = min(period.last, today)
    return VisitReport(
        period,
        today,
        tuple(work.lines(schools, period)),
        tuple(school for school in schools if not work.inspectors(school, at, at)),
        tuple(work.overloaded(at)),
        tuple(
            one for one in held if period.first <= one.visit_date <= period.last and not work.is_of_zone(one)
        ),
    )


def _by_school(visits: Iterable[Visit]) -> Mapping[str, Sequence[Visit]]:
    found: dict[str, list[Visit]] = {}
    for one in visits:
        found.setdefault(one.school, []).append(one)
    return found


def _months(visits: Iterable[Visit]) -> frozenset[date]:
    """The first days of the months in which anybody recorded a visit."""
    return frozenset(one.visit_date.replace(day=1) for one in visits)


def _zones_of(zones: Iterable[InspectorZone]) -> Mapping[str, Sequence[InspectorZone]]:
    found: dict[str, list[InspectorZone]] = {}
    for zone in zones:
        for school in zone.schools:
            found.setdefault(school, []).append(zone)
    return found


@dataclass(frozen=True, slots=True)
class _Work:
    zones: Sequence[InspectorZone]
    zones_of: Mapping[str, Sequence[InspectorZone]]
    visits: Mapping[str, Sequence[Visit]]
    recorded: Set[date]
    today: date
    rules: VisitRules

    def inspectors(self, school: str, first: date, last: date) -> tuple[str, ...]:
        """Whose school it was at some time between the two days."""
        found = dict.fromkeys(
            person
            for zone in _in_force(self.zones_of.get(school, ()), first, last)
            for person in zone.inspectors
        )
        return tuple(found)

    def is_of_zone(self, visit: Visit) -> bool:
        return visit.inspector in self.inspectors(visit.school, visit.visit_date, visit.visit_date)

    def overloaded(self, at: date) -> Iterator[tuple[str, int]]:
        schools: dict[str, set[str]] = {}
        for zone in _in_force(self.zones, at, at):
            for person in zone.inspectors:
                schools.setdefault(person, set()).update(zone.schools)
        for person, found in sorted(schools.items()):
            if len(found) > self.rules.most_schools:
                yield person, len(found)

    def lines(self, schools: Sequence[str], period: Span) -> Iterator[VisitLine]:
        for school in schools:
            for span, required in self._asked(period):
                people = self.inspectors(school, span.first, min(span.last, self.today))
                for who in [(one,) for one in people] if self.rules.each else [people] if people else []:
                    yield self._line(who, school, span, required)

    def _asked(self, period: Span) -> Iterator[tuple[Span, int]]:
        """The spans of the period that have begun, and how many visits the rules ask for in each."""
        for month in self._school_months(period):
            if self.rules.per_month:
                yield month, self.rules.per_month
        for term in period.terms:
            if self.rules.per_term and term.first <= self.today:
                yield term, self.rules.per_term

    def _school_months(self, span: Span) -> tuple[Span, ...]:
        return tuple(
            month
            for month in span.months
            if month.first.month in self.rules.school_months and month.first <= self.today
        )

    def _line(self, who: tuple[str, ...], school: str, span: Span, required: int) -> VisitLine:
        days = {
            (one.inspector, one.visit_date)
            for one in self.visits.get(school, ())
            if one.inspector in who and span.first <= one.visit_date <= span.last
        }
        blank = [month for month in self._school_months(span) if month.first not in self.recorded]
        if len(days) >= required:
            return VisitLine(who, school, span, required, len(days), VisitStanding.MET)
        if blank:
            months = "、".join(one.title for one in blank)
            had = len(days) if days else None
            note = f"{months}全县没有督学记录"
            return VisitLine(who, school, span, required, had, VisitStanding.UNKNOWN, note)
        running = span.last >= self.today
        standing = VisitStanding.RUNNING if running else VisitStanding.SHORT
        return VisitLine(who, school, span, required, len(days), standing)


def _in_force(zones: Iterable[InspectorZone], first: date, last: date) -> Iterator[InspectorZone]:
    """The zones that hold at some time between the two days."""
    for zone in zones:
        if (zone.start_date or first) <= last and (zone.end_date or last) >= first:
            yield zone


def gaps_by_inspector(report: VisitReport) -> Mapping[str, tuple[VisitLine, ...]]:
    """The gaps of every inspector; who has most comes first. A gap of several is in each one's list."""
    return _grouped((person, one) for one in report.gaps for person in one.inspectors)


def gaps_by_school(report: VisitReport) -> Mapping[str, tuple[VisitLine, ...]]:
    """The gaps of every school; that with most comes first."""
    return _grouped((one.school, one) for one in report.gaps)


def _grouped(pairs: Iterable[tuple[str, VisitLine]]) -> Mapping[str, tuple[VisitLine, ...]]:
    held = tuple(pairs)
    counts = Counter(key for key, _ in held)
    order = sorted(counts, key=lambda key: (-counts[key], key))
    return {key: tuple(line for one, line in held if one == key) for key in order}
