"""The base engine: Whoosh, fed ready-made tokens. The only speaker of Whoosh.

Whoosh never calls fsync, so an index may be damaged by a power cut: any error at opening or in the first
query means just that, and the caller rebuilds. Its analyzers are passed by: token lists go straight into
postings, with positions as a packed array.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Self

from whoosh import fields, formats, index, query, scoring
from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import LockError
from whoosh.searching import Searcher

from indexer.engines import TITLE_BONUS, EngineDoc, Ranked, Tokens, check_fingerprint, in_titles, write_fingerprint
from indexer.errors import IndexBusy, IndexDamaged
from indexer.query import And, Node, Not, Or, Phrase
from indexer.tokens import Lexicon, bigrams

WRITE_MEMORY_MB = 128


class _Positions(formats.Positions):  # type: ignore[misc]  # untyped library
    """Positions of ready-made tokens, packed as unsigned integers."""

    def word_values(self, value: list[str], analyzer: object, **_: object) -> Iterator[tuple[str, int, float, bytes]]:
        places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, token in enumerate(value):
            places[token].append(place)
        for token, found in places.items():
            yield token, len(found), float(len(found)), found.tobytes()

    def encode(self, positions: list[int]) -> bytes:
        return array("I", positions).tobytes()

    def decode_positions(self, packed: bytes) -> list[int]:
        return array("I", packed).tolist()

    def decode_frequency(self, packed: bytes) -> int:
        return len(packed) // 4

    def decode_weight(self, packed: bytes) -> float:
        return float(len(packed) // 4)


class _Counts(formats.Frequency):  # type: ignore[misc]  # untyped library
    """Frequencies of ready-made tokens."""

    def word_values(self, value: list[str], analyzer: object, **_: object) -> Iterator[tuple[str, int, float, bytes]]:
        for token, count in Counter(value).items():
            yield token, count, float(count), count.to_bytes(4, "big")

    def decode_frequency(self, packed: bytes) -> int:
        return int.from_bytes(packed, "big")

    def decode_weight(self, packed: bytes) -> float:
        return float(int.from_bytes(packed, "big"))


class _Field(fields.FieldType):  # type: ignore[misc]  # untyped library
    """A field of ready-made tokens."""

    def __init__(self, form: formats.Format, *, scorable: bool) -> None:
        self.format = form
        self.analyzer = None
        self.scorable = scorable
        self.stored = False
        self.unique = False
        self.vector = None
        self.spelling = False
        self.column_type = None

    def supports(self, name: str) -> bool:
        return bool(self.format.supports(name))


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        g=_Field(_Positions(), scorable=False),
        t=_Field(_Positions(), scorable=False),
        w=_Field(_Counts(), scorable=True),
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
        try:
            engine = cls(home, index.open_dir(str(home), schema=_schema()), lexicon)
            engine.search(Phrase(("检查",)), (), limit=1, within=None)
        except Exception as error:  # damage shows as any error: EmptyIndexError, TypeError, struct.error …
            raise IndexDamaged("检索库打不开，可能断电时损坏了", remedy="会自动重建，不用处理") from error
        return engine

    def write(self, adds: Iterable[EngineDoc], deletes: Collection[str]) -> None:
        """One commit; see ``Engine.write``."""
        try:
            writer = self._index.writer(limitmb=WRITE_MEMORY_MB, codec=W3Codec(compression=0))
        except LockError as error:
            raise IndexBusy("另一个程序正在更新检索库", remedy="等它做完再试；关掉多开的 dujian watch") from error
        known = self._doc_numbers() if self._index.doc_count() else {}
        try:
            for one in deletes:
                if one in known:
                    writer.delete_document(known[one])
            for doc in adds:
                if doc.id in known and doc.id not in deletes:
                    writer.delete_document(known[doc.id])
                tokens = Tokens.of(doc, self._lexicon)
                writer.add_document(id=doc.id, g=tokens.grams, t=tokens.title_grams, w=tokens.words)
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

    def search(self, node: Node, ranking: tuple[str, ...], *, limit: int, within: Collection[str] | None) -> Ranked:
        """The documents for which ``node`` holds; see ``Engine.search``."""
        searcher = self._fresh()
        telling = [query.Term("w", word) for word in ranking]
        telling += [query.ConstantScoreQuery(_query(one), TITLE_BONUS) for one in in_titles(node)]
        asked = query.AndMaybe(query.ConstantScoreQuery(_query(node), 1.0), query.Or(telling))
        allowed = None
        if within is not None:
            numbers = self._doc_numbers()
            allowed = {numbers[one] for one in within if one in numbers}
            if not allowed:
                return Ranked((), 0)
        results = searcher.search(asked, limit=max(limit, 1), filter=allowed)
        hits = [(str(hit["id"]), round(float(hit.score), 6)) for hit in results]
        return Ranked(tuple(sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:limit]), len(results))

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

    def _doc_numbers(self) -> dict[str, int]:
        searcher = self._fresh()
        if not self._numbers:
            self._numbers = {
                str(stored["id"]): number for number, stored in searcher.reader().iter_docs()
            }
        return self._numbers


def _query(node: Node) -> query.Query:
    match node:
        case Phrase(spellings, title):
            found = [_phrase("t" if title else "g", one) for one in spellings]
            return found[0] if len(found) == 1 else query.Or(found)
        case And(parts):
            wanted = [_query(part) for part in parts if not isinstance(part, Not)] or [query.Every()]
            unwanted = [_query(part.part) for part in parts if isinstance(part, Not)]
            both = wanted[0] if len(wanted) == 1 else query.And(wanted)
            return query.AndNot(both, query.Or(unwanted)) if unwanted else both
        case Or(parts):
            return query.Or([_query(part) for part in parts])
        case Not(part):
            return query.AndNot(query.Every(), _query(part))


def _phrase(field: str, text: str) -> query.Query:
    """A phrase of bigrams; one character is the beginning of a bigram."""
    pairs = bigrams(text)
    if not pairs:
        return query.Prefix(field, text)
    return query.Term(field, pairs[0]) if len(pairs) == 1 else query.Phrase(field, pairs)
