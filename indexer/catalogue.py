"""What filters, facets and sorting look at, of every file; kept in memory as long as nothing changes."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from indexer.filters import Filter, Properties, folded, hint_of, passes_folder, passes_type
from indexer.manifest import Manifest
from indexer.model import Facets, State
from indexer.nodes import And, Ids, Node, Not, Or, Where, replaced

_T = TypeVar("_T")
_DAY_CHARS = len("2024-01-01")
_FILTERS_KEPT = 64


@dataclass(frozen=True, slots=True)
class _Folder:
    """The files right in a folder, their ids, and their folded names, a line each."""

    files: tuple[Properties, ...]
    ids: frozenset[str]
    names: str


class Catalogue:
    """The properties of all files that are not missing."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._version = (-1, -1)
        self._files: tuple[Properties, ...] = ()
        self._all: frozenset[str] = frozenset()
        self._by_folder: dict[str, _Folder] = {}
        self._by_type: dict[str, frozenset[str]] = {}
        self._by_state: dict[str, frozenset[str]] = {}
        self._by_day: tuple[list[str], list[str]] = ([], [])
        self._kept: dict[Filter, frozenset[str]] = {}

    def files(self) -> tuple[Properties, ...]:
        """Every file as the manifest has it now."""
        version = self._manifest.version()
        if version != self._version:
            self._files = tuple(
                Properties(one, path, _day(own, mtime_ns), State(state))
                for one, path, mtime_ns, state, own in self._manifest.properties()
            )
            self._sort()
            self._version = version
        return self._files

    def ids(self, only: Node) -> frozenset[str]:
        """The ids of the files for which a tree of filters holds."""
        self.files()
        return self._ids(only)

    def _ids(self, only: Node) -> frozenset[str]:
        match only:
            case And(parts):
                found = sorted(map(self._ids, parts), key=len)
                return found[0].intersection(*found[1:]) if found else self._all
            case Or(parts):
                return frozenset().union(*map(self._ids, parts))
            case Not(part):
                return self._all - self._ids(part)
            case Where(one):
                if one not in self._kept:
                    if len(self._kept) >= _FILTERS_KEPT:
                        self._kept.clear()
                    self._kept[one] = self._passing(one)
                return self._kept[one]
            case _:
                raise TypeError(only)

    def _passing(self, one: Filter) -> frozenset[str]:
        """The ids of the files that one filter lets through, without a look at each of them."""
        match one.kind:
            case "type":
                found = (ids for kind, ids in self._by_type.items() if passes_type(one, kind))
                return frozenset().union(*found)
            case "state":
                return frozenset().union(*(self._by_state.get(state, frozenset()) for state in one.values))
            case "date":
                days, ids = self._by_day
                return frozenset(ids[bisect_left(days, one.values[0]) : bisect_right(days, one.values[1])])
            case _:
                return frozenset().union(*self._under(one))

    def _under(self, one: Filter) -> Iterator[frozenset[str]]:
        """The files whose paths a filter lets through: by whole folders, else by names that may do."""
        hint = hint_of(one)
        for path, folder in self._by_folder.items():
            if passes_folder(one, path):
                yield folder.ids
            elif hint in folder.names:
                yield frozenset(file.id for file in folder.files if one.passes(file))

    def _sort(self) -> None:
        """The files stand under all that filters ask for."""
        folders: defaultdict[str, list[Properties]] = defaultdict(list)
        types: defaultdict[str, set[str]] = defaultdict(set)
        states: defaultdict[str, set[str]] = defaultdict(set)
        for file in self._files:
            folders[file.path.rpartition("/")[0]].append(file)
            types[file.type].add(file.id)
            states[file.state].add(file.id)
        days = sorted((file.date[:_DAY_CHARS], file.id) for file in self._files)
        self._all = frozenset(file.id for file in self._files)
        self._by_folder = {
            path: _Folder(
                tuple(held),
                frozenset(file.id for file in held),
                folded("\n".join(file.path.rpartition("/")[2] for file in held)),
            )
            for path, held in folders.items()
        }
        self._by_type = {kind: frozenset(ids) for kind, ids in types.items()}
        self._by_state = {state: frozenset(ids) for state, ids in states.items()}
        self._by_day = ([day for day, _ in days], [one for _, one in days])
        self._kept = {}

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
