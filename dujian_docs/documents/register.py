"""The register of document numbers: reserved → used or void(reason), never anything else, never again.

Rows are records of kind ``document``. The functions that write expect the caller to hold the issue lock (see
``issuing``) for as long as a row is reserved: a reserved row met while holding it is a dead process's.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.errors import ArchiveConflict, RecordConflict, StorageFailed
from dujian_docs.publishing import TEMPORARY_PREFIX, confined, namesakes
from dujian_docs.records import DocumentEntry, IssuedDocument, NumberState, Record, RecordStore, Snapshot

KIND = "document"
INTERRUPTED = "生成中断"


def entries(now: Snapshot | RecordStore) -> tuple[DocumentEntry, ...]:
    """Every row of the register, by series, year and serial."""
    rows = [row for row in now.all(KIND) if isinstance(row, DocumentEntry)]
    return tuple(sorted(rows, key=number_of))


def number_of(entry: DocumentEntry) -> DocumentNumber:
    """The document number of a row."""
    return DocumentNumber(entry.series, entry.year, entry.serial)


def next_number(
    rows: Sequence[DocumentEntry], series: str, year: int, *, first_serial: int = 1
) -> DocumentNumber:
    """The number after the highest of this series and calendar year, void and reserved ones counted."""
    taken = [row.serial for row in rows if (row.series, row.year) == (series, year)]
    return DocumentNumber(series, year, max([first_serial - 1, *taken]) + 1)


def reserve(
    store: RecordStore,
    make_entry: Callable[[DocumentNumber], DocumentEntry],
    *,
    series: str,
    year: int,
    first_serial: int,
    author: str,
    at: datetime,
) -> DocumentEntry:
    """The next number is taken, whatever happens next; ``make_entry`` gives its row.

    Raises:
        StorageFailed: the records cannot be written.
    """
    with store.transaction() as now:
        entry = make_entry(next_number(entries(now), series, year, first_serial=first_serial))
        if entry.state is not NumberState.RESERVED:
            raise RecordConflict(
                f"{number_of(entry)} 必须先预留", remedy="请联系技术支持：程序没有按顺序取号"
            )
        now.put(entry, author=author, at=at)
    return entry


def note_content(
    store: RecordStore,
    entry: DocumentEntry,
    sha256: str,
    *,
    author: str,
    at: datetime,
    kept: IssuedDocument | None = None,
) -> DocumentEntry:
    """The reserved row knows the hash of the file that is about to be published; what it says is kept.

    Raises:
        RecordConflict: the number is not reserved any more.
    """
    return moved(store, entry, {"sha256": sha256}, author=author, at=at, beside=kept)


def mark_used(
    store: RecordStore, entry: DocumentEntry, *, path: str, author: str, at: datetime
) -> DocumentEntry:
    """The number belongs to the file at ``path`` (relative to the archive) for good.

    Raises:
        RecordConflict: the number is not reserved any more.
    """
    return moved(store, entry, {"state": NumberState.USED, "path": path}, author=author, at=at)


def mark_void(
    store: RecordStore, entry: DocumentEntry, *, reason: str, author: str, at: datetime
) -> DocumentEntry:
    """The number is void, with the reason; no document will ever have it.

    Raises:
        RecordConflict: the number is not reserved any more, or no reason is given.
    """
    if not reason.strip():
        raise RecordConflict(f"作废 {number_of(entry)} 没有写原因", remedy="写明作废原因")
    changes = {"state": NumberState.VOID, "void_reason": reason.strip(), "path": "", "sha256": ""}
    return moved(store, entry, changes, author=author, at=at)


def settle(
    store: RecordStore, archive: Path, *, author: str, at: datetime, reason: str = INTERRUPTED
) -> tuple[DocumentEntry, ...]:
    """No row is reserved any more: those whose file is in the archive are used, the others void.

    Returns, as they are now, the rows that were reserved. Unfinished files that the dead process left beside
    its target are removed.

    Raises:
        StorageFailed: the archive is not there, so that nothing can be said about its files.
    """
    if not archive.is_dir():
        raise StorageFailed(f"档案目录 {archive} 打不开", remedy="检查共享或移动盘是否已接好，然后重新执行")
    return tuple(
        close(store, archive, entry, author=author, at=at, reason=reason)
        for entry in entries(store)
        if entry.state is NumberState.RESERVED
    )


def close(
    store: RecordStore, archive: Path, entry: DocumentEntry, *, author: str, at: datetime, reason: str
) -> DocumentEntry:
    """The reserved row is used when its file stands in the archive with the recorded hash, else void."""
    path = _published(archive, entry)
    if path is not None:
        return mark_used(store, entry, path=path, author=author, at=at)
    return mark_void(store, entry, reason=reason, author=author, at=at)


def moved(
    store: RecordStore,
    entry: DocumentEntry,
    changes: Mapping[str, object],
    *,
    author: str,
    at: datetime,
    before: NumberState = NumberState.RESERVED,
    beside: Record | None = None,
) -> DocumentEntry:
    """The row with these changes, stored; ``beside`` in the same transaction.

    Raises:
        RecordConflict: the number is not in the state ``before`` any more.
    """
    number = number_of(entry)
    with store.transaction() as now:
        found = now.get(KIND, f"{number.series}/{number.year}/{number.serial}")
        if not isinstance(found, DocumentEntry) or found.state is not before:
            state = found.state.value if isinstance(found, DocumentEntry) else "不存在"
            raise RecordConflict(
                f"{number} 现在是“{state}”，不能再改",
                remedy="文号一经使用或作废就不再变动；需要新文件请重新签发",
            )
        after = DocumentEntry.model_validate({**found.model_dump(), **changes})
        now.put(after, author=author, at=at)
        if beside is not None:
            now.put(beside, author=author, at=at)
    return after


def _published(archive: Path, entry: DocumentEntry) -> str | None:
    """Where the row's file stands, looking at the planned name and its namesakes; None when it does not."""
    try:
        target = confined(archive, entry.path)
    except ArchiveConflict:
        return None
    _clear_unfinished(target.parent)
    if not entry.sha256:
        return None
    for path in namesakes(target):
        if not path.is_file():
            return None
        if hashlib.sha256(path.read_bytes()).hexdigest() == entry.sha256:
            return path.relative_to(archive.resolve()).as_posix()
    return None


def _clear_unfinished(folder: Path) -> None:
    """Only issuing writes into this folder, and under the lock the caller holds."""
    for path in folder.glob(f"{TEMPORARY_PREFIX}*"):
        with contextlib.suppress(OSError):
            path.unlink()
