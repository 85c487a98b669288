"""The verbs over records: forms out, workbooks in, exports out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dujian_docs.records import (
    ImportPlan,
    ImportReport,
    Kind,
    apply_import,
    columns_of,
    export_records,
    kind_of,
    plan_import,
    write_form,
    write_marked_copy,
)
from dujian_docs.workspace.place import Workspace


def write_template(office: Workspace, word: str, target: Path) -> Path:
    """An empty Excel form for the kind of record called ``word`` stands at ``target``."""
    kind = kind_of(word)
    return write_form(kind, target, links=_link_keys(office, kind))


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


def export_of(office: Workspace, word: str, target: Path) -> tuple[Path, int]:
    """Every record of a kind stands at the returned path (.xlsx or .json by its name); and how many."""
    kind = kind_of(word)
    records = office.store.all(kind.name)
    return export_records(kind, records, target, links=_link_keys(office, kind)), len(records)


def _link_keys(office: Workspace, kind: Kind) -> Mapping[str, Sequence[str]]:
    """The keys a clerk may choose from, by the kind that a field links to."""
    linked = {column.link.kind for column in columns_of(kind.model) if column.link}
    return {name: tuple(kind_of(name).key_of(record) for record in office.store.all(name)) for name in linked}
