"""What the indexer knows of every file, and the texts it has extracted. A speaker of sqlite3.

Texts are kept by content hash: they survive a rename, a move and a rebuilt index. The whole is a cache.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import NamedTuple

from indexer.frames import as_plain, facts_from
from indexer.looks import Looks
from indexer.merging import pages_due
from indexer.model import MEMBER_MARK, Extraction, FileStamp, Item, Member, Passage, State
from indexer.salvage import salvage
from indexer.schema import FAULTS, NewerDatabase, connected, damaged, disk_refused, is_damage
from indexer.sketches import Sketches

UNREAD = ""
"""Stands for the content hash of a file that could not be opened; it is tried again at every sync."""
_ITEMS = (
    "SELECT path, size, mtime_ns, sha256, missing, state, reason, remedy, facts, package"
    " FROM documents LEFT JOIN texts USING (sha256)"
)
_CHOSEN_FILES, _CHOSEN_INSIDE = (
    f"SELECT path, size, mtime_ns, sha256, missing, {package} AS package FROM {view}"  # noqa: S608  constants
    " WHERE path IN (SELECT value FROM json_each(?1))"
    for view, package in (("files", "''"), ("inside", "package"))
)
"""Asked of each by itself: through the view of both, SQLite would go through all files."""
_PROPERTIES = (
    "SELECT id, path, mtime_ns, state,"
    " coalesce(json_extract(facts, '$.modified'), json_extract(facts, '$.created'))"
    " FROM documents LEFT JOIN texts USING (sha256) WHERE missing = 0"
)
_SETTLED = "settled"
_UNREADABLE = " UNION ALL ".join(
    f"SELECT path FROM {view} WHERE missing = 0 AND sha256 IN"  # noqa: S608  constants
    f" (SELECT sha256 FROM texts INDEXED BY texts_by_state WHERE state {states})"
    for view in ("files", "inside")
    for states in (f"< '{State.INDEXED}'", f"> '{State.INDEXED}'")
)
_UNREADABLE_OR_UNREAD = (
    "SELECT path FROM documents WHERE missing = 0 AND NOT EXISTS"  # noqa: S608  constants
    " (SELECT 1 FROM texts INDEXED BY texts_by_state"
    f" WHERE state = '{State.INDEXED}' AND texts.sha256 = documents.sha256)"
)
_UNUSED = (
    "WITH RECURSIVE used (sha256) AS (SELECT sha256 FROM files UNION"
    " SELECT members.sha256 FROM used JOIN members ON members.package = used.sha256)"
    " DELETE FROM texts WHERE sha256 NOT IN used"
)
_INCOMPLETE = (
    "DELETE FROM texts WHERE sha256 IN"
    " (SELECT package FROM members WHERE sha256 NOT IN (SELECT sha256 FROM texts))"
)
_ORPHANS = "DELETE FROM members WHERE package NOT IN (SELECT sha256 FROM texts)"


class Known(NamedTuple):
    """A file as the manifest last saw it; ``missing`` counts the clean scans that did not find it.

    ``is_read`` is false when its content has to be read again (other limits or readers, no access before).
    """

    id: int
    stamp: FileStamp
    sha256: str
    missing: int = 0
    is_read: bool = True


class Content(NamedTuple):
    """A document that is there, and what it holds."""

    id: str
    path: str
    sha256: str
    size_bytes: int


class Manifest:
    """The manifest in one SQLite file (WAL); one writer at a time, readers undisturbed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.mended = ""
        self.looks = Looks(connection)
        self.sketches = Sketches(connection)

    @classmethod
    def open(cls, file: Path) -> Manifest:
        """The manifest in ``file``; one that is damaged or newer is set aside, and ``mended`` says so.

        Texts of a damaged one that are still whole go on being used.

        Raises:
            IndexerError: the disk does not let it be opened or made.
        """
        why = "收录清单损坏"
        suspected = _suspicion(file)
        try:
            if not suspected.exists():
                return cls(connected(file))
        except NewerDatabase as fault:
            why = str(fault)
        except FAULTS as fault:
            if not is_damage(fault):
                raise disk_refused(fault) from fault
        for suffix in ("-wal", "-shm", ""):  # a log must never meet another database
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.replace(file.with_name(f"{file.name}.damaged{suffix}"))
        suspected.unlink(missing_ok=True)
        manifest = cls(connected(file))
        count = salvage(file.with_name(f"{file.name}.damaged"), manifest._db)
        manifest.forget_failures()
        rest = f"救回 {count} 份文字，其余的重新读取" if count else "会重新读取全部文件"
        manifest.mended = f"{why}，已另存为 {file.name}.damaged，{rest}"
        return manifest

    @staticmethod
    def suspect(file: Path) -> None:
        """The manifest in ``file`` is set aside when it is opened next."""
        _suspicion(file).touch()

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def known(self) -> dict[str, Known]:
        """Every file by path."""
        read = {row[0] for row in self._db.execute("SELECT sha256 FROM texts INDEXED BY texts_by_state")}
        read.discard(UNREAD)
        rows = self._db.execute(
            "SELECT id, path, size, mtime_ns, ctime_ns, inode, sha256, missing FROM files"
        )
        return {
            row[1]: Known(row[0], FileStamp._make(row[1:6]), row[6], row[7], row[6] in read) for row in rows
        }

    def items(self) -> tuple[Item, ...]:
        """Every file with its state, by path; those not found at the last look are VANISHED."""
        return tuple(_item(row) for row in self._db.execute(f"{_ITEMS} ORDER BY path"))

    def unreadable(self) -> tuple[Item, ...]:
        """Every file that is there and has no searchable text, by path."""
        rows = self._db.execute(_UNREADABLE if self.remembered(_SETTLED) else _UNREADABLE_OR_UNREAD)
        return self.items_at([row[0] for row in rows])

    def items_at(self, paths: Iterable[str]) -> tuple[Item, ...]:
        """The files at these paths, by path."""
        wanted = list(paths)
        chosen = [_CHOSEN_FILES, _CHOSEN_INSIDE][: 1 + any(MEMBER_MARK in path for path in wanted)]
        rows = self._db.execute(
            f"WITH documents AS ({' UNION ALL '.join(chosen)}) {_ITEMS} ORDER BY path",
            (json.dumps(wanted),),
        )
        return tuple(_item(row) for row in rows)

    def count(self) -> int:
        """How many documents the engine should hold: files, and what is inside them."""
        counts = "SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM inside)"
        return int(self._db.execute(counts).fetchone()[0])

    def is_settled(self, fingerprint: str) -> bool:
        """Whether nothing was left to do after a look at the archive with this fingerprint."""
        return self.remembered(_SETTLED) == fingerprint

    def settle(self, fingerprint: str) -> None:
        """Nothing is left to do for an archive that looks so; holds until a file or text here changes."""
        self.remember(**{_SETTLED: fingerprint})

    def version(self) -> tuple[int, int]:
        """Another one after every change, by this process or another one."""
        return (int(self._db.execute("PRAGMA data_version").fetchone()[0]), self._db.total_changes)

    def properties(self) -> tuple[tuple[str, str, int, str, str], ...]:
        """Id, path, mtime_ns, state and own date (may be empty) of every document that is not missing."""
        rows = self._db.execute(_PROPERTIES)
        return tuple((*row[:3], row[3] or State.REFUSED.value, row[4] or "") for row in rows)

    def contents(self) -> tuple[Content, ...]:
        """Every document that is not missing and could be opened, the oldest first."""
        rows = self._db.execute(
            "SELECT id, path, sha256, size FROM documents WHERE missing = 0 AND sha256 <> ?"
            " ORDER BY mtime_ns, path",
            (UNREAD,),
        )
        return tuple(Content._make(row) for row in rows)

    def has_missing(self) -> bool:
        """Whether some file was not found at the last look."""
        return self._db.execute("SELECT 1 FROM files WHERE missing > 0 LIMIT 1").fetchone() is not None

    def ids(self) -> dict[str, str]:
        """The id of every document whose file is not missing, by path."""
        return dict(self._db.execute("SELECT path, id FROM documents WHERE missing = 0"))

    def document_ids(self, files: Iterable[int] | None = None) -> frozenset[str]:
        """The ids of the documents that stand for these files (None: all) and for what is inside them."""
        if files is None:
            return frozenset(row[0] for row in self._db.execute("SELECT id FROM documents"))
        rows = self._db.execute(
            "SELECT id FROM documents"
            " WHERE CAST(id AS INTEGER) IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
            (json.dumps(list(files)),),
        )
        return frozenset(row[0] for row in rows)

    def paths_of(self, ids: Iterable[str]) -> dict[str, tuple[str, int]]:
        """Path and mtime_ns by id, of documents whose files are not missing."""
        wanted = list(ids)
        files = [int(one) for one in wanted if one.isdigit()]
        inside = [one for one in wanted if not one.isdigit()]
        found: dict[str, tuple[str, int]] = {}
        for view, some in (("files", files), ("inside", inside)):
            rows = self._db.execute(
                f"SELECT id, path, mtime_ns FROM {view}"  # noqa: S608  constants
                " WHERE missing = 0 AND id IN (SELECT value FROM json_each(?))",
                (json.dumps(some),),
            )
            found.update((str(row[0]), (row[1], row[2])) for row in rows if some)
        return found

    def read_before(self, contents: Iterable[str]) -> frozenset[str]:
        """Which of these contents have been read already."""
        found = self._db.execute(
            "SELECT sha256 FROM texts WHERE sha256 IN (SELECT value FROM json_each(?))",
            (json.dumps(list(contents)),),
        )
        return frozenset(row[0] for row in found)

    def extraction(self, sha256: str) -> Extraction | None:
        """What was read from this content, or None when it never was."""
        row = self._db.execute(
            "SELECT state, reason, remedy, facts, passages FROM texts WHERE sha256 = ?", (sha256,)
        ).fetchone()
        if row is None:
            return None
        try:
            passages = tuple(Passage(*one) for one in json.loads(zlib.decompress(row[4])))
            facts = facts_from(json.loads(row[3]))
            return Extraction(State(row[0]), passages, row[1], row[2], facts, self.members(sha256))
        except (zlib.error, ValueError, TypeError) as fault:
            raise damaged() from fault

    def members(self, sha256: str) -> tuple[Member, ...]:
        """What is inside a package with this content, by position."""
        rows = self._db.execute(
            "SELECT position, name, size FROM members WHERE package = ? ORDER BY position", (sha256,)
        )
        return tuple(Member(*row) for row in rows)

    def passages(self, path: str) -> tuple[Passage, ...]:
        """The text of the file at ``path``; empty when there is none."""
        row = self._db.execute("SELECT sha256 FROM files WHERE path = ?", (path,)).fetchone()
        if row is None and MEMBER_MARK in path:
            row = self._db.execute("SELECT sha256 FROM inside WHERE path = ?", (path,)).fetchone()
        found = self.extraction(row[0]) if row else None
        return found.passages if found else ()

    def next_id(self) -> int:
        """The first id that no file has had."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'files'").fetchone()
        return int(row[0]) + 1 if row else 1

    def keep_texts(self, texts: Mapping[str, Extraction]) -> None:
        """What was read from these contents is kept."""
        with self._writing():
            self._db.executemany(
                "INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    _text_row(sha256, found, is_due=self._is_due(sha256, found))
                    for sha256, found in texts.items()
                ],
            )
            self._db.executemany("DELETE FROM members WHERE package = ?", [(one,) for one in texts])
            self._db.executemany(
                "INSERT INTO members VALUES (?, ?, ?, ?, ?)",
                [row for sha256, found in texts.items() for row in _member_rows(sha256, found)],
            )

    def _is_due(self, sha256: str, found: Extraction) -> bool:
        """Whether pages of the content are to be looked at and have not been."""
        pages = pages_due(found)
        return bool(pages) and not self.looks.pages_of(sha256).issuperset(pages)

    def forget_failures(self) -> None:
        """Contents that gave not all of their text will be read again, and packages with such in them."""
        with self._writing():
            self.looks.forget_failures()
            self._db.execute("DELETE FROM texts WHERE state <> ? OR reason <> ''", (State.INDEXED.value,))
            while self._db.execute(_INCOMPLETE).rowcount:
                continue
            self._db.execute(_ORPHANS)

    def forget_unused(self) -> None:
        """Texts of contents that no file has any more are gone."""
        with self._writing():
            self._db.execute(_UNUSED)
            self._db.execute(_ORPHANS)
            self.looks.forget_unused()
            self.sketches.forget_unused()

    def store(self, seen: Iterable[Known], gone: Iterable[int]) -> None:
        """One transaction: the files as now seen, under their ids; those of ``gone`` are no more."""
        seen = tuple(seen)
        former = [(one,) for one in (*gone, *(one.id for one in seen))]
        rows = [(one.id, *_columns(one.stamp), one.sha256, one.missing) for one in seen]
        with self._writing():
            self._db.executemany("DELETE FROM files WHERE id = ?", former)
            self._db.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def mark_missing(self, missing: Mapping[int, int]) -> None:
        """The counts of clean scans without these files, by id."""
        rows = [(count, one) for one, count in missing.items()]
        with self._writing():
            self._db.executemany("UPDATE files SET missing = ? WHERE id = ?", rows)

    def remembered(self, name: str) -> str:
        """What was remembered under a name, empty when nothing was."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def remember(self, **notes: str) -> None:
        """The notes are kept, under their names."""
        with self._writing():
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", list(notes.items()))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


def _suspicion(file: Path) -> Path:
    """What lies beside a manifest that turned out to be damaged in use."""
    return file.with_name(f"{file.name}.suspect")


def _columns(stamp: FileStamp) -> tuple[str, int, int, int, int]:
    return (stamp.path, stamp.size_bytes, stamp.mtime_ns, stamp.ctime_ns, stamp.inode)


def member_key(package: str, position: int) -> str:
    """What a member's text is kept under: made from the package's own key, so no member can name another."""
    return hashlib.sha256(f"{package}{MEMBER_MARK}{position}".encode()).hexdigest()


def _member_rows(package: str, found: Extraction) -> Iterator[tuple[str, int, str, int, str]]:
    for one in found.members:
        name = one.name.encode("utf-8", "replace").decode()
        yield (package, one.position, name, one.size_bytes, member_key(package, one.position))


def _text_row(sha256: str, found: Extraction, *, is_due: bool) -> tuple[object, ...]:
    passages = [astuple(passage) for passage in found.passages]
    packed = zlib.compress(json.dumps(passages, ensure_ascii=False).encode("utf-8", "replace"), 3)
    facts = json.dumps(as_plain(found.facts), ensure_ascii=False).encode("utf-8", "replace").decode()
    return (sha256, found.state.value, found.reason, found.remedy, facts, is_due, packed)


def _item(
    row: tuple[str, int, int, str, int, str | None, str | None, str | None, str | None, str],
) -> Item:
    path, size, mtime_ns, sha256, missing, state, reason, remedy, facts, package = row
    if missing:
        state = State.VANISHED
        reason = "上次收录时没有找到这个文件"
        remedy = "误删的请从备份恢复；确实不要了就不用管，再收录一次即清除"
    elif state is None:
        state, reason, remedy = State.REFUSED, "还没有读取", "再收录一次"
    elif state not in set(State):
        raise damaged()
    try:
        told = facts_from(json.loads(facts or "{}"))
    except ValueError as fault:
        raise damaged() from fault
    return Item(path, size, mtime_ns, sha256, State(state), reason or "", remedy or "", told, package)
