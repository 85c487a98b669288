"""Every day by which something has to be done, from all records that name one, as it stands today. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dujian_docs.records.accountability_models import AccountabilityCase
from dujian_docs.records.models import Finding, FindingStatus
from dujian_docs.records.supervision_models import (
    AdmonitionTalk,
    Duty,
    InspectorZone,
    ListedCase,
    ListedState,
    LookBack,
    LookBackResult,
    Stage,
    Tip,
    TipState,
    Visit,
)
from dujian_docs.supervision.clocks import CLOCKS
from dujian_docs.supervision.workdays import Workdays

_TO_DO = {
    FindingStatus.OPEN: "整改（未启动）",
    FindingStatus.RECTIFYING: "整改",
    FindingStatus.RELAPSED: "重新整改（反弹）",
}


class Standing(StrEnum):
    """How a deadline stands on a day."""

    OVERDUE = "逾期"
    TODAY = "今天到期"
    SOON = "即将到期"
    LATER = "以后到期"


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is to be done by a day, and by whom.

    ``unit`` is a unit's code, empty when it is for the office itself. What does not ``last`` has no mark of
    being done in the records: once its day is over it is told no more, since nobody knows.
    """

    day: date
    kind: str
    code: str
    what: str
    unit: str = ""
    person: str = ""
    lasts: bool = True
    confidential: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class DueLine:
    """A deadline as it stands on a day; ``days`` are those left, negative when it is overdue."""

    deadline: Deadline
    standing: Standing
    days: int
    owner: str


@dataclass(frozen=True, slots=True)
class DueList:
    """What is due, the most urgent first; ``withheld`` confidential ones are counted and not shown."""

    today: date
    lines: tuple[DueLine, ...]
    withheld: int = 0

    def count(self, standing: Standing) -> int:
        """How many stand so."""
        return sum(line.standing is standing for line in self.lines)


@dataclass(frozen=True, slots=True)
class CountyWork:
    """The records that name days."""

    findings: Sequence[Finding] = ()
    look_backs: Sequence[LookBack] = ()
    listed_cases: Sequence[ListedCase] = ()
    tips: Sequence[Tip] = ()
    talks: Sequence[AdmonitionTalk] = ()
    visits: Sequence[Visit] = ()
    duties: Sequence[Duty] = ()
    stages: Sequence[Stage] = ()
    zones: Sequence[InspectorZone] = ()
    cases: Sequence[AccountabilityCase] = ()


def due_list(
    work: CountyWork,
    *,
    today: date,
    soon: int,
    within: int | None = None,
    owner: str = "",
    internal: bool = False,
    unit_names: Mapping[str, str],
    people: Mapping[str, str],
    workdays: Workdays = Workdays(),  # noqa: B008  frozen
    working: bool = False,
) -> DueList:
    """What is overdue on ``today``, and what will be due.

    Args:
        work: the records.
        today: the day it is asked on.
        soon: in how many days something is due soon.
        within: no more than so many days ahead; None for all.
        owner: only those of this unit, by its code.
        internal: tell confidential ones too; of a unit's own list they are never part.
        unit_names: the names of units by code.
        people: the names of people by code.
        workdays: the office's calendar.
        working: the clocks of accountability count working days.
    """
    last = date.max if within is None else today + timedelta(days=within)
    every = [one for one in _all(work, today, workdays, working=working) if one.day <= last]
    every = [one for one in every if one.lasts or one.day >= today]
    chosen = [one for one in every if not owner or one.unit == owner]
    open_ones = [one for one in chosen if not one.confidential or (internal and not owner)]
    lines = [
        DueLine(one, _standing(one.day, today, soon), (one.day - today).days, _owner(one, unit_names, people))
        for one in sorted(open_ones, key=lambda one: (one.day, one.kind, one.code))
    ]
    withheld = 0 if owner else len(chosen) - len(open_ones)
    return DueList(today, tuple(lines), withheld)


def _standing(day: date, today: date, soon: int) -> Standing:
    if day < today:
        return Standing.OVERDUE
    if day == today:
        return Standing.TODAY
    return Standing.SOON if (day - today).days <= soon else Standing.LATER


def _owner(one: Deadline, unit_names: Mapping[str, str], people: Mapping[str, str]) -> str:
    names = (unit_names.get(one.unit, one.unit) or "本室", people.get(one.person, one.person))
    return " ".join(filter(None, names))


def _all(work: CountyWork, today: date, workdays: Workdays, *, working: bool) -> Iterator[Deadline]:
    yield from _of_findings(work)
    yield from _of_visits(work.visits)
    for listed in work.listed_cases:
        yield from _of_listed_case(listed, today)
    for tip in work.tips:
        if tip.deadline and tip.state not in {TipState.CLOSED, TipState.REJECTED}:
            yield Deadline(
                tip.deadline,
                "举报线索",
                tip.code,
                f"办结：{tip.content}",
                tip.handler or "",
                confidential=True,
            )
    yield from _without_an_end(work)
    for case in work.cases:
        yield from _of_case(case, workdays, working=working)


def _of_findings(work: CountyWork) -> Iterator[Deadline]:
    for one in work.findings:
        if one.deadline and one.status is FindingStatus.AWAITING_CHECK:
            what = f"核查：{one.description}"
            yield Deadline(one.deadline, "问题", one.code, what, person=one.checker or "")
        elif one.deadline and one.status is not FindingStatus.CLOSED:
            what = f"{_TO_DO[one.status]}：{one.description}"
            yield Deadline(one.deadline, "问题", one.code, what, one.unit, one.responsible_person)
    described = {one.code: one.description for one in work.findings}
    for back in work.look_backs:
        if back.result is LookBackResult.PENDING:
            what = f"复查：{described.get(back.finding, back.finding)}"
            yield Deadline(back.due_date, "回头看", back.finding, what, "", back.checker or "")


def _of_visits(visits: Sequence[Visit]) -> Iterator[Deadline]:
    for one in visits:
        if one.deadline and one.closed_date is None:
            what = "；".join(one.problems) or "整改督学指出的问题"
            yield Deadline(one.deadline, "督学记录", one.code, f"整改：{what}", one.school)


def _of_listed_case(case: ListedCase, today: date) -> Iterator[Deadline]:
    if case.state is not ListedState.LISTED:
        return
    yield Deadline(case.deadline, "挂牌督办", case.code, f"办结：{case.title}", case.unit, case.leader)
    if case.report_every_days:
        every = timedelta(days=case.report_every_days)
        reports = max(-((case.listed_date - today) // every), 1)  # the first that is not over yet
        day = case.listed_date + reports * every
        if day < case.deadline:
            what = f"报告进展：{case.title}"
            yield Deadline(day, "挂牌督办", case.code, what, case.unit, case.leader, lasts=False)


def _without_an_end(work: CountyWork) -> Iterator[Deadline]:
    """What the records know no end of."""
    for talk in work.talks:
        if talk.deadline:
            yield Deadline(
                talk.deadline, "约谈", talk.code, f"兑现整改承诺：{talk.cause}", talk.unit, lasts=False
            )
    for duty in work.duties:
        if duty.deadline:
            yield Deadline(duty.deadline, "责任分工", duty.code, duty.task, duty.lead_unit, lasts=False)
    for stage in work.stages:
        if stage.end_date:
            made = f"（{'、'.join(stage.deliverables)}）" if stage.deliverables else ""
            what = f"{stage.title}截止{made}"
            yield Deadline(
                stage.end_date, "阶段", stage.code, what, stage.responsible_unit or "", lasts=False
            )
    for zone in work.zones:
        if zone.end_date:
            yield Deadline(zone.end_date, "督学责任区", zone.code, f"{zone.name}督学聘期届满", lasts=False)


def _of_case(case: AccountabilityCase, workdays: Workdays, *, working: bool) -> Iterator[Deadline]:
    for clock in CLOCKS:
        begun = clock.runs_from(case)
        if begun:
            ends = workdays.after(begun, clock.days, working=working)
            yield Deadline(
                ends.day,
                "问责案件",
                case.code,
                clock.what,
                lasts=clock.ours,
                confidential=True,
                note=ends.note,
            )
