"""What filters, facets and sorting look at, of every file; kept in memory as long as nothing changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from typing import TypeVar

from indexer.filters import Properties
from indexer.manifest import Manifest
from indexer.model import Facets, State
from indexer.nodes import And, Ids, Node, Where, lets_through, replaced

_T = TypeVar("_T")
_DAY_CHARS = len("2024-01-01")


class Catalogue:
    """The properties of all files that are not missing."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._version = (-1, -1)
        self._files: tuple[Properties, ...] = ()

    def files(self) -> tuple[Properties, ...]:
        """Every file as the manifest has it now."""
        version = self._manifest.version()
        if version != self._version:
            self._files = tuple(
                Properties(one, path, _day(own, mtime_ns), State(state))
                for one, path, mtime_ns, state, own in self._manifest.properties()
            )
            self._version = version
        return self._files

    def ids(self, only: Node) -> frozenset[str]:
        """The ids of the files for which a tree of filters holds."""
        return frozenset(one.id for one in self.files() if lets_through(only, one))

    def resolved(self, node: Node) -> Node:
        """The tree with the files' ids for every filter in it."""
        return replaced(node, lambda leaf: Ids(self.ids(And((leaf,)))) if isinstance(leaf, Where) else leaf)

    def facets(self, ids: Collection[str], *, depth: int, under: str) -> Facets:
        """How these files are spread; folders as deep as ``depth`` below ``under``, a folder or empty."""
        among = frozenset(ids)
        found = [one for one in self.files() if one.id in among]
        skip = len(under.split("/")) if under else 0
        return Facets(
            len(found),
            _counted("/".join(one.path.split("/")[:-1][: skip + depth]) for one in found),
            _counted(one.type for one in found),
            _counted(one.date[:4] for one in found),
            _counted(one.state for one in found),
        )


def _counted(values: Iterable[_T]) -> tuple[tuple[_T, int], ...]:
    counts = Counter(values)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0]))))


def _day(own: str, mtime_ns: int) -> str:
    """The day of the file's own date, where it has one, else of its last change in local time."""
    if own[:4].isdigit():
        return own[:_DAY_CHARS]
    try:
        return dt.datetime.fromtimestamp(mtime_ns / 10**9).astimezone().date().isoformat()
    except (OverflowError, OSError, ValueError):
        return ""
