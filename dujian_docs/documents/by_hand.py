"""Numbers for documents made elsewhere: held by a person, then used with a file of the archive, or void."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.documents.register import KIND, moved, next_number, number_of
from dujian_docs.documents.register import entries as rows_of
from dujian_docs.errors import ArchiveConflict, InputInvalid, UsageInvalid
from dujian_docs.publishing import confined
from dujian_docs.records import DocumentEntry, NumberState, RecordStore


def hold(
    store: RecordStore,
    *,
    series: str,
    year: int,
    genre: str,
    title: str,
    first_serial: int,
    author: str,
    at: datetime,
) -> DocumentEntry:
    """The next number of the series is held for a document that is made elsewhere."""
    with store.transaction() as now:
        number = next_number(rows_of(now), series, year, first_serial=first_serial)
        entry = DocumentEntry(
            series=number.series,
            year=number.year,
            serial=number.serial,
            state=NumberState.HELD,
            genre=genre,
            title=title,
        )
        now.put(entry, author=author, at=at)
    return entry


def use_held(
    store: RecordStore,
    number: DocumentNumber,
    file: str,
    *,
    archive: Path,
    doc_date: date | None,
    author: str,
    at: datetime,
) -> DocumentEntry:
    """The held number belongs to a file of the archive for good.

    Raises:
        InputInvalid: the archive has no such file.
        UsageInvalid: there is no such number.
        RecordConflict: it is not held any more.
    """
    try:
        path = confined(archive, file)
    except ArchiveConflict as error:
        raise InputInvalid(
            f"{file} 不在档案文件夹里", remedy="先把文件放进档案文件夹，再写它的相对位置"
        ) from error
    if not path.is_file():
        raise InputInvalid(f"档案里没有 {file}", remedy="位置从档案文件夹算起，如 发文/2026/通知.docx")
    changes = {
        "state": NumberState.USED,
        "path": path.relative_to(archive.resolve()).as_posix(),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "doc_date": doc_date,
    }
    return moved(store, _row(store, number), changes, author=author, at=at, before=NumberState.HELD)


def void_held(
    store: RecordStore, number: DocumentNumber, reason: str, *, author: str, at: datetime
) -> DocumentEntry:
    """The held number is void, with the reason; no document will ever have it.

    Raises:
        InputInvalid: no reason is given.
        UsageInvalid: there is no such number.
        RecordConflict: it is not held any more.
    """
    if not reason.strip():
        raise InputInvalid(f"作废 {number} 没有写原因", remedy="用 --reason 写明作废原因")
    changes = {"state": NumberState.VOID, "void_reason": reason.strip()}
    return moved(store, _row(store, number), changes, author=author, at=at, before=NumberState.HELD)


def withdraw_used(
    store: RecordStore, number: DocumentNumber, reason: str, *, author: str, at: datetime
) -> DocumentEntry:
    """The issued number is void, with the reason; its file stays where it is and the row still names it.

    Raises:
        InputInvalid: no reason is given.
        UsageInvalid: there is no such number.
        RecordConflict: it is not in use.
    """
    if not reason.strip():
        raise InputInvalid(f"撤回 {number} 没有写原因", remedy="用 --reason 写明撤回原因")
    changes = {"state": NumberState.VOID, "void_reason": f"撤回：{reason.strip()}"}
    return moved(store, _row(store, number), changes, author=author, at=at, before=NumberState.USED)


def _row(store: RecordStore, number: DocumentNumber) -> DocumentEntry:
    found = store.get(KIND, f"{number.series}/{number.year}/{number.serial}")
    if not isinstance(found, DocumentEntry):
        held = "、".join(str(number_of(one)) for one in rows_of(store) if one.state is NumberState.HELD)
        raise UsageInvalid(f"登记簿里没有 {number}", remedy=f"占用着的有：{held or '没有'}")
    return found
