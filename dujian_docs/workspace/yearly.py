"""The verbs over what a year adds up to: checks of training organisations, the work log; and over cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dujian_docs import supervision
from dujian_docs.errors import UsageInvalid
from dujian_docs.publishing import publish
from dujian_docs.records import FOR_THE_OFFICE, Person
from dujian_docs.records.accountability_models import AccountabilityCase
from dujian_docs.records.rollup_models import TrainingCheck, WorkLogEntry
from dujian_docs.supervision import Coverage, Fault, SummaryItem
from dujian_docs.workspace.place import Workspace


@dataclass(frozen=True, slots=True)
class YearSummary:
    """The items of a year's summary."""

    year: int
    items: tuple[SummaryItem, ...]


@dataclass(frozen=True, slots=True)
class CaseList:
    """The accountability cases as they stand today, and what is wrong in them."""

    today: date
    cases: tuple[AccountabilityCase, ...]
    faults: tuple[Fault, ...]


def unit_names(office: Workspace) -> Mapping[str, str]:
    """What the units are called, by their codes."""
    return {one.code: one.name for one in office.units.units}


def coverage(office: Workspace, *, year: int | None = None) -> Coverage:
    """What was checked of all training organisations in the year, this one when none is named."""
    checks = tuple(one for one in office.store.all("training_check") if isinstance(one, TrainingCheck))
    return supervision.coverage(checks, office.units.units, year=year or office.clock().year)


def write_coverage(office: Workspace, found: Coverage, target: Path) -> Path:
    """The coverage stands as a workbook at the returned path.

    Raises:
        StorageFailed: the disk refused.
    """
    return publish(supervision.coverage_workbook(found, unit_names(office)), target)


def year_summary(office: Workspace, *, year: int | None = None) -> YearSummary:
    """What the work log of the year adds up to, of this one when none is named."""
    entries = tuple(one for one in office.store.all("work_log") if isinstance(one, WorkLogEntry))
    wanted = year or office.clock().year
    return YearSummary(wanted, supervision.year_summary(entries, year=wanted))


def write_summary(office: Workspace, found: YearSummary, target: Path) -> Path:
    """The summary stands as a workbook at the returned path.

    Raises:
        StorageFailed: the disk refused.
    """
    people = {one.code: one.name for one in office.store.all("person") if isinstance(one, Person)}
    content = supervision.summary_workbook(found.items, found.year, unit_names(office), people)
    return publish(content, target)


def cases(office: Workspace, *, code: str = "", internal: bool = False) -> CaseList:
    """Every accountability case, or the one of that code; for the office alone.

    Raises:
        UsageInvalid: it is not said that this stays in the office, or there is no such case.
    """
    if not internal:
        raise UsageInvalid("问责案件是保密记录，不往外给", remedy=FOR_THE_OFFICE)
    every = tuple(
        one for one in office.store.all("accountability_case") if isinstance(one, AccountabilityCase)
    )
    held = tuple(one for one in every if code in {"", one.code})
    if code and not held:
        known = "、".join(one.code for one in every) or "还没有问责案件"
        raise UsageInvalid(f"没有编号是 {code} 的问责案件", remedy=f"现有的：{known}")
    faults = tuple(fault for one in held for fault in supervision.case_faults(one, every))
    return CaseList(office.clock().date(), held, faults)


def write_cases(office: Workspace, found: CaseList, target: Path) -> Path:
    """The cases stand as a workbook at the returned path.

    Raises:
        StorageFailed: the disk refused.
    """
    names = unit_names(office)
    return publish(supervision.cases_workbook(found.cases, found.faults, names, today=found.today), target)
