"""The verbs over the archive's index: sync, watch, status, search, and what is like a file.

The index knows paths and text; what a file is (its number, unit, year, indicator) is joined here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from dujian_docs.documents import DocumentNumber
from dujian_docs.errors import InputInvalid
from dujian_docs.filing import NameFacts, read_name
from dujian_docs.records import DocumentEntry, NumberState
from dujian_docs.workspace.place import Report, Workspace, indexer_errors, sink, unit_code
from indexer import (
    Duplicate,
    Excerpt,
    Facets,
    IndexBusy,
    IndexStatus,
    LookReport,
    Passage,
    Rung,
    SearchResult,
    Sort,
    State,
    SyncReport,
)

HEAD_LINES = 12
"""A document's own number stands on a line of its own near the top (GB/T 9704-2012, 7.2.5)."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrictions on a search; None or empty means any. ``unit`` is a unit's code, name or alias."""

    folder: str | None = None
    unit: str | None = None
    year: int | None = None
    indicator: str | None = None

    @property
    def by_name(self) -> bool:
        """Whether any restriction is one that a file's name answers."""
        return bool(self.unit or self.year or self.indicator)


@dataclass(frozen=True, slots=True)
class Found:
    """One file found, with what it is."""

    path: str
    title: str
    document_number: str | None
    score: float
    excerpts: tuple[Excerpt, ...]
    facts: NameFacts
    by_synonym: bool = False


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page of a search's answer; ``total`` counts all. ``unread``: the archive has never been synced.

    ``synonyms`` are what was asked for besides the words themselves, where that found something.
    """

    found: tuple[Found, ...]
    total: int
    rung: Rung
    engine: str
    unread: bool
    synonyms: tuple[str, ...] = ()


def sync(
    office: Workspace, *, accept_disappearance: bool = False, report: Report | None = None
) -> SyncReport:
    """The index agrees with the archive; files without text are listed with reason and remedy."""
    with indexer_errors():
        return office.index.sync(progress=sink(report), accept_disappearance=accept_disappearance)


def refresh(office: Workspace, report: Report | None = None) -> None:
    """The index shows the archive as it is now, so that nothing is said of how it once was.

    While another process is at that, what it has so far will do.

    Raises:
        StorageFailed: the archive is away, or a large part of it.
        DujianError: another process is reading the archive for the first time.
    """
    office.require_archive()
    with indexer_errors():
        try:
            office.index.sync(progress=sink(report))
        except IndexBusy:
            if not office.index.status().last_sync:
                raise


def look_closer(office: Workspace, stop: threading.Event, *, report: Report | None = None) -> LookReport:
    """Pages that are pictures have been looked at, until ``stop`` is set; what is done is kept."""
    with indexer_errors():
        return office.index.look_closer(stop=stop, progress=sink(report))


def watch(office: Workspace, stop: threading.Event, on_sync: Callable[[SyncReport], None]) -> None:
    """Keeps the index in step with the archive until ``stop`` is set."""
    search = office.settings.index
    with indexer_errors():
        office.index.watch(
            stop, on_sync=on_sync, polling=search.polling, interval=float(search.rescan_seconds)
        )


def status(office: Workspace) -> IndexStatus:
    """How many files are in which state, and what had to be repaired."""
    with indexer_errors():
        return office.index.status()


def search(
    office: Workspace,
    query: str,
    filters: Filters = Filters(),
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = "rank",
    expand: bool = True,
) -> FoundPage:
    """The files that answer ``query`` within ``filters``, best first, with excerpts of their original text.

    With ``expand`` files that hold only synonyms of the words answer too, after the others.

    Raises:
        DujianError: the query cannot be understood, or the index cannot be opened.
    """
    with indexer_errors():
        result = office.index.search(
            query,
            limit=limit,
            offset=offset,
            under=filters.folder,
            within=_within(office, filters),
            sort=sort,
            expand=expand,
        )
        return _page(office, result)


def facets(office: Workspace, query: str, filters: Filters = Filters(), *, expand: bool = True) -> Facets:
    """How all files that ``search`` finds are spread over folders, types, years and states.

    Raises:
        DujianError: as ``search``.
    """
    with indexer_errors():
        within = _within(office, filters)
        return office.index.facets(query, under=filters.folder, within=within, expand=expand)


def similar(office: Workspace, path: str, *, limit: int = 20) -> FoundPage:
    """The files that speak of what the archive's file at ``path`` speaks of, the likest first.

    Raises:
        DujianError: the index has no such file.
    """
    with indexer_errors():
        return _page(office, office.index.similar(path, limit=limit))


def duplicates(office: Workspace, path: str | None = None) -> tuple[tuple[Duplicate, ...], ...]:
    """Groups of the archive's files that say the same or nearly so, the oldest first; or that file's own.

    Raises:
        DujianError: the index has no such file.
    """
    with indexer_errors():
        return office.index.near_duplicates(path)


def _page(office: Workspace, result: SearchResult) -> FoundPage:
    """The index's answer, each file with what it is."""
    units, numbers = office.units, registered_numbers(office)
    found = tuple(
        Found(
            hit.path,
            hit.title,
            numbers.get(hit.path) or own_number(office.index.text_of(hit.path)),
            hit.score,
            hit.excerpts,
            read_name(hit.path, units),
            hit.by_synonym,
        )
        for hit in result.hits
    )
    unread = not result.total and not office.index.status().last_sync
    return FoundPage(found, result.total, result.rung, result.engine, unread, result.synonyms)


def own_number(passages: Sequence[Passage]) -> str | None:
    """The number a document carries itself: alone on a line near the top, never one it merely cites."""
    if not passages:
        return None
    for line in passages[0].text.splitlines()[:HEAD_LINES]:
        if line.strip().endswith("号"):
            with suppress(InputInvalid):
                return str(DocumentNumber.parse(line))
    return None


def _within(office: Workspace, filters: Filters) -> list[str] | None:
    """The paths whose names and folders answer the filters; None when no filter asks for a name."""
    if not filters.by_name:
        return None
    units = office.units
    unit = unit_code(units, filters.unit) if filters.unit else None
    return [
        item.path
        for item in office.index.items()
        if item.state is not State.VANISHED and _fits(read_name(item.path, units), filters, unit)
    ]


def _fits(facts: NameFacts, filters: Filters, unit: str | None) -> bool:
    indicator = (filters.indicator or "").upper()
    return (
        (unit is None or unit in {facts.unit, *facts.units, *facts.folder_units})
        and (filters.year is None or filters.year in {facts.year, facts.folder_year, *facts.years})
        and (
            not indicator
            or indicator in {facts.indicator, *facts.codes, *facts.indicators, *facts.folder_indicators}
        )
    )


def registered_numbers(office: Workspace) -> dict[str, str]:
    """The numbers of issued documents by archive path."""
    entries = (entry for entry in office.store.all("document") if isinstance(entry, DocumentEntry))
    return {
        entry.path: str(DocumentNumber(entry.series, entry.year, entry.serial))
        for entry in entries
        if entry.state is NumberState.USED
    }
