"""The sketches of texts, kept by content from when they are first asked for. A speaker of sqlite3.

A sketch counts only as long as the packed text has the size that it had when the sketch was made, since pages
that are looked at later bring more text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from indexer.model import State


class Sketches:
    """The sketches in a manifest's database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def all(self, version: str) -> dict[str, bytes]:
        """The sketches of this version by content, of texts that have not changed since."""
        return dict(
            self._db.execute(
                "SELECT sha256, sketch FROM sketches JOIN texts USING (sha256)"
                " WHERE version = ? AND size = length(passages)",
                (version,),
            )
        )

    def due(self, version: str) -> tuple[tuple[str, int], ...]:
        """The contents with text and without such a sketch, and the sizes of their packed texts."""
        return tuple(
            self._db.execute(
                "SELECT sha256, length(passages) FROM texts LEFT JOIN sketches USING (sha256)"
                " WHERE state IN (?, ?) AND (version IS NOT ? OR size <> length(passages))",
                (State.INDEXED.value, State.PENDING_OCR.value, version),
            )
        )

    def keep(self, version: str, sketches: Iterable[tuple[str, int, bytes]]) -> None:
        """The sketches of contents whose packed texts had these sizes are kept."""
        rows = [(sha256, version, size, sketch) for sha256, size, sketch in sketches]
        self._db.executemany("INSERT OR REPLACE INTO sketches VALUES (?, ?, ?, ?)", rows)

    def forget_unused(self) -> None:
        """Sketches of texts that are not kept any more are gone."""
        self._db.execute("DELETE FROM sketches WHERE sha256 NOT IN (SELECT sha256 FROM texts)")
