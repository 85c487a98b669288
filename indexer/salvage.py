"""What can still be read of a damaged manifest goes on being used: texts by content, and looks at pages.

Which files there are is asked of the archive again; what takes hours is to read, and above all to recognise,
their texts again. With ``manifest`` and its rooms the only speaker of sqlite3.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from indexer.frames import extraction_from, facts_from
from indexer.model import Passage, State
from indexer.schema import FAULTS, MIGRATIONS, version_of

_BUCKETS = tuple(f"{number:03x}" for number in range(16**3))
"""The first digits of content hashes; each bucket is asked for by itself: a bad page costs what is on it."""
_NOT_WHOLE = (zlib.error, ValueError, TypeError, KeyError, AttributeError)
_Row = tuple[object, ...]


def salvage(damaged: Path, into: sqlite3.Connection) -> int:
    """Texts and looks of the damaged manifest that are whole are in the new one; returns how many texts.

    A manifest that another version of the program made gives nothing; nor does one whose lists of what is in
    packages cannot be read to the end, since a package would then seem to hold nothing.
    """
    with closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?immutable=1", uri=True)) as source:
        try:
            if version_of(source) != len(MIGRATIONS):
                return 0
            members = source.execute("SELECT * FROM members").fetchall()
        except FAULTS:
            return 0
        into.execute("BEGIN IMMEDIATE")
        into.executemany("INSERT OR IGNORE INTO looks VALUES (?, ?, ?, ?)", _whole(source, "looks", _is_look))
        texts = into.executemany(
            "INSERT OR IGNORE INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)", _whole(source, "texts", _is_text)
        ).rowcount
        into.executemany("INSERT OR IGNORE INTO members VALUES (?, ?, ?, ?, ?)", members)
        into.execute("COMMIT")
    return texts


def _whole(source: sqlite3.Connection, table: str, is_whole: Callable[[_Row], bool]) -> Iterator[_Row]:
    """The rows of a table that can be read and make sense."""
    for bucket in _BUCKETS:
        with suppress(*FAULTS):
            rows = source.execute(
                f"SELECT * FROM {table} WHERE sha256 >= ? AND sha256 < ?",  # noqa: S608  a constant
                (bucket, f"{bucket}g"),
            )
            yield from filter(is_whole, rows)


def _is_text(row: _Row) -> bool:
    sha256, state, _, _, facts, _, passages = row
    try:
        facts_from(json.loads(str(facts)))
        told = [Passage(*one) for one in json.loads(zlib.decompress(bytes(passages)))]  # type: ignore[call-overload]
    except _NOT_WHOLE:
        return False
    return state in set(State) and len(str(sha256)) == 64 and all(isinstance(one.text, str) for one in told)


def _is_look(row: _Row) -> bool:
    try:
        return extraction_from(json.loads(str(row[3]))).state == row[2]
    except _NOT_WHOLE:
        return False
