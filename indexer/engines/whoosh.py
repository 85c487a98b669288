"""The base engine: Whoosh, fed ready-made tokens. The only speaker of Whoosh.

Whoosh never calls fsync, so an index may be damaged by a power cut: any error at opening or in the first
query means just that, and the caller rebuilds. Its analyzers are passed by: token lists go straight into
postings (see ``indexer.engines.postings``).
"""

from __future__ import annotations

import heapq
import re
import warnings
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Self

from whoosh import fields, index, query, scoring
from whoosh.index import LockError
from whoosh.matching import ListMatcher, Matcher, NullMatcher
from whoosh.searching import SearchContext, Searcher

from indexer.engines import (
    EngineDoc,
    Ranked,
    busy,
    check_fingerprint,
    damaged,
    in_titles,
    write_fingerprint,
)
from indexer.engines.postings import TermCodec, TermPool, TokenField
from indexer.nodes import And, Ids, Node, Not, Or, Phrase, Where, Wild
from indexer.tokens import Lexicon, bigrams, words


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        g=TokenField(positions=True),
        t=TokenField(positions=True),
        w=TokenField(positions=False),
        n=TokenField(positions=False),
    )


class WhooshEngine:
    """A Whoosh index in a folder."""

    name: ClassVar[str] = "whoosh"

    def __init__(self, home: Path, opened: Any, lexicon: Lexicon) -> None:
        self._home = home
        self._index = opened
        self._lexicon = lexicon
        self._searcher: Searcher | None = None
        self._numbers: dict[str, int] = {}

    @classmethod
    def open(cls, home: Path, fingerprint: str, lexicon: Lexicon = Lexicon()) -> Self:  # noqa: B008  frozen
        """The index in ``home``; see ``Engine.open``."""
        if not check_fingerprint(home, fingerprint):
            index.create_in(str(home), _schema())
            write_fingerprint(home, fingerprint)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # Whoosh leaves files open when it fails
            try:
                engine = cls(home, index.open_dir(str(home), schema=_schema()), lexicon)
                engine.search(Phrase(("检查",)), (), limit=1, within=None)
            except Exception as error:  # noqa: BLE001  EmptyIndexError, TypeError, struct.error, anything
                reason = repr(error)
            else:
                return engine
        raise damaged(reason)

    def write(self, adds: Iterable[EngineDoc], deletes: Collection[str]) -> None:
        """One commit; see ``Engine.write``."""
        try:
            writer = self._index.writer(codec=TermCodec())
        except LockError as error:
            raise busy() from error
        try:
            writer.pool = TermPool(writer.temp_storage())
            documents = {doc.id: doc for doc in adds}
            for number in self._numbers_of({*deletes, *documents}):
                writer.delete_document(number)
            for doc in documents.values():
                writer.add_document(
                    id=doc.id,
                    g=bigrams(doc.whole),
                    t=bigrams(doc.heading),
                    w=words(doc.whole, self._lexicon),
                    n=[doc.title] if doc.title else [],
                )
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def count(self) -> int:
        """How many documents there are."""
        return int(self._fresh().doc_count())

    def ids(self) -> frozenset[str]:
        """The ids of all documents."""
        return frozenset(self._doc_numbers())

    def search(
        self, node: Node, ranking: tuple[str, ...], *, limit: int, within: Collection[str] | None
    ) -> Ranked:
        """The documents for which ``node`` holds; see ``Engine.search``."""
        searcher = self._fresh()
        scores = dict.fromkeys(searcher.docs_for_query(self._query(node)), 1.0)
        if within is not None:
            numbers = self._doc_numbers()
            allowed = {numbers[one] for one in within if one in numbers}
            scores = dict.fromkeys(scores.keys() & allowed, 1.0)
        for word in ranking:
            _add_scores(scores, searcher, query.Term("w", word))
        for phrase, bonus in in_titles(node):
            for number in scores.keys() & set(searcher.docs_for_query(self._query(phrase))):
                scores[number] += bonus
        best = heapq.nsmallest(limit, scores, key=lambda number: (-scores[number], number))
        hits = [(str(searcher.stored_fields(number)["id"]), round(scores[number], 6)) for number in best]
        return Ranked(tuple(sorted(hits, key=lambda hit: (-hit[1], hit[0]))), len(scores))

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """In how many documents each word is; see ``Engine.frequencies``."""
        searcher = self._fresh()
        return {word: int(searcher.doc_frequency("w", word)) for word in words}

    def release(self) -> None:
        """Writers are given up with each commit."""

    def close(self) -> None:
        """Lets go of the files."""
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None
        self._index.close()

    def _fresh(self) -> Searcher:
        """A searcher of the latest commit, another process's included."""
        if self._searcher is not None and not self._searcher.up_to_date():
            self._searcher.close()
            self._searcher, self._numbers = None, {}
        if self._searcher is None:
            self._searcher = self._index.searcher(weighting=scoring.BM25F())
        return self._searcher

    def _numbers_of(self, ids: Collection[str]) -> Iterator[int]:
        """The numbers of these documents, of those that there are; one look each, not at all there are."""
        searcher = self._fresh()
        return (found for one in ids if (found := searcher.document_number(id=one)) is not None)

    def _doc_numbers(self) -> dict[str, int]:
        searcher = self._fresh()
        if not self._numbers:
            self._numbers = {str(stored["id"]): number for number, stored in searcher.reader().iter_docs()}
        return self._numbers

    def _query(self, node: Node) -> query.Query:
        match node:
            case Phrase(spellings, title):
                found = [_phrase("t" if title else "g", one) for one in spellings]
                return found[0] if len(found) == 1 else query.Or(found)
            case Wild(pattern):
                regex = "".join({"*": ".*", "?": "."}.get(char) or re.escape(char) for char in pattern)
                return query.Regex("n", f".*{regex}")
            case Ids(ids):
                return self._among(ids)
            case Where():
                raise TypeError(node)
            case And(parts):
                wanted = [self._query(part) for part in parts if not isinstance(part, Not)] or [query.Every()]
                unwanted = [self._query(part.part) for part in parts if isinstance(part, Not)]
                both = wanted[0] if len(wanted) == 1 else query.And(wanted)
                return query.AndNot(both, query.Or(unwanted)) if unwanted else both
            case Or(parts):
                return query.Or([self._query(part) for part in parts])
            case Not(part):
                return query.AndNot(query.Every(), self._query(part))

    def _among(self, ids: Collection[str]) -> query.Query:
        """The documents with these ids."""
        numbers = self._doc_numbers()
        wanted = sorted(numbers[one] for one in ids if one in numbers)
        parts = sorted(((offset, id(leaf)) for leaf, offset in self._fresh().leaf_searchers()), reverse=True)
        found: dict[int, list[int]] = {}
        for number in wanted:
            offset, leaf = next(part for part in parts if part[0] <= number)
            found.setdefault(leaf, []).append(number - offset)
        return _Numbers(found)


class _Numbers(query.Query):  # type: ignore[misc]  # untyped library
    """Documents by number, for each segment's searcher (by ``id``) its own numbers, ascending."""

    def __init__(self, by_leaf: dict[int, list[int]]) -> None:
        self._by_leaf = by_leaf

    def matcher(self, searcher: Searcher, context: SearchContext | None = None) -> Matcher:
        """The documents of one segment."""
        found = self._by_leaf.get(id(searcher))
        return ListMatcher(found) if found else NullMatcher()

    def estimate_size(self, reader: object) -> int:
        """At most how many there are."""
        return sum(map(len, self._by_leaf.values()))


def _add_scores(scores: dict[int, float], searcher: Searcher, term: query.Term) -> None:
    """Each of the documents that holds the term has its BM25 added.

    Whoosh's own collectors leave out matches that cannot be among the best any more, and then count too few.
    """
    wanted = sorted(scores)
    for part, offset in searcher.leaf_searchers():
        matcher = term.matcher(part, SearchContext(weighting=part.weighting))
        for number in wanted[bisect_left(wanted, offset) :]:
            if not matcher.is_active():
                break
            matcher.skip_to(number - offset)
            if matcher.is_active() and matcher.id() == number - offset:
                scores[number] += matcher.score()


def _phrase(field: str, text: str) -> query.Query:
    """A phrase of bigrams; one character is the beginning of a bigram."""
    pairs = bigrams(text)
    if not pairs:
        return query.Prefix(field, text)
    return query.Term(field, pairs[0]) if len(pairs) == 1 else query.Phrase(field, pairs)
