"""The verbs over records: forms out, workbooks in, exports out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dujian_docs.records import (
    Batch,
    Head,
    ImportPlan,
    ImportReport,
    Kind,
    Snapshot,
    UndoPlan,
    apply_import,
    apply_undo,
    batches,
    columns_of,
    export_records,
    kind_of,
    open_keys,
    open_records,
    plan_import,
    plan_undo,
    write_form,
    write_marked_copy,
)
from dujian_docs.workspace.place import Workspace


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the records stand, how many, and how many confidential ones were left out."""

    path: Path
    count: int
    withheld: int = 0


def write_template(office: Workspace, word: str, target: Path, *, internal: bool = False) -> Path:
    """An empty Excel form for the kind of record called ``word`` stands at ``target``.

    Its dropdowns name nothing confidential, unless it stays in the office (``internal``).
    """
    kind = kind_of(word)
    with office.store.snapshot() as now:
        links = _link_keys(now, kind, internal=internal)
    return write_form(kind, target, links=links)


def plan_import_of(office: Workspace, source: Path) -> ImportPlan:
    """What importing ``source`` would add, change and leave, and every cell that is wrong."""
    return plan_import(source, office.store)


def apply_import_of(office: Workspace, plan: ImportPlan) -> ImportReport:
    """The right rows of the plan are records now."""
    return apply_import(plan, office.store, author=office.author, at=office.clock())


def mark_wrong_cells(office: Workspace, plan: ImportPlan, source: Path) -> Path:
    """A copy of the workbook beside it, its wrong cells red and commented; the original is untouched."""
    stamp = office.clock().strftime("%m%d-%H%M%S")
    return write_marked_copy(plan, source.with_name(f"{source.stem}_校验结果_{stamp}{source.suffix}"))


def export_of(office: Workspace, word: str, target: Path, *, internal: bool = False) -> Exported:
    """The records of a kind stand in a file, .xlsx or .json by its name; confidential ones only ``internal``.

    Raises:
        UsageInvalid: the whole kind is confidential, and the file is not for the office alone.
    """
    kind = kind_of(word)
    with office.store.snapshot() as now:
        every = now.all(kind.name)
        records = every if internal else open_records(now, kind)
        links = _link_keys(now, kind, internal=internal)
    path = export_records(kind, records, target, links=links)
    return Exported(path, len(records), len(every) - len(records))


def batches_of(office: Workspace) -> tuple[Batch, ...]:
    """The batches of records written last, the latest first."""
    return batches(office.store)


def plan_undo_of(office: Workspace, number: int) -> UndoPlan:
    """What undoing the batch of this number would put back."""
    return plan_undo(office.store, number)


def apply_undo_of(office: Workspace, plan: UndoPlan) -> Head:
    """The records stand as they did before the batch."""
    return apply_undo(plan, office.store, author=office.author, at=office.clock())


def _link_keys(now: Snapshot, kind: Kind, *, internal: bool) -> Mapping[str, Sequence[str]]:
    """The keys a clerk may choose from, by the kind that a field links to."""
    linked = {column.link.kind for column in columns_of(kind.model) if column.link}
    if not internal:
        return {name: open_keys(now, kind_of(name)) for name in linked}
    return {name: tuple(kind_of(name).key_of(record) for record in now.all(name)) for name in linked}
