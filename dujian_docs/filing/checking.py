"""The whole check in one call: expectations, match, search for what is missing, match again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from dujian_docs.filing.expectations import expectations
from dujian_docs.filing.matching import match
from dujian_docs.filing.results import CheckResult
from dujian_docs.filing.suggesting import Search, TextOf, suggest
from dujian_docs.filing.tree import FilingTree
from dujian_docs.filing.unit_names import UnitNames
from dujian_docs.records.kinds import Assignment, Unit
from indexer import Item


def check(
    tree: FilingTree,
    units: Iterable[Unit],
    items: Sequence[Item],
    assignments: Sequence[Assignment],
    *,
    search: Search | None = None,
    text_of: TextOf | None = None,
    issued: Collection[str] = (),
) -> CheckResult:
    """What the archive holds of the filing list; nothing is written.

    Args:
        tree: the filing list.
        units: all units.
        items: every file the index knows (``ArchiveIndex.items``).
        assignments: what clerks confirmed.
        search: ``ArchiveIndex.search``; without it and ``text_of`` only names are looked at.
        text_of: ``ArchiveIndex.text_of``.
        issued: the paths of documents that the office issued itself; see ``suggest``.

    Raises:
        InputInvalid: a required file concerns no unit.
    """
    names = UnitNames.of(units)
    due = expectations(tree, names.units)
    result = match(tree, due, items, assignments, names)
    if search is None or text_of is None or result.complete:
        return result
    found = suggest(result, items, names, search, text_of, issued)
    return match(tree, due, items, assignments, names, found) if found else result
