"""How Whoosh's segments are filled when tokens come ready-made: by whole terms instead of posting by posting.

Whoosh sorts every single posting and pickles every position list for itself. Here the postings of a term stay
together from the first document on, and a block's position lists are packed into one string of bytes; the
files' layout is otherwise Whoosh's own, and its readers and matchers do the reading.
"""

from __future__ import annotations

import heapq
import marshal
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple

from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3LeafMatcher, W3PostingsWriter, W3TermInfo

from indexer.engines.segments import MappedSegment

MOST_POSTINGS = 300_000
"""How many postings are kept in memory before they go to a temporary file; about 100 bytes each."""
BLOCK_POSTINGS = 256
WORTH_COMPRESSING = 12
"""Postings in a block from which on compression saves more than it costs."""
_SMALL = 1 << 16


class TermPostings(NamedTuple):
    """All postings of one term: its documents, ascending, and the weight and packed positions in each."""

    field: str
    term: bytes
    documents: array[int]
    weights: array[float]
    values: list[bytes]


class Positions(formats.Positions):  # type: ignore[misc]  # untyped library
    """Positions of ready-made tokens: two bytes each, or four and a byte at the end where they do not fit."""

    def encode(self, positions: list[int]) -> bytes:
        """The positions, ascending, as bytes."""
        if positions[-1] < _SMALL:
            return array("H", positions).tobytes()
        return array("I", positions).tobytes() + b"\0"

    def decode_positions(self, packed: bytes) -> list[int]:
        """The positions that ``encode`` packed."""
        return (array("I", packed[:-1]) if len(packed) % 2 else array("H", packed)).tolist()

    def decode_frequency(self, packed: bytes) -> int:
        """How many positions there are."""
        return len(packed) // (4 if len(packed) % 2 else 2)

    def decode_weight(self, packed: bytes) -> float:
        """The same as a weight."""
        return float(self.decode_frequency(packed))


class TokenField(fields.FieldType):  # type: ignore[misc]  # untyped library
    """A field that takes a list of tokens as it is, with their positions or only their numbers."""

    def __init__(self, *, positions: bool) -> None:
        self.format = Positions() if positions else formats.Existence()
        self.analyzer = None
        self.scorable = not positions
        self.stored = self.unique = self.spelling = False
        self.vector = self.column_type = None

    def supports(self, name: str) -> bool:
        """Whether postings hold what ``name`` says."""
        return bool(self.format.supports(name))

    def index(self, value: list[str], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Each different token with its number, weight and packed positions."""
        if isinstance(self.format, Positions):
            places: defaultdict[str, list[int]] = defaultdict(list)
            for place, token in enumerate(value):
                places[token].append(place)
            for token, found in places.items():
                yield token.encode(), len(found), float(len(found)), self.format.encode(found)
        else:
            for token, count in Counter(value).items():
                yield token.encode(), count, float(count), b""


class TermPool:
    """The postings of a segment under construction, by field and term; spills to files past a limit."""

    def __init__(self, storage: Any, most: int = MOST_POSTINGS) -> None:
        self._storage = storage
        self._most = most
        self._count = 0
        self._terms: dict[tuple[str, bytes], tuple[array[int], array[float], list[bytes]]] = {}
        self._runs: list[str] = []

    def add(self, item: tuple[str, bytes, int, float, bytes | None]) -> None:
        """Takes a posting: field, term, document, weight, packed positions."""
        field, term, document, weight, value = item
        kept = self._terms.get((field, term))
        if kept is None:
            kept = self._terms[field, term] = (array("I"), array("f"), [])
        kept[0].append(document)
        kept[1].append(weight)
        kept[2].append(value or b"")
        self._count += 1
        if self._count >= self._most:
            self._spill()

    def iter_postings(self) -> Iterator[TermPostings]:
        """Every term by field and bytes, in order."""
        runs = [self._run(name) for name in self._runs]
        for _, parts in groupby(
            heapq.merge(*runs, self._sorted(), key=itemgetter(0, 1)), key=itemgetter(0, 1)
        ):
            first, *rest = parts
            for part in rest:
                first.documents.extend(part.documents)
                first.weights.extend(part.weights)
                first.values.extend(part.values)
            yield first

    def cleanup(self) -> None:
        """The temporary files are gone."""
        for name in self._runs:
            self._storage.delete_file(name)
        self._runs.clear()

    def _sorted(self) -> Iterator[TermPostings]:
        for field, term in sorted(self._terms):
            documents, weights, values = self._terms[field, term]
            yield TermPostings(field, term, documents, weights, values)

    def _spill(self) -> None:
        name = f"{len(self._runs)}.run"
        self._runs.append(name)
        file: BinaryIO = self._storage.create_file(name).raw_file()
        with file:
            for one in self._sorted():
                marshal.dump((*one[:2], one.documents.tobytes(), one.weights.tobytes(), one.values), file)
        self._terms, self._count = {}, 0

    def _run(self, name: str) -> Iterator[TermPostings]:
        file: BinaryIO = self._storage.open_file(name).raw_file()
        with file:
            while True:
                try:
                    field, term, documents, weights, values = marshal.load(file)  # noqa: S302  our own, just written
                except EOFError:
                    return
                yield TermPostings(field, term, array("I", documents), array("f", weights), values)


class TermCodec(W3Codec):  # type: ignore[misc]  # untyped library
    """Whoosh's codec, with a block's positions in one piece."""

    length_stats = False
    """Lengths for scores stand by document; a term does not need the shortest and the longest."""

    def __init__(self) -> None:
        super().__init__(blocklimit=BLOCK_POSTINGS, compression=0, inlinelimit=0)

    def new_segment(self, storage: Any, indexname: str) -> MappedSegment:
        """A segment that is read in place."""
        return MappedSegment(self, indexname)

    def field_writer(self, storage: Any, segment: Any) -> W3FieldWriter:
        """Writes terms with all their postings at once."""
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> W3PostingsWriter:  # noqa: FBT001, FBT002  theirs
        """Writes the blocks of a term."""
        return _PostingsWriter(dbfile, self._blocklimit, byteids, self._compression, self._inlinelimit)

    def postings_reader(
        self, dbfile: Any, terminfo: W3TermInfo, format_: formats.Format, term: Any = None, scorer: Any = None
    ) -> W3LeafMatcher:
        """Reads the blocks of a term."""
        offset, length = terminfo.extent()
        return _Matcher(dbfile, offset, length, format_, term=term, scorer=scorer)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]  # untyped library
    def add_postings(self, schema: fields.Schema, lengths: object, items: Iterable[TermPostings]) -> None:
        for field, terms in groupby(items, key=itemgetter(0)):
            self.start_field(field, schema[field])
            for term in terms:
                self.start_term(term.term)
                self._postwriter.add_term(term)
                self.finish_term()
            self.finish_field()


class _PostingsWriter(W3PostingsWriter):  # type: ignore[misc]  # untyped library
    def add_term(self, term: TermPostings) -> None:
        """All postings of the term stand in blocks, the last of them open for ``finish_postings``."""
        for start in range(0, len(term.documents), self._blocklimit):
            if start:
                self._write_block()
            end = start + self._blocklimit
            self._ids, self._weights = term.documents[start:end], term.weights[start:end]
            self._values = term.values[start:end]
            self._maxweight = max(self._weights)
            self._compression = 1 if len(self._ids) >= WORTH_COMPRESSING else 0

    def _mini_values(self) -> tuple[bytes, bytes]:
        return b"".join(self._values), array("I", map(len, self._values)).tobytes()


class _Matcher(W3LeafMatcher):  # type: ignore[misc]  # untyped library
    def _read_values(self) -> None:
        if self._data is None:
            self._read_data()
        packed, lengths = self._data[2]
        self._values, at = [], 0
        for length in array("I", lengths):
            self._values.append(packed[at : at + length])
            at += length
