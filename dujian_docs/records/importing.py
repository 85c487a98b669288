"""Importing a workbook or a JSON file: a plan that says what would happen, then the right rows in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from dujian_docs.errors import InputInvalid
from dujian_docs.records.cells import CellFault, cell_value, plain
from dujian_docs.records.chain import Head
from dujian_docs.records.columns import columns_of
from dujian_docs.records.import_links import Links, in_link_order, stored_targets
from dujian_docs.records.import_names import with_codes
from dujian_docs.records.import_order import order_hints
from dujian_docs.records.import_sources import Source, read_source
from dujian_docs.records.kinds import Kind, kind_of
from dujian_docs.records.models import Record
from dujian_docs.records.problems import faults_of
from dujian_docs.records.store import RecordStore
from dujian_docs.records.sums import keyed, wrong_sums


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that the import would change: its Chinese label, and its value before and after."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """One right row: its number, the record, the version it would follow, and what would change."""

    row: int
    key: str
    record: Record
    expected: int
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do. ``wrong`` lists every wrong cell; a row with one is not imported.

    ``hints`` are what a person should look at; nothing is held back for them.

    ``sha256`` is that of the file's bytes; the planned rows stand in its order.
    """

    source: Path
    sha256: str
    kind: Kind
    sheet: str
    added: tuple[PlannedRecord, ...]
    changed: tuple[PlannedRecord, ...]
    unchanged: tuple[PlannedRecord, ...]
    wrong: tuple[CellFault, ...]
    hints: tuple[CellFault, ...] = ()

    @property
    def wrong_rows(self) -> tuple[int, ...]:
        """The numbers of the rows that are not imported."""
        return tuple(sorted({fault.row for fault in self.wrong}))


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: counts of records, of rows left out, and the end of the chain afterwards."""

    kind: Kind
    added: int
    changed: int
    unchanged: int
    wrong: int
    head: Head


def plan_import(path: Path, store: RecordStore, kind: Kind | str | None = None) -> ImportPlan:
    """What importing ``path`` (.xlsx or .json) would do; neither the file nor the store is changed.

    Args:
        path: the file.
        store: where the records are.
        kind: when given, the file must be of this kind.

    Raises:
        InputInvalid: the file as a whole cannot be imported. Wrong rows are in the plan instead.
    """
    source = read_source(path, kinds=store.kinds)
    wanted = kind_of(kind, store.kinds) if isinstance(kind, str) else kind
    if wanted and wanted.name != source.kind.name:
        raise InputInvalid(
            f"文件 {path.name} 是{source.kind.title}的表，不是{wanted.title}的",
            remedy=f"换成{wanted.title}的文件",
        )
    return plan_of(source, store)


def plan_of(source: Source, store: RecordStore) -> ImportPlan:
    """What importing the rows of a source would do; the store is not changed."""
    with store.snapshot() as now:
        stored = stored_targets(source, now)
        numbers = now.version_numbers(source.kind.name)
    source = with_codes(source, stored)
    good, wrong = _checked(source)
    wrong += _twice(source, good)
    good = _without(good, wrong)
    wrong += Links(source, stored).faults(good, wrong)
    good = _without(good, wrong)
    present = stored[source.kind.name]
    wrong += _not_adding_up(source, good, present)
    good = _without(good, wrong)
    planned = [_planned(source.kind, row, record, present, numbers) for row, record in good.items()]
    return ImportPlan(
        source=source.path,
        sha256=source.sha256,
        kind=source.kind,
        sheet=source.sheet,
        added=tuple(one for one in planned if one.key not in present),
        changed=tuple(one for one in planned if one.changes),
        unchanged=tuple(one for one in planned if one.key in present and not one.changes),
        wrong=_in_order(wrong),
        hints=_in_order((*source.hints, *order_hints(source, good, stored.get("unit", {})))),
    )


def apply_import(plan: ImportPlan, store: RecordStore, author: str, at: datetime) -> ImportReport:
    """The right rows of the plan are records, all of them in one transaction.

    Raises:
        RecordConflict: a record was changed, or one that a row names was deleted, since the plan was made;
            nothing was stored.
    """
    writes = {one.key: one for one in (*plan.added, *plan.changed)}
    order = in_link_order(plan.kind, {key: one.record for key, one in writes.items()})
    with store.transaction() as transaction:
        for key in order:
            one = writes[key]
            transaction.put(one.record, author=author, at=at, expected=one.expected)
        head = transaction.head()
    return ImportReport(
        plan.kind, len(plan.added), len(plan.changed), len(plan.unchanged), len(plan.wrong_rows), head
    )


def _in_order(faults: Sequence[CellFault]) -> tuple[CellFault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.row, len(fault.column), fault.column)))


def _checked(source: Source) -> tuple[dict[int, Record], list[CellFault]]:
    """The rows that obey their model's rules, and the faults of the others; all faults of a row at once."""
    good: dict[int, Record] = {}
    wrong: list[CellFault] = []
    for row in source.rows:
        wrong += row.faults
        if not row.record:
            continue
        unread = {fault.label for fault in row.faults}
        try:
            record = source.kind.model.model_validate(dict(row.values))
        except ValidationError as error:
            wrong += [
                source.fault(row.number, fault.field, fault.value, fault.problem, fault.remedy)
                for fault in faults_of(error, source.kind.model)
                if fault.title not in unread
            ]
        else:
            if not row.faults:
                good[row.number] = record
    return good, wrong


def _twice(source: Source, good: Mapping[int, Record]) -> list[CellFault]:
    """A fault for every row whose key another row has too: which of them is meant, nobody can know."""
    rows: dict[str, list[int]] = {}
    for row, record in good.items():
        rows.setdefault(source.kind.key_of(record), []).append(row)
    field = source.kind.key_fields[-1]
    return [
        source.fault(
            row,
            field,
            str(getattr(good[row], field)),
            f"与{'、'.join(source.place(other) for other in same if other != row)}重复",
            "只留一行，或者改正代码",
        )
        for same in rows.values()
        if len(same) > 1
        for row in same
    ]


def _not_adding_up(
    source: Source, good: Mapping[int, Record], present: Mapping[str, Record]
) -> list[CellFault]:
    """A fault for every row that says what its parts, in the file or stored before, do not come to."""
    rows = {source.kind.key_of(record): row for row, record in good.items()}
    held = {**present, **{source.kind.key_of(record): record for record in good.values()}}
    return [
        source.fault(
            rows[keyed(wrong)], wrong.field, f"{wrong.told:g}", wrong.problem, "核对这个数和它的各部分"
        )
        for wrong in wrong_sums(held.values())
        if keyed(wrong) in rows
    ]


def _without(good: Mapping[int, Record], wrong: Sequence[CellFault]) -> dict[int, Record]:
    refused = {fault.row for fault in wrong}
    return {row: record for row, record in good.items() if row not in refused}


def _planned(
    kind: Kind, row: int, record: Record, present: Mapping[str, Record], numbers: Mapping[str, int]
) -> PlannedRecord:
    key = kind.key_of(record)
    changes = changes_between(present[key], record) if key in present else ()
    return PlannedRecord(row, key, record, numbers.get(key, 0), changes)


def changes_between(before: Record, after: Record) -> tuple[FieldChange, ...]:
    """What differs between two records of a kind, field by field."""
    return tuple(
        FieldChange(
            column.name, column.title, plain(cell_value(before, column)), plain(cell_value(after, column))
        )
        for column in columns_of(type(after))
        if getattr(before, column.name) != getattr(after, column.name)
    )
