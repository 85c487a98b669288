"""The verbs over one record: show it and its history, write some of its fields, delete it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dujian_docs.errors import UsageInvalid
from dujian_docs.records import (
    FOR_THE_OFFICE,
    Change,
    ImportPlan,
    Kind,
    Record,
    Snapshot,
    apply_import,
    history_of,
    inspection_of,
    kind_of,
    label_of,
    open_records,
    plan_single,
    refuse_written_by_verbs,
    unannounced,
)
from dujian_docs.workspace.place import Workspace

_NAMED = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A record and its history, the oldest version first; None when it was deleted."""

    kind: Kind
    key: str
    record: Record | None
    history: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The keys of a kind's records, each with what a person calls it, and how many were held back."""

    kind: Kind
    rows: tuple[tuple[str, str], ...]
    withheld: int


def listed(office: Workspace, word: str, *, internal: bool = False) -> Listed:
    """The records of a kind that may be shown.

    Raises:
        UsageInvalid: the kind is confidential, and this is not said to be for the office.
    """
    kind = kind_of(word)
    with office.store.snapshot() as now:
        every = now.all(kind.name)
        records = every if internal else open_records(now, kind)
    rows = tuple((kind.key_of(one), label_of(one)) for one in records)
    return Listed(kind, rows, len(every) - len(records))


def show(office: Workspace, word: str, key: str, *, internal: bool = False) -> Shown:
    """The record as it stands, and every version of it.

    Raises:
        UsageInvalid: there never was such a record, or it is confidential and this not for the office.
    """
    kind = kind_of(word)
    with office.store.snapshot() as now:
        record = now.get(kind.name, key)
        if not internal:
            _refuse_secret(now, kind, record)
        history = history_of(now, kind, key)
        if not history:
            raise _absent(now, kind, key)
    return Shown(kind, key, record, history)


def plan_put(office: Workspace, word: str, typed: Mapping[str, str]) -> ImportPlan:
    """What writing these values would do, as a plan of one row.

    Raises:
        UsageInvalid: no such kind or field, or the record is not named.
    """
    return plan_single(kind_of(word), typed, office.store)


def apply_put(office: Workspace, plan: ImportPlan) -> None:
    """The record stands as planned.

    Raises:
        RecordConflict: it was changed since.
    """
    apply_import(plan, office.store, author=office.author, at=office.clock())


def delete(office: Workspace, word: str, key: str) -> None:
    """The record is gone; its versions stay in the history.

    Raises:
        UsageInvalid: records of this kind are not deleted by hand.
        RecordConflict: there is no such record, or others name it.
    """
    kind = kind_of(word)
    refuse_written_by_verbs(kind)
    with office.store.transaction() as writing:
        writing.delete(kind.name, key, author=office.author, at=office.clock())


def _refuse_secret(now: Snapshot, kind: Kind, record: Record | None) -> None:
    if kind.confidential or (record and inspection_of(record) in unannounced(now)):
        raise UsageInvalid("这是保密记录，不往外给", remedy=FOR_THE_OFFICE)


def _absent(now: Snapshot, kind: Kind, key: str) -> UsageInvalid:
    known = [kind.key_of(one) for one in (() if kind.confidential else open_records(now, kind))]
    near = [one for one in known if key in one][:_NAMED] or known[:_NAMED]
    some = f"如 {'、'.join(near)}" if near else f"还没有{kind.title}"
    return UsageInvalid(f"没有{kind.title} {key}", remedy=f"用 dujian show {kind.title} 看已有的编号，{some}")
