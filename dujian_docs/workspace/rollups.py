"""The verb over roll-ups: who is missing, who is behind in a quarter or half month; as a workbook too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dujian_docs import supervision
from dujian_docs.errors import UsageInvalid
from dujian_docs.publishing import publish
from dujian_docs.records import UnitType
from dujian_docs.records.rollup_models import HalfMonthlyReport, Rollup
from dujian_docs.supervision import RollupReport
from dujian_docs.workspace.place import Workspace


@dataclass(frozen=True, slots=True)
class NamedRollup:
    """A roll-up, and what its units are called."""

    report: RollupReport
    unit_names: Mapping[str, str]

    def name(self, code: str) -> str:
        """What the unit is called."""
        return self.unit_names.get(code, code)


def quarterly(
    office: Workspace, *, quarter: tuple[int, int] | None = None, reporters: UnitType | None = None
) -> NamedRollup:
    """The roll-up of a quarter (year, 1 to 4), of the last one that anybody reported when none is named.

    Raises:
        UsageInvalid: nobody ever reported, and it is not said who has to, or for which quarter.
    """
    held = tuple(one for one in office.store.all("rollup") if isinstance(one, Rollup))
    if not held and not (quarter and reporters):
        raise _nobody("季度调度", "--quarter 2026-1 --from 乡镇")
    year, number = quarter or max((one.year, one.quarter) for one in held)
    units = office.units.units
    return _named(office, supervision.quarterly(held, units, year=year, quarter=number, kind=reporters))


def half_monthly(office: Workspace, *, end: date, reporters: UnitType | None = None) -> NamedRollup:
    """The roll-up of the half month that ``end`` is in.

    Raises:
        UsageInvalid: nobody ever reported, and it is not said who has to.
    """
    every = office.store.all("half_monthly_report")
    held = tuple(one for one in every if isinstance(one, HalfMonthlyReport))
    if not held and not reporters:
        raise _nobody("半月报", "--from 乡镇")
    return _named(office, supervision.half_monthly(held, office.units.units, end=end, kind=reporters))


def _nobody(title: str, words: str) -> UsageInvalid:
    return UsageInvalid(
        f"还没有{title}记录，不知道哪些单位该报", remedy=f"先导入{title}，或写明 {words} 这样的单位类别"
    )


def write_rollup(found: NamedRollup, target: Path) -> Path:
    """The roll-up stands as a workbook at the returned path: ``target``, or beside it when that is taken.

    Raises:
        StorageFailed: the disk refused.
    """
    return publish(supervision.rollup_workbook(found.report, found.unit_names), target)


def _named(office: Workspace, report: RollupReport) -> NamedRollup:
    return NamedRollup(report, {one.code: one.name for one in office.units.units})
