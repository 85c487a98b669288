"""Names in the place of codes: 「教体局」 in a column of units becomes that unit's code.

A cell may name a unit by its code, full name or alias, and a person by code or name. A code beats a full
name, a full name beats an alias. What two of them are called, and what only resembles a name, is a fault that
lists who could be meant: a guess is never a fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dujian_docs.records.cells import CellFault
from dujian_docs.records.columns import Column, columns_of
from dujian_docs.records.fields import folded
from dujian_docs.records.import_sources import Source
from dujian_docs.records.kinds import kind_of
from dujian_docs.records.models import Record
from dujian_docs.records.workbook_cells import Row

MOST_SUGGESTED = 3
MOST_ASKED = 50
"""Of a file whose every name is wrong, only so many are compared with all the names there are."""
_SHORTEST = 3
"""「中学」 is short for too many."""
_ALIKE = 0.6
"""Of 1: from here on two names are alike enough to ask whether the one was meant."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the records of one kind are called: ``full`` names and ``aliases`` lead to those who bear them.

    ``titles`` gives each code's full name. What was once compared is kept: the same slip fills a column.
    """

    titles: Mapping[str, str]
    full: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, tuple[str, ...]]
    _known_pieces: Mapping[str, Set[str]]
    _asked: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, bearers: Iterable[tuple[str, str, Iterable[str]]]) -> Names:
        """The names of ``bearers``: code, full name, aliases; of a code that comes twice the last holds."""
        last = {code: (name, tuple(aliases)) for code, name, aliases in bearers}
        full: defaultdict[str, list[str]] = defaultdict(list)
        also: defaultdict[str, list[str]] = defaultdict(list)
        for code, (name, aliases) in last.items():
            full[_spelt(name)].append(code)
            for alias in dict.fromkeys(map(_spelt, aliases)):
                also[alias].append(code)
        titles = {code: name for code, (name, _) in last.items()}
        return cls(titles, _fixed(full), _fixed(also), {name: _pieces(name) for name in (*full, *also)})

    def codes_of(self, word: str) -> tuple[str, ...]:
        """The codes that ``word`` may mean: one when it is sure, none when nothing is called so."""
        if word in self.titles:
            return (word,)
        spelt = _spelt(word)
        return self.full.get(spelt) or self.aliases.get(spelt, ())

    def resembling(self, word: str) -> tuple[str, ...]:
        """The codes of those whose names ``word`` resembles or shortens, the likest first."""
        if word.isascii():  # a code: codes that differ in one digit mean different things
            return ()
        if word not in self._asked and len(self._asked) < MOST_ASKED:
            self._asked[word] = self._resembling(_spelt(word))
        return self._asked.get(word, ())

    def _resembling(self, word: str) -> tuple[str, ...]:
        best: dict[str, float] = {}
        pieces = _pieces(word)
        for names in (self.full, self.aliases):
            for name, codes in names.items():
                likeness = _likeness(word, pieces, name, self._known_pieces[name])
                for code in codes if likeness >= _ALIKE else ():
                    best[code] = max(likeness, best.get(code, 0.0))
        return tuple(sorted(best, key=lambda code: (-best[code], code)))[:MOST_SUGGESTED]

    def list(self, codes: Iterable[str]) -> str:
        """The names and codes as a sentence lists them."""
        return "、".join(f"{self.titles[code]}（{code}）" for code in codes)


def with_codes(source: Source, stored: Mapping[str, Mapping[str, Record]]) -> Source:
    """The file with codes where its cells named units or persons; what cannot be told is a fault of its row.

    Args:
        source: the file.
        stored: the records of every kind that the file may name, by kind and key.
    """
    columns = [column for column in columns_of(source.kind.model) if column.by_name]
    kinds = {column.link.kind for column in columns if column.link}
    names = {name: Names.of(_bearers(source, name, stored.get(name, {}))) for name in kinds}
    return replace(source, rows=tuple(_coded(source, row, columns, names) for row in source.rows))


def _coded(source: Source, row: Row, columns: Iterable[Column], names: Mapping[str, Names]) -> Row:
    values, faults = dict(row.values), list(row.faults)
    for column in columns:
        words = folded(row.values.get(column.name))
        if column.link is None or not words or (len(words) > 1 and not column.many):
            continue
        known = names[column.link.kind]
        found = {word: known.codes_of(word) for word in words}
        if any(codes not in {(), (word,)} for word, codes in found.items()):
            codes = tuple(codes[0] if len(codes) == 1 else word for word, codes in found.items())
            values[column.name] = codes if column.many else codes[0]
        faults += _doubts(source, row.number, column, found, known)
    return Row(row.number, values, tuple(faults), row.record)


def _doubts(
    source: Source, row: int, column: Column, found: Mapping[str, tuple[str, ...]], known: Names
) -> Iterator[CellFault]:
    title = kind_of(column.link.kind).title if column.link else ""
    for word, codes in found.items():
        if len(codes) > 1:
            problem, remedy = f"有 {len(codes)} 个{title}叫{word}", f"改填代码：{known.list(codes)}"
            yield source.fault(row, column.name, word, problem, remedy)
        elif not codes and (near := known.resembling(word)):
            remedy = f"是不是{known.list(near)}？是就改填代码，不是就先录入这个{title}"
            yield source.fault(row, column.name, word, f"没有{title} {word}", remedy)


def _bearers(
    source: Source, kind: str, stored: Mapping[str, Record]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Code, name and aliases of the stored records, then of the file's own rows of this kind."""
    for key, record in stored.items():
        yield key, str(getattr(record, "name", "")), tuple(getattr(record, "aliases", ()))
    for row in source.rows if source.kind.name == kind else ():
        for code in folded(row.values.get("code")):
            yield code, "".join(folded(row.values.get("name"))) or code, folded(row.values.get("aliases"))


def _likeness(word: str, pieces: Set[str], name: str, of_name: Set[str]) -> float:
    """From 0 to 1; a name's characters in its order with some left out (教体局) are like it too."""
    shared = 2 * len(pieces & of_name) / (len(pieces) + len(of_name))
    rest = iter(name)
    if len(word) >= _SHORTEST and all(character in rest for character in word):
        return max(_ALIKE, shared)
    return shared


def _pieces(name: str) -> frozenset[str]:
    """The characters of a name and its pairs of neighbours: what two names share of them makes them alike."""
    return frozenset((*name, *map("".join, pairwise(name))))


def _spelt(name: str) -> str:
    return "".join(folded(name)).casefold()


def _fixed(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {spelling: tuple(codes) for spelling, codes in found.items() if spelling}
