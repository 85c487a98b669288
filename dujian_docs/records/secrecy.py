"""What must not reach the units: confidential kinds, and unannounced inspections with all that tells of them.

A finding that came of an unannounced inspection is the unit's own business from then on: it is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from dujian_docs.errors import UsageInvalid
from dujian_docs.records.kinds import Kind, kind_of
from dujian_docs.records.models import Inspection, InspectionMode, Record
from dujian_docs.records.supervision_models import ScheduleEntry, Team
from dujian_docs.records.transaction import Snapshot

FOR_THE_OFFICE = "只供本室内部用的，加 --internal"
"""How the office gets at what is confidential."""


def open_records(now: Snapshot, kind: Kind) -> tuple[Record, ...]:
    """The records of a kind that may reach the units that they are about.

    Raises:
        UsageInvalid: none of this kind may.
    """
    if kind.confidential:
        raise UsageInvalid(f"{kind.title}是保密记录，不往外给", remedy=FOR_THE_OFFICE)
    secret = unannounced(now)
    return tuple(record for record in now.all(kind.name) if inspection_of(record) not in secret)


def open_keys(now: Snapshot, kind: Kind) -> Sequence[str]:
    """The keys of the records of a kind that may be read in a form that goes out."""
    return () if kind.confidential else tuple(kind.key_of(record) for record in open_records(now, kind))


def inspection_of(record: Record) -> str:
    """The code of the inspection that a record is or plans; empty for what is no part of one."""
    if isinstance(record, Inspection):
        return record.code
    return record.inspection if isinstance(record, Team | ScheduleEntry) else ""


def unannounced(now: Snapshot) -> frozenset[str]:
    """The codes of the inspections of which nothing is told beforehand (四不两直)."""
    return frozenset(
        one.code
        for one in now.all("inspection")
        if isinstance(one, Inspection) and one.mode is InspectionMode.UNANNOUNCED
    )


def is_secret(now: Snapshot, reference: str) -> bool:
    """Whether what is made from this record, as ``督导活动/DD2026-03``, is no business of those outside."""
    word, _, key = reference.partition("/")
    if not key:
        return False
    kind = kind_of(word)
    if kind.confidential:
        return True
    record = now.get(kind.name, key)
    return record is not None and inspection_of(record) in unannounced(now)
