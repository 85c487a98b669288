"""The verb over findings: the ledger, what is wrong in it, and the look-backs that closed findings want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dujian_docs import supervision
from dujian_docs.publishing import publish
from dujian_docs.records import Finding, FindingStatus, Person, Record, Snapshot
from dujian_docs.records.supervision_models import ListedCase, LookBack, RectificationStep
from dujian_docs.supervision import Fault, Ledger, Repeated
from dujian_docs.workspace.place import Workspace, unit_code

_Kind = TypeVar("_Kind", bound=Record)


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """The findings with what is wrong among them, what to list, and which look-backs are wanted."""

    ledger: Ledger
    faults: tuple[Fault, ...]
    repeated: tuple[Repeated, ...]
    look_backs: tuple[LookBack, ...]
    unit_names: Mapping[str, str]

    @property
    def clean(self) -> bool:
        """Whether there is nothing to put right, to list or to look back at."""
        return not (self.faults or self.repeated or self.look_backs)

    def count(self, status: FindingStatus) -> int:
        """How many findings stand so."""
        return sum(one.status is status for one in self.ledger.findings)


def ledger(office: Workspace, *, unit: str = "") -> LedgerReport:
    """The ledger of all units, or of one.

    Raises:
        UsageInvalid: no unit is called so.
    """
    code = unit_code(office.units, unit) if unit else ""
    with office.store.snapshot() as now:
        findings = tuple(one for one in _all(now, "finding", Finding) if code in {"", one.unit})
        held = Ledger(
            findings,
            _all(now, "rectification", RectificationStep),
            _all(now, "look_back", LookBack),
            _all(now, "listed_case", ListedCase),
            _all(now, "person", Person),
        )
        jumped = tuple(fault for one in findings for fault in _jumps(now, one.code))
    return LedgerReport(
        held,
        tuple(sorted((*supervision.faults(held), *jumped), key=lambda fault: fault.code)),
        supervision.repeated(held),
        supervision.look_backs_wanted(held, days=office.settings.due.look_back_days),
        {one.code: one.name for one in office.units.units},
    )


def apply_look_backs(office: Workspace, found: LedgerReport) -> int:
    """The wanted look-backs are records, in one batch; returns how many.

    Raises:
        RecordConflict: a finding was deleted since.
    """
    at = office.clock()
    with office.store.transaction() as transaction:
        for one in found.look_backs:
            transaction.put(one, author=office.author, at=at)
    return len(found.look_backs)


def write_ledger(found: LedgerReport, target: Path) -> Path:
    """The ledger stands as a workbook at the returned path: ``target``, or beside it when that is taken.

    Raises:
        StorageFailed: the disk refused.
    """
    steps = sorted(found.ledger.steps, key=lambda step: step.number)
    progress = {step.finding: f"{step.step_date:%Y-%m-%d} {step.progress}" for step in steps}
    people = {one.code: one.name for one in found.ledger.people}
    content = supervision.ledger_workbook(found.ledger.findings, progress, found.unit_names, people)
    return publish(content, target)


def _jumps(now: Snapshot, code: str) -> tuple[Fault, ...]:
    history = [one for one in now.history("finding", code) if not one.deleted]
    return supervision.jumps(code, [FindingStatus(one.body["status"]) for one in history])


def _all(now: Snapshot, kind: str, model: type[_Kind]) -> tuple[_Kind, ...]:
    return tuple(one for one in now.all(kind) if isinstance(one, model))
