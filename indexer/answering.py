"""Answering a query: which files may answer, in which order, on which page, with which excerpts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from indexer.engines import Ranked
from indexer.excerpts import excerpts
from indexer.guard import GuardedEngine
from indexer.manifest import Manifest
from indexer.model import Hit, SearchResult
from indexer.query import Query

EXCERPTS_OF_A_HIT = 3
RANKED_AT_ONCE = 500
"""Hits are ranked in blocks, so that turning pages neither repeats nor loses a file among equal scores."""
Sort = Literal["rank", "date", "name"]


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for besides the words; see ``ArchiveIndex.search``."""

    limit: int
    offset: int
    under: str | None
    within: Collection[str] | None
    sort: Sort


def answer(manifest: Manifest, engine: GuardedEngine, asked: Query, page: Page) -> SearchResult:
    """The hits of one page, and how many there are in all.

    Raises:
        IndexDamaged: the engine's files are bad.
    """
    wanted = -(-(page.offset + page.limit) // RANKED_AT_ONCE) * RANKED_AT_ONCE
    if page.sort != "rank":
        wanted = max(engine.count(), 1)
    ranked, rung = engine.ladder(asked, limit=wanted, within=_candidates(manifest, asked, page))
    shown = _sorted(manifest, ranked, page.sort)[page.offset : page.offset + page.limit]
    items = {item.path: item for item in manifest.items_at([path for path, _ in shown])}
    hits = tuple(
        Hit(
            path,
            score,
            items[path].facts.title or PurePosixPath(path).stem,
            excerpts(manifest.passages(path), asked, most=EXCERPTS_OF_A_HIT),
            rung,
        )
        for path, score in shown
        if path in items
    )
    return SearchResult(hits, ranked.total, rung, engine.name)


def _candidates(manifest: Manifest, asked: Query, page: Page) -> frozenset[str] | None:
    """The ids of the files that may answer; None when all may."""
    if page.under is None and page.within is None and not asked.folders and not manifest.has_missing():
        return None
    under = (page.under or "").replace("\\", "/").strip("/")
    folder = f"{under}/" if under not in {"", "."} else ""
    paths = None if page.within is None else frozenset(page.within)
    parts = [part.lower() for part in asked.folders]
    return frozenset(
        one
        for path, one in manifest.ids().items()
        if path.startswith(folder)
        and (paths is None or path in paths)
        and all(part in path.lower() for part in parts)
    )


def _sorted(manifest: Manifest, ranked: Ranked, sort: Sort) -> list[tuple[str, float]]:
    """(path, score) in the order asked for; a file that has vanished meanwhile is passed over."""
    found = manifest.paths_of(one for one, _ in ranked.hits)
    rows = [(*found[one], score) for one, score in ranked.hits if one in found]
    if sort == "date":
        rows.sort(key=lambda row: (-row[1], row[0]))
    elif sort == "name":
        rows.sort(key=lambda row: row[0])
    return [(path, score) for path, _, score in rows]
