"""The verb over days: what is due, for whom, as a list, a calendar file and a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from dujian_docs import supervision
from dujian_docs.errors import InputInvalid
from dujian_docs.publishing import publish
from dujian_docs.records import Finding, Person, Record, Snapshot
from dujian_docs.records.accountability_models import AccountabilityCase
from dujian_docs.records.fields import Day
from dujian_docs.records.supervision_models import (
    AdmonitionTalk,
    Duty,
    InspectorZone,
    ListedCase,
    LookBack,
    Stage,
    Tip,
    Visit,
)
from dujian_docs.supervision import CountyWork, DueList, Workdays
from dujian_docs.workspace.place import Workspace, unit_code

_Kind = TypeVar("_Kind", bound=Record)


def due(office: Workspace, *, within: int | None = None, owner: str = "", internal: bool = False) -> DueList:
    """What is overdue today, and what will be due; of a unit, only what may reach it.

    Raises:
        UsageInvalid: ``owner`` names no unit.
        InputInvalid: a day off in the settings is no day.
    """
    settled = office.settings.due
    with office.store.snapshot() as now:
        return supervision.due_list(
            _work(now),
            today=office.clock().date(),
            soon=settled.soon_days,
            within=within,
            owner=unit_code(office.units, owner) if owner else "",
            internal=internal,
            unit_names={one.code: one.name for one in office.units.units},
            people={one.code: one.name for one in _all(now, "person", Person)},
            workdays=Workdays(_days_off(settled.days_off)),
            working=settled.clocks == "工作日",
        )


def write_calendar(office: Workspace, found: DueList, target: Path) -> Path:
    """The calendar file stands at the returned path: ``target``, or beside it when that is taken.

    Raises:
        StorageFailed: the disk refused.
    """
    content = supervision.calendar_file(found, office=office.settings.office.name, made=office.clock())
    return publish(content, target)


def write_due_workbook(found: DueList, target: Path) -> Path:
    """The workbook stands at the returned path: ``target``, or beside it when that is taken.

    Raises:
        StorageFailed: the disk refused.
    """
    return publish(supervision.workbook_of(found), target)


def _work(now: Snapshot) -> CountyWork:
    return CountyWork(
        findings=_all(now, "finding", Finding),
        look_backs=_all(now, "look_back", LookBack),
        listed_cases=_all(now, "listed_case", ListedCase),
        tips=_all(now, "tip", Tip),
        talks=_all(now, "admonition_talk", AdmonitionTalk),
        visits=_all(now, "visit", Visit),
        duties=_all(now, "duty", Duty),
        stages=_all(now, "stage", Stage),
        zones=_all(now, "inspector_zone", InspectorZone),
        cases=_all(now, "accountability_case", AccountabilityCase),
    )


def _all(now: Snapshot, kind: str, model: type[_Kind]) -> tuple[_Kind, ...]:
    return tuple(one for one in now.all(kind) if isinstance(one, model))


def _days_off(written: str) -> frozenset[date]:
    days = [one for one in written.replace("，", "、").replace(",", "、").split("、") if one.strip()]
    try:
        return frozenset(TypeAdapter[Any](Day).validate_python(one) for one in days)
    except ValidationError as error:
        raise InputInvalid(
            f"设置 due.days_off 里有不是日期的内容：{written}", remedy="写成 2026-10-10、2026-10-11"
        ) from error
