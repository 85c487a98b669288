"""The register of document numbers: reserved → used or void(reason), never anything else, never again.

Rows are records of kind ``document``. The functions that write expect the caller to hold the issue lock (see
``issuing``) for as long as a row is reserved: a reserved row met while holding it is a dead process's.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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


def free_number(now: Snapshot, series: str, year: int, *, first_serial: int = 1) -> DocumentNumber:
    """The number after the highest that was ever taken, read from the keys of the register alone."""
    before = f"{series}/{year}/"
    keys = (key.removeprefix(before) for key in now.version_numbers(KIND) if key.startswith(before))
    return DocumentNumber(series, year, max([first_serial - 1, *map(int, keys)]) + 1)


def reserve(
    store: RecordStore,
    make_entries: Sequence[Callable[[DocumentNumber], DocumentEntry]],
    *,
    series: str,
    year: int,
    first_serial: int,
    author: str,
    at: datetime,
) -> tuple[DocumentEntry, ...]:
    """The next numbers are taken, one for each of ``make_entries``, whatever happens next; their rows.

    Raises:
        StorageFailed: the records cannot be written.
    """
    taken: list[DocumentEntry] = []
    with store.transaction() as now:
        first = free_number(now, series, year, first_serial=first_serial)
        for serial, make_entry in enumerate(make_entries, start=first.serial):
            entry = make_entry(replace(first, serial=serial))
            if entry.state is not NumberState.RESERVED:
                raise RecordConflict(
                    f"{number_of(entry)} 必须先预留", remedy="请联系技术支持：程序没有按顺序取号"
                )
            now.put(entry, author=author, at=at)
            taken.append(entry)
    return tuple(taken)


def note_contents(
    store: RecordStore,
    kept: Sequence[tuple[DocumentEntry, IssuedDocument]],
    *,
    author: str,
    at: datetime,
) -> tuple[DocumentEntry, ...]:
    """The reserved rows know the hashes of the files that are about to be published; what they say is kept.

    Raises:
        RecordConflict: one of the numbers is not reserved any more.
    """
    moves = [Move(entry, {"sha256": one.sha256}, one) for entry, one in kept]
    return all_moved(store, moves, author=author, at=at)


def mark_used(
    store: RecordStore, entry: DocumentEntry, *, path: str, author: str, at: datetime
) -> DocumentEntry:
    """The number belongs to the file at ``path`` (relative to the archive) for good.

    Raises:
        RecordConflict: the number is not reserved any more.
    """
    (used,) = mark_all_used(store, [(entry, path)], author=author, at=at)
    return used


def mark_all_used(
    store: RecordStore, placed: Sequence[tuple[DocumentEntry, str]], *, author: str, at: datetime
) -> tuple[DocumentEntry, ...]:
    """As ``mark_used`` for several at once: all of them or none."""
    moves = [Move(entry, {"state": NumberState.USED, "path": path}) for entry, path in placed]
    return all_moved(store, moves, author=author, at=at)


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
    reserved = (
        row
        for row in store.all(KIND, containing=NumberState.RESERVED.value)
        if isinstance(row, DocumentEntry) and row.state is NumberState.RESERVED
    )
    return tuple(
        close(store, archive, entry, author=author, at=at, reason=reason)
        for entry in sorted(reserved, key=number_of)
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
    (after,) = all_moved(store, [Move(entry, changes, beside)], author=author, at=at, before=before)
    return after


@dataclass(frozen=True, slots=True)
class Move:
    """A row, what changes in it, and a record that is stored with it."""

    entry: DocumentEntry
    changes: Mapping[str, object]
    beside: Record | None = None


def all_moved(
    store: RecordStore,
    moves: Sequence[Move],
    *,
    author: str,
    at: datetime,
    before: NumberState = NumberState.RESERVED,
) -> tuple[DocumentEntry, ...]:
    """The rows with their changes, stored in one transaction: all of them or none.

    Raises:
        RecordConflict: one of the numbers is not in the state ``before`` any more.
    """
    done: list[DocumentEntry] = []
    with store.transaction() as now:
        for move in moves:
            number = number_of(move.entry)
            found = now.get(KIND, f"{number.series}/{number.year}/{number.serial}")
            if not isinstance(found, DocumentEntry) or found.state is not before:
                state = found.state.value if isinstance(found, DocumentEntry) else "不存在"
                raise RecordConflict(
                    f"{number} 现在是“{state}”，不能再改",
                    remedy="文号一经使用或作废就不再变动；需要新文件请重新签发",
                )
            after = DocumentEntry.model_validate({**found.model_dump(), **move.changes})
            now.put(after, author=author, at=at)
            if move.beside is not None:
                now.put(move.beside, author=author, at=at)
            done.append(after)
    return tuple(done)


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
