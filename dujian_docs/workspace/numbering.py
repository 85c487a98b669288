"""The verbs over numbers: the next one, one held by hand, an old register taken over, and the check."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dujian_docs import documents
from dujian_docs.documents import DocumentNumber, RegisterImport, RegisterReport, entries, number_of
from dujian_docs.errors import ArchiveConflict, StorageFailed
from dujian_docs.publishing import confined, publish
from dujian_docs.records import DocumentEntry
from dujian_docs.supervision.tables import workbook
from dujian_docs.workspace.place import Workspace


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A document whose file is not as the register knows it, and what became of it."""

    number: DocumentNumber
    path: str
    state: str


def next_number_of(office: Workspace, *, series: str = "", year: int | None = None) -> DocumentNumber:
    """The number that the next document of the series will get in the year; nothing is reserved."""
    return documents.next_number(
        entries(office.store),
        series or office.office.series,
        year or office.clock().year,
        first_serial=office.office.first_serial,
    )


def hold_number(office: Workspace, genre: str, title: str, *, series: str = "") -> DocumentNumber:
    """The next number is held for a document that is made elsewhere."""
    entry = documents.hold(
        office.store,
        series=series or office.office.series,
        year=office.clock().year,
        genre=genre,
        title=title,
        first_serial=office.office.first_serial,
        author=office.author,
        at=office.clock(),
    )
    return number_of(entry)


def use_number(office: Workspace, number: str, file: str, *, doc_date: date | None = None) -> DocumentEntry:
    """The held number belongs to the file of the archive for good.

    Raises:
        InputInvalid: it is no document number, or the archive has no such file.
        UsageInvalid: the register has no such number.
        RecordConflict: it is not held any more.
        StorageFailed: the archive is not there.
    """
    office.require_archive()
    return documents.use_held(
        office.store,
        DocumentNumber.parse(number),
        file,
        archive=office.archive,
        doc_date=doc_date,
        author=office.author,
        at=office.clock(),
    )


def void_number(office: Workspace, number: str, reason: str) -> DocumentEntry:
    """The held number is void, with the reason.

    Raises:
        InputInvalid: it is no document number, or no reason is given.
        UsageInvalid: the register has no such number.
        RecordConflict: it is not held any more.
    """
    parsed = DocumentNumber.parse(number)
    return documents.void_held(office.store, parsed, reason, author=office.author, at=office.clock())


def plan_register_import_of(office: Workspace, source: Path) -> RegisterImport:
    """What taking over the register in this workbook would do."""
    return documents.plan_register_import(source, office.store)


def apply_register_import_of(office: Workspace, plan: RegisterImport) -> int:
    """The rows of the plan stand in the register; returns how many.

    Raises:
        RecordConflict: one of the numbers was taken since.
    """
    return documents.apply_register_import(plan, office.store, author=office.author, at=office.clock())


def check_register(office: Workspace) -> RegisterReport:
    """Gaps, doubles, open numbers and the next one, series by series."""
    return documents.register_report(entries(office.store), first_serial=office.office.first_serial)


def changed_files(office: Workspace) -> tuple[ChangedFile, ...] | None:
    """The files of used and withdrawn numbers that are not as they were issued; None without the archive."""
    try:
        office.require_archive()
    except StorageFailed:
        return None
    found = ((row, _state(office.archive, row)) for row in entries(office.store) if row.path and row.sha256)
    return tuple(ChangedFile(number_of(row), row.path, state) for row, state in found if state)


def _state(archive: Path, row: DocumentEntry) -> str:
    try:
        path = confined(archive, row.path)
        if not path.is_file():
            return "不在登记的位置"
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == row.sha256
    except (ArchiveConflict, OSError):
        return "打不开"
    return "" if same else "登记以后改过"


def write_register(office: Workspace, target: Path) -> Path:
    """The register stands as a workbook at the returned path.

    Raises:
        StorageFailed: the disk refused.
    """
    columns = (
        ("发文字号", 22.0),
        ("状态", 8.0),
        ("文种", 14.0),
        ("标题", 46.0),
        ("成文日期", 13.0),
        ("来源", 22.0),
        ("归档位置", 44.0),
        ("作废原因", 20.0),
    )
    rows = [
        [
            str(number_of(row)),
            row.state.value,
            row.genre,
            row.title,
            row.doc_date,
            row.record,
            row.path,
            row.void_reason,
        ]
        for row in entries(office.store)
    ]
    return publish(workbook("发文登记", columns, rows, colours={"作废": "D9D9D9", "占用": "FCE4D6"}), target)
