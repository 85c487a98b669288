"""What was seen on single pages, kept at once, and which contents still have pages to be looked at.

With ``manifest`` and ``schema`` the only speaker of sqlite3.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.frames import as_answer, extraction_from
from indexer.model import Extraction, State
from indexer.schema import damaged

_ANY = 2**62
"""More clean scans than any file was missing in."""


@dataclass(frozen=True, slots=True)
class Place:
    """A document of the engine, and the file of the archive that it is or lies in, at ``inside``.

    ``sha256`` is the hash of that file's content.
    """

    id: str
    path: str
    file: str
    sha256: str
    inside: tuple[int, ...]


class Looks:
    """The looks in a manifest's database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def keep(self, content: str, page: int, found: Extraction) -> None:
        """What was seen is kept, in a transaction of its own."""
        told = json.dumps(as_answer(found), ensure_ascii=False).encode("utf-8", "replace").decode()
        row = (content, page, found.state.value, told)
        self._db.execute("INSERT OR REPLACE INTO looks VALUES (?, ?, ?, ?)", row)

    def of(self, content: str) -> dict[int, Extraction]:
        """What was seen of a content, by page."""
        rows = self._db.execute("SELECT page, found FROM looks WHERE sha256 = ?", (content,))
        try:
            return {page: extraction_from(json.loads(told)) for page, told in rows}
        except (ValueError, TypeError, KeyError) as fault:
            raise damaged() from fault

    def pages_of(self, content: str) -> frozenset[int]:
        """Which pages of a content have been looked at."""
        rows = self._db.execute("SELECT page FROM looks WHERE sha256 = ?", (content,))
        return frozenset(row[0] for row in rows)

    def due(self) -> tuple[str, ...]:
        """The contents with pages to be looked at."""
        return tuple(row[0] for row in self._db.execute("SELECT sha256 FROM texts WHERE due"))

    def places(self, contents: Iterable[str], *, missing: bool) -> dict[str, list[Place]]:
        """Where these contents are, newest files first, with ``missing`` also in files not found of late."""
        rows = self._db.execute(
            "SELECT documents.sha256, documents.id, documents.path, files.path, files.sha256"
            " FROM documents JOIN files ON files.id = CAST(documents.id AS INTEGER)"
            " WHERE documents.missing <= ? AND documents.sha256 IN (SELECT value FROM json_each(?))"
            " ORDER BY documents.mtime_ns DESC, files.path, documents.id",
            (_ANY if missing else 0, json.dumps(list(contents))),
        )
        found: dict[str, list[Place]] = {}
        for content, document, path, file, sha256 in rows:
            inside = tuple(int(one) for one in document.split(".")[1:])
            found.setdefault(content, []).append(Place(document, path, file, sha256, inside))
        return found

    def waiting(self) -> int:
        """How many pages that are pictures have not been looked at."""
        row = self._db.execute(
            "SELECT coalesce(sum(json_array_length(facts, '$.scans') -"
            " (SELECT count(*) FROM looks WHERE looks.sha256 = texts.sha256 AND page > 0)), 0)"
            " FROM texts WHERE due AND json_type(facts, '$.scans') = 'array'"
        ).fetchone()
        return int(row[0])

    def forget_failures(self) -> None:
        """Pages that could not be looked at will be again. Part of its caller's transaction."""
        seen = (State.INDEXED.value, State.EMPTY.value)
        self._db.execute("DELETE FROM looks WHERE state NOT IN (?, ?)", seen)

    def forget_unused(self) -> None:
        """Looks at contents without a text are gone. Part of its caller's transaction."""
        self._db.execute("DELETE FROM looks WHERE sha256 NOT IN (SELECT sha256 FROM texts)")
