"""What the indexer knows of every file, and the texts it has extracted. The only speaker of sqlite3.

Texts are kept by content hash: they survive a rename, a move and a rebuilt index. The whole is a cache.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.model import Extraction, FileStamp, Item, Passage, State

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
  id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,
  sha256 TEXT NOT NULL, missing INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS files_by_content ON files (sha256);
CREATE TABLE IF NOT EXISTS texts (
  sha256 TEXT PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL,
  pages INTEGER, title TEXT NOT NULL, passages BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

_ITEMS = (
    "SELECT path, size, mtime_ns, files.sha256, missing, state, reason, remedy, pages, title"
    " FROM files JOIN texts USING (sha256)"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the manifest last saw it; ``missing`` counts the clean scans that did not find it.

    ``is_read`` is false when its content has to be read again (other limits, other readers).
    """

    id: int
    stamp: FileStamp
    sha256: str
    missing: int = 0
    is_read: bool = True


class Manifest:
    """The manifest in one SQLite file (WAL); one writer at a time, readers undisturbed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def open(cls, file: Path) -> Manifest:
        """The manifest in ``file``; one that is damaged or of another version is set aside and begun anew."""
        try:
            return cls(_connected(file))
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                part = file.with_name(file.name + suffix)
                if part.exists():
                    part.replace(part.with_name(part.name + ".damaged"))
            return cls(_connected(file))

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def known(self) -> dict[str, Known]:
        """Every file by path."""
        rows = self._db.execute(
            "SELECT id, path, size, mtime_ns, ctime_ns, inode, files.sha256, missing, texts.sha256 IS NOT NULL"
            " FROM files LEFT JOIN texts USING (sha256)"
        )
        return {row[1]: Known(row[0], FileStamp(*row[1:6]), row[6], row[7], bool(row[8])) for row in rows}

    def items(self) -> tuple[Item, ...]:
        """Every file with its state, by path; those not found at the last look are VANISHED."""
        return tuple(_item(row) for row in self._db.execute(f"{_ITEMS} ORDER BY path"))

    def items_at(self, paths: Iterable[str]) -> tuple[Item, ...]:
        """The files at these paths, by path."""
        rows = self._db.execute(
            f"{_ITEMS} WHERE path IN (SELECT value FROM json_each(?)) ORDER BY path", (json.dumps(list(paths)),)
        )
        return tuple(_item(row) for row in rows)

    def count(self) -> int:
        """How many files the engine should hold."""
        return int(self._db.execute("SELECT count(*) FROM files").fetchone()[0])

    def has_missing(self) -> bool:
        """Whether some file was not found at the last look."""
        return self._db.execute("SELECT 1 FROM files WHERE missing > 0 LIMIT 1").fetchone() is not None

    def ids(self) -> dict[str, int]:
        """The id of every file that is not missing, by path."""
        return dict(self._db.execute("SELECT path, id FROM files WHERE missing = 0"))

    def paths_of(self, ids: Iterable[str]) -> dict[str, tuple[str, int]]:
        """Path and mtime_ns by id (as text), of files that are not missing."""
        rows = self._db.execute(
            "SELECT id, path, mtime_ns FROM files WHERE missing = 0 AND id IN (SELECT value FROM json_each(?))",
            (json.dumps([int(one) for one in ids]),),
        )
        return {str(row[0]): (row[1], row[2]) for row in rows}

    def read_before(self, contents: Iterable[str]) -> frozenset[str]:
        """Which of these contents have been read already."""
        found = self._db.execute("SELECT sha256 FROM texts WHERE sha256 IN (SELECT value FROM json_each(?))", (json.dumps(list(contents)),))
        return frozenset(row[0] for row in found)

    def extraction(self, sha256: str) -> Extraction | None:
        """What was read from this content, or None when it never was."""
        row = self._db.execute(
            "SELECT state, reason, remedy, pages, title, passages FROM texts WHERE sha256 = ?", (sha256,)
        ).fetchone()
        if row is None:
            return None
        passages = tuple(Passage(**one) for one in json.loads(zlib.decompress(row[5])))
        return Extraction(State(row[0]), passages, row[1], row[2], row[3], row[4])

    def passages(self, path: str) -> tuple[Passage, ...]:
        """The text of the file at ``path``; empty when there is none."""
        row = self._db.execute("SELECT sha256 FROM files WHERE path = ?", (path,)).fetchone()
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
                [_text_row(sha256, found) for sha256, found in texts.items()],
            )

    def forget_failures(self) -> None:
        """Contents that gave no text will be read again."""
        with self._writing():
            self._db.execute("DELETE FROM texts WHERE state <> ?", (State.INDEXED.value,))

    def store(self, seen: Iterable[Known], gone: Iterable[int]) -> None:
        """One transaction: the files as now seen, under their ids; those of ``gone`` are no more."""
        seen = tuple(seen)
        rows = [
            (one.id, one.stamp.path, one.stamp.size_bytes, one.stamp.mtime_ns, one.stamp.ctime_ns, one.stamp.inode, one.sha256)
            for one in seen
        ]
        with self._writing():
            self._db.executemany("DELETE FROM files WHERE id = ?", [(one,) for one in (*gone, *(one.id for one in seen))])
            self._db.executemany(
                "INSERT INTO files (id, path, size, mtime_ns, ctime_ns, inode, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
            )

    def mark_missing(self, missing: Mapping[int, int]) -> None:
        """The counts of clean scans without these files, by id."""
        with self._writing():
            self._db.executemany("UPDATE files SET missing = ? WHERE id = ?", [(n, one) for one, n in missing.items()])

    def fact(self, name: str) -> str:
        """A remembered fact, empty when there is none."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def remember(self, **facts: str) -> None:
        """The facts are kept."""
        with self._writing():
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", list(facts.items()))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, SCHEMA_VERSION):
            raise sqlite3.DatabaseError(f"version {version}")
        connection.executescript(_SCHEMA)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("SELECT count(*) FROM files").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _text_row(sha256: str, found: Extraction) -> tuple[object, ...]:
    body = json.dumps([asdict(passage) for passage in found.passages], ensure_ascii=False)
    packed = zlib.compress(body.encode("utf-8", "replace"), 3)
    return (sha256, found.state.value, found.reason, found.remedy, found.page_count, found.title, packed)


def _item(row: tuple[str, int, int, str, int, str, str, str, int | None, str]) -> Item:
    path, size, mtime_ns, sha256, missing, state, reason, remedy, pages, title = row
    if missing:
        reason, remedy = "上次收录时没有找到这个文件", "如果是误删请恢复；确实不要了就不用管，再收录一次即清除"
        return Item(path, size, mtime_ns, sha256, State.VANISHED, reason, remedy, pages, title)
    return Item(path, size, mtime_ns, sha256, State(state), reason, remedy, pages, title)
