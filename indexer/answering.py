"""Answering a query: which files may answer, in which order, on which page, with which excerpts.

Pages: within one answer, files with equal scores stand in a fixed order, and so pages that are asked for
while nothing changes neither repeat nor lose a file. When files are added, changed or deleted between pages,
ask for the later pages with the ``token`` of the first: none of the files of the first answer then comes
twice, none is passed over but those that have gone meanwhile, and none that was added comes in. An index
remembers the order of its last answers; where it does not (another process, long ago), files that
were added still do not come in, but scores, and with them the order, may have changed.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from indexer.catalogue import Catalogue
from indexer.engines import Ranked
from indexer.errors import QueryInvalid
from indexer.excerpts import excerpts
from indexer.guard import GuardedEngine
from indexer.manifest import Manifest
from indexer.model import Facets, Hit, Rung, SearchResult
from indexer.query import Query

EXCERPTS_OF_A_HIT = 3
RANKED_AT_ONCE = 500
"""Hits are ranked in blocks, so that turning pages neither repeats nor loses a file among equal scores."""
ORDERS_KEPT = 32
Sort = Literal["rank", "date", "name"]
_TOKEN = re.compile(r"(\d{1,18})-[0-9a-f]{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for besides the words; see ``ArchiveIndex.search``."""

    limit: int = 20
    offset: int = 0
    under: str | None = None
    within: Collection[str] | None = None
    sort: Sort = "rank"
    token: str = ""

    @property
    def folder(self) -> str:
        """The folder that the files have to lie in, without ``/`` at its ends; empty for any."""
        under = (self.under or "").replace("\\", "/").strip("/")
        return "" if under == "." else under


@dataclass(frozen=True, slots=True)
class _Order:
    """An answer: (id, score) in the order of its pages, as far as they have been ranked."""

    hits: tuple[tuple[str, float], ...]
    total: int
    rung: Rung
    by_synonyms: frozenset[str]


class Answering:
    """Answers queries over one manifest, and remembers the order of the last answers."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._catalogue = Catalogue(manifest)
        self._kept: OrderedDict[tuple[object, ...], _Order] = OrderedDict()

    def answer(self, engine: GuardedEngine, asked: Query, page: Page) -> SearchResult:
        """The hits of one page, and how many there are in all.

        Raises:
            IndexDamaged: the engine's files are bad.
            QueryInvalid: the page's token is none.
        """
        token = page.token or f"{self._manifest.next_id()}-{secrets.token_hex(4)}"
        order = self._order(engine, asked, replace(page, token=token))
        shown = self._present(order.hits[page.offset : page.offset + page.limit])
        items = {item.path: item for item in self._manifest.items_at([path for _, path, _ in shown])}
        seen = asked.wide or asked
        hits = tuple(
            Hit(
                path,
                score,
                items[path].facts.title or PurePosixPath(path).stem,
                excerpts(self._manifest.passages(path), seen, most=EXCERPTS_OF_A_HIT),
                order.rung,
                one in order.by_synonyms,
            )
            for one, path, score in shown
            if path in items
        )
        synonyms = asked.synonyms if order.by_synonyms else ()
        return SearchResult(hits, order.total, order.rung, engine.name, synonyms, token)

    def facets(self, engine: GuardedEngine, asked: Query, page: Page, *, depth: int) -> Facets:
        """How all files that answer are spread.

        Raises:
            IndexDamaged: the engine's files are bad.
        """
        ranked, _ = self._ranked(engine, asked, page, max(engine.count(), 1))
        return self._catalogue.facets([one for one, _ in ranked.hits], depth=depth, under=page.folder)

    def _order(self, engine: GuardedEngine, asked: Query, page: Page) -> _Order:
        """The answer that the token stands for, ranked as far as the page needs."""
        within = None if page.within is None else hash(frozenset(page.within))
        key = (page.token, asked.text, asked.wide is None, page.folder, within, page.sort)
        kept = self._kept.pop(key, None)
        end = page.offset + page.limit
        if kept is None or (len(kept.hits) < min(end, kept.total)):
            wanted = -(-end // RANKED_AT_ONCE) * RANKED_AT_ONCE
            if page.sort != "rank":
                wanted = max(engine.count(), 1)
            ranked, rung = self._ranked(engine, asked, page, wanted)
            found = _Order(self._sorted(ranked, page.sort), ranked.total, rung, _by_synonyms(ranked))
            kept = _continued(kept, found) if kept else found
        self._kept[key] = kept
        if len(self._kept) > ORDERS_KEPT:
            self._kept.popitem(last=False)
        return kept

    def _ranked(self, engine: GuardedEngine, asked: Query, page: Page, limit: int) -> tuple[Ranked, Rung]:
        if not asked.explicit:
            return engine.ladder(asked, limit=limit, within=self._candidates(asked, page))
        plain = self._resolved(asked)
        resolved = replace(plain, wide=self._resolved(asked.wide)) if asked.wide else plain
        return engine.ladder(resolved, limit=limit, within=self._candidates(asked, page))

    def _resolved(self, asked: Query) -> Query:
        node = self._catalogue.resolved(asked.exact)
        return replace(asked, exact=node, all_words=node, any_word=node)

    def _candidates(self, asked: Query, page: Page) -> frozenset[str] | None:
        """The ids of the files that may answer; None when all may."""
        before = _before(page.token) if page.token else None
        grown = before is not None and before < self._manifest.next_id()
        limited = page.under is not None or page.within is not None or asked.only is not None
        if not limited and not grown and not self._manifest.has_missing():
            return None
        only = self._catalogue.ids(asked.only) if asked.only else None
        if only is not None and not (page.folder or page.within is not None or grown):
            return only
        folder = f"{page.folder}/" if page.folder else ""
        paths = None if page.within is None else frozenset(page.within)
        return frozenset(
            file.id
            for file in self._catalogue.files()
            if file.path.startswith(folder)
            and (only is None or file.id in only)
            and (paths is None or file.path in paths)
            and (not grown or before is None or int(file.id.partition(".")[0]) < before)
        )

    def _sorted(self, ranked: Ranked, sort: Sort) -> tuple[tuple[str, float], ...]:
        """The hits in the order asked for."""
        if sort == "rank":
            return ranked.hits
        found = self._manifest.paths_of(one for one, _ in ranked.hits)
        rows = [(found[one], (one, score)) for one, score in ranked.hits if one in found]
        rows.sort(key=lambda row: (-row[0][1], row[0][0]) if sort == "date" else (0, row[0][0]))
        return tuple(hit for _, hit in rows)

    def _present(self, hits: tuple[tuple[str, float], ...]) -> list[tuple[str, str, float]]:
        """Id, path and score; a file that has vanished meanwhile keeps its place, and is without a path."""
        found = self._manifest.paths_of(one for one, _ in hits)
        return [(one, found[one][0] if one in found else "", score) for one, score in hits]


def _continued(kept: _Order, found: _Order) -> _Order:
    """The order that was given out before, and after it what else there is now."""
    before = {one for one, _ in kept.hits}
    rest = (hit for hit in found.hits if hit[0] not in before)
    return replace(kept, hits=(*kept.hits, *rest), by_synonyms=kept.by_synonyms | found.by_synonyms)


def _by_synonyms(ranked: Ranked) -> frozenset[str]:
    return frozenset(one for one, _ in ranked.hits[ranked.total - ranked.by_synonyms :])


def _before(token: str) -> int:
    """The first id that no file had when the token was given out."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise QueryInvalid("翻页的标记不对", remedy="从第一页重新检索", position=0)
    return int(found[1])
