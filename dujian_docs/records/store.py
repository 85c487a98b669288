"""The record store: every version of every record, chained by hashes, never changed or removed.

Reading takes a snapshot; writing happens in a transaction that holds the only write lock, so that two
processes write one after the other. A killed process leaves the state before or after its transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from dujian_docs.records.chain import Head, Version, breaks_of
from dujian_docs.records.database import open_database, reading, storage_errors, writing
from dujian_docs.records.kinds import KINDS, Kind
from dujian_docs.records.models import Record
from dujian_docs.records.transaction import Snapshot, Transaction

if TYPE_CHECKING:
    from sqlalchemy import Engine


class RecordStore:
    """The records of a workspace; open it with ``RecordStore.open(path)`` as a context manager."""

    def __init__(self, engine: Engine, path: Path, kinds: Sequence[Kind]) -> None:
        self._engine = engine
        self._path = path
        self._kinds = tuple(kinds)

    @classmethod
    def open(cls, path: Path, *, kinds: Sequence[Kind] = KINDS) -> RecordStore:
        """The store in the file ``path``, which is made when it does not exist.

        Raises:
            StorageFailed: the file is no records file, is damaged, or cannot be read and written.
        """
        return cls(open_database(path), path, kinds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self._engine.dispose()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of record that this store holds."""
        return self._kinds

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One consistent state for several reads, whatever others write meanwhile."""
        with storage_errors(self._path), reading(self._engine) as rows:
            yield Snapshot(rows, self._kinds)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """The write lock; what was put and deleted is stored at the end, or nothing after an error."""
        with storage_errors(self._path), writing(self._engine) as rows:
            yield Transaction(rows, self._kinds)

    def get(self, kind: str, key: str) -> Record | None:
        """The record as it stands, or None when there is none or it was deleted."""
        with self.snapshot() as now:
            return now.get(kind, key)

    def all(self, kind: str, *, containing: str = "") -> tuple[Record, ...]:
        """Every record of a kind as it stands, by key; only those with ``containing`` somewhere in them."""
        with self.snapshot() as now:
            return now.all(kind, containing=containing)

    def history(self, kind: str, key: str) -> tuple[Version, ...]:
        """Every version of a record, the oldest first."""
        with self.snapshot() as now:
            return now.history(kind, key)

    def version_of(self, kind: str, key: str) -> int:
        """The number of the latest version, a deletion included; 0 when there never was one."""
        with self.snapshot() as now:
            return now.version_of(kind, key)

    def head(self) -> Head:
        """The end of the chain; print it outside the store, so that a cut-off end can be noticed."""
        with self.snapshot() as now:
            return now.head()

    def verify(self, *, anchor: Head | None = None) -> tuple[str, ...]:
        """Every break of the hash chain, in Chinese; empty when all is as it was written.

        Args:
            anchor: a head noted outside the store earlier; with it a cut-off end is found too.
        """
        with storage_errors(self._path), reading(self._engine) as rows:
            found = list(breaks_of(rows.every(), anchor=anchor))
            if not rows.is_guarded():
                found.append("防止改动的触发器不全，记录库可能被别的工具改过")
        return tuple(found)
