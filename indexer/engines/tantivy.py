"""The fast engine: tantivy, fed ready-made tokens joined by blanks. The only speaker of tantivy.

One long-lived writer an open engine; every commit waits for merges, so that segments stay few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, ClassVar, Self

import tantivy
from tantivy import Occur, Query

from indexer.engines import (
    EngineDoc,
    Ranked,
    busy,
    check_fingerprint,
    damaged,
    in_titles,
    write_fingerprint,
)
from indexer.nodes import And, Ids, Node, Not, Or, Phrase, Where, Wild
from indexer.tokens import Lexicon, bigrams, spaced_bigrams, words

WRITE_MEMORY_BYTES = 128 * 1024**2
_BLANKS = "blanks"
_AMONGS_KEPT = 8
_MANY, _FEW = 2_000, 2_000
"""Asking among many ids costs more than sorting out few hits afterwards."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("g", stored=False, tokenizer_name=_BLANKS, index_option="position")
    builder.add_text_field("t", stored=False, tokenizer_name=_BLANKS, index_option="position")
    builder.add_text_field("w", stored=False, tokenizer_name=_BLANKS, index_option="freq")
    builder.add_text_field("n", stored=False, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(doc: EngineDoc, lexicon: Lexicon) -> tantivy.Document:
    return tantivy.Document(
        id=doc.id,
        g=spaced_bigrams(doc.whole),
        t=spaced_bigrams(doc.heading),
        w=" ".join(words(doc.whole, lexicon)),
        n=doc.title,
    )


class TantivyEngine:
    """A tantivy index in a folder."""

    name: ClassVar[str] = "tantivy"

    def __init__(self, opened: tantivy.Index, schema: tantivy.Schema, lexicon: Lexicon) -> None:
        self._index = opened
        self._schema = schema
        self._lexicon = lexicon
        self._writer: Any = None
        self._amongs: dict[frozenset[str], Query] = {}

    @classmethod
    def open(cls, home: Path, fingerprint: str, lexicon: Lexicon = Lexicon()) -> Self:  # noqa: B008  frozen
        """The index in ``home``; see ``Engine.open``."""
        exists = check_fingerprint(home, fingerprint)
        files = home / "segments"
        files.mkdir(exist_ok=True)
        if exists and not tantivy.Index.exists(str(files)):
            raise damaged("its files are gone")
        try:
            schema = _schema()
            opened = tantivy.Index(schema, path=str(files), reuse=exists)
            blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            opened.register_tokenizer(_BLANKS, blanks)
            engine = cls(opened, schema, lexicon)
            engine.search(Phrase(("检查",)), (), limit=1, within=None)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a Rust panic derives from BaseException
            raise damaged(repr(error)) from error
        if not exists:
            write_fingerprint(home, fingerprint)
        return engine

    def write(self, adds: Iterable[EngineDoc], deletes: Collection[str]) -> None:
        """One commit; see ``Engine.write``."""
        writer = self._open_writer()
        try:
            for one in deletes:
                writer.delete_documents_by_term("id", one)
            for doc in adds:
                writer.delete_documents_by_term("id", doc.id)
                writer.add_document(_document(doc, self._lexicon))
            writer.commit()
        except BaseException:
            writer.rollback()
            raise

    def count(self) -> int:
        """How many documents there are."""
        return int(self._searcher().num_docs)

    def ids(self) -> frozenset[str]:
        """The ids of all documents."""
        searcher = self._searcher()
        count = searcher.num_docs
        if not count:
            return frozenset()
        found = searcher.search(Query.all_query(), limit=count, count=False)
        return frozenset(str(searcher.doc(address)["id"][0]) for _, address in found.hits)

    def search(
        self, node: Node, ranking: tuple[str, ...], *, limit: int, within: Collection[str] | None
    ) -> Ranked:
        """The documents for which ``node`` holds; see ``Engine.search``."""
        clauses = [(Occur.Must, self._query(node))]
        clauses += [(Occur.Should, Query.term_query(self._schema, "w", word, "freq")) for word in ranking]
        clauses += [
            (Occur.Should, Query.const_score_query(self._query(one), bonus)) for one, bonus in in_titles(node)
        ]
        if within is not None and not within:
            return Ranked((), 0)
        searcher = self._searcher()
        if within is not None and len(within) > _MANY and frozenset(within) not in self._amongs:
            found = _best(searcher, clauses, _FEW)
            if found.count <= _FEW:
                among = frozenset(within)
                hits = [hit for hit in _hits(searcher, found) if hit[0] in among]
                return Ranked(tuple(hits[:limit]), len(hits))
        if within is not None:
            clauses.append((Occur.Must, self._among(within)))
        found = _best(searcher, clauses, limit)
        return Ranked(tuple(_hits(searcher, found)[:limit]), int(found.count))

    def close(self) -> None:
        """Lets go of the files."""
        self.release()

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """In how many documents each word is; see ``Engine.frequencies``."""
        searcher = self._searcher()
        return {word: int(searcher.doc_freq("w", word)) for word in words}

    def release(self) -> None:
        """The writer is given up, after merges are done; see ``Engine.release``."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def _searcher(self) -> tantivy.Searcher:
        """A searcher of the latest commit, another process's included."""
        self._index.reload()
        return self._index.searcher()

    def _open_writer(self) -> Any:
        if self._writer is None:
            try:
                self._writer = self._index.writer(heap_size=WRITE_MEMORY_BYTES, num_threads=1)
            except ValueError as error:
                if "Lock" not in str(error):
                    raise
                raise busy() from error
        return self._writer

    def _query(self, node: Node) -> Query:
        match node:
            case Phrase(spellings, title):
                found = [self._phrase("t" if title else "g", one) for one in spellings]
                return (
                    found[0]
                    if len(found) == 1
                    else Query.boolean_query([(Occur.Should, one) for one in found])
                )
            case Wild(pattern):
                regex = "".join({"*": ".*", "?": "."}.get(char) or _literal(char) for char in pattern)
                return Query.regex_query(self._schema, "n", f".*{regex}.*")
            case Ids(ids):
                return self._among(ids)
            case Where():
                raise TypeError(node)
            case And(parts):
                clauses = [(Occur.Must, self._query(part)) for part in parts if not isinstance(part, Not)]
                unwanted = [
                    (Occur.MustNot, self._query(part.part)) for part in parts if isinstance(part, Not)
                ]
                return Query.boolean_query((clauses or [(Occur.Must, Query.all_query())]) + unwanted)
            case Or(parts):
                return Query.boolean_query([(Occur.Should, self._query(part)) for part in parts])
            case Not(part):
                return Query.boolean_query(
                    [(Occur.Must, Query.all_query()), (Occur.MustNot, self._query(part))]
                )

    def _among(self, ids: Collection[str]) -> Query:
        """The documents with these ids; says nothing about their rank. The last ones are remembered."""
        key = frozenset(ids)
        query = self._amongs.pop(key, None)
        if query is None:
            query = Query.const_score_query(Query.term_set_query(self._schema, "id", list(ids)), 0.0)
        self._amongs[key] = query
        if len(self._amongs) > _AMONGS_KEPT:
            del self._amongs[next(iter(self._amongs))]
        return query

    def _phrase(self, field: str, text: str) -> Query:
        """A phrase of bigrams; one character is the beginning of a bigram."""
        pairs = bigrams(text)
        if not pairs:
            return Query.regex_query(self._schema, field, f"{_literal(text)}.")
        if len(pairs) == 1:
            return Query.term_query(self._schema, field, pairs[0], "freq")
        return Query.phrase_query(self._schema, field, list(pairs))


def _literal(char: str) -> str:
    return f"\\{char}" if char in r"\.+*?()|[]{}^$#&-~" else char


def _best(searcher: tantivy.Searcher, clauses: list[tuple[Occur, Query]], limit: int) -> Any:
    """The addresses of the best documents, and how many there are in all."""
    return searcher.search(Query.boolean_query(clauses), limit=max(limit, 1), count=True)


def _hits(searcher: tantivy.Searcher, found: Any) -> list[tuple[str, float]]:
    """Ids and scores of what this searcher found, equal scores by id."""
    hits = [(str(searcher.doc(address)["id"][0]), round(float(score), 6)) for score, address in found.hits]
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))
