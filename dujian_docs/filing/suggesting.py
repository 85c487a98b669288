"""Guesses from what files say: one search per required file, then sieved by word, unit and year.

The search runs over the words that speak for a required file (title, other names, words to match), among
the files that do not count for anything yet; a file that counts may still be suggested for another
indicator which its required file also serves. A file is suggested for an expectation only when

* a word stands in its name or at its head or foot, or the word is long (four characters or more), or the
  file lies in the indicator's folder or in the inbox;
* its name and folders name no other unit and no other year, and the year stands in its name, folders, head
  or foot;
* so does the unit, or the file is asked of one unit only; a file that also serves may be another unit's.

Head and foot are where a document names its author and date; a county's bulletin that names every school
in its middle is not each school's file. Cost: one search per required file with a gap, and one reading of
the texts that the searches found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Protocol

from dujian_docs.filing.names import NameFacts, read_name, years_in
from dujian_docs.filing.results import CheckResult, Expectation
from dujian_docs.filing.states import ExpectationState, Ground
from dujian_docs.filing.suggestions import Suggestion, words_of
from dujian_docs.filing.unit_names import UnitNames, folded
from dujian_docs.records.kinds import RequiredFile, Scope
from indexer import Hit, Item, Passage, SearchResult, State, normalise_text

MOST_PER_EXPECTATION = 3
"""How many files are suggested for one expectation, the likeliest first."""

HEAD_CHARS, FOOT_CHARS = 500, 300
"""How much of a text's beginning and end is looked at for units and years, in characters."""

_LONG_WORD = 4
_WITH_TEXT = frozenset({State.INDEXED, State.PENDING_OCR})  # of a scan some pages may have text


class Search(Protocol):
    """``ArchiveIndex.search`` as it is used here."""

    def __call__(self, query: str, *, limit: int = 20, within: Collection[str] | None = None) -> SearchResult:
        """The files among ``within`` that answer ``query``, best first."""
        ...


TextOf = Callable[[str], Sequence[Passage]]
"""``ArchiveIndex.text_of``: the passages of the file at a path."""


def suggest(
    result: CheckResult,
    items: Iterable[Item],
    names: UnitNames,
    search: Search,
    text_of: TextOf,
    issued: Collection[str] = (),
) -> tuple[Suggestion, ...]:
    """The files whose text speaks for an expectation that has nothing better, the likeliest first.

    Expectations that are missing, and those for which a name already speaks (which gain the passage), are
    searched for. Give the suggestions to ``match`` to see them in a result. Of documents that the office
    ``issued`` itself only the name speaks: a notice that chases a file, or asks for it, is not that file.
    """
    wanted: defaultdict[str, list[Expectation]] = defaultdict(list)
    for one in result.matches:
        if one.state in (ExpectationState.MISSING, ExpectationState.SUGGESTED):
            wanted[one.expectation.code].append(one.expectation)
    readable = {item.path: read_name(item.path, names) for item in items if item.state in _WITH_TEXT}
    serves = _serves(result)
    reader = _Reader(names, text_of, issued)
    found: list[Suggestion] = []
    for gaps in wanted.values():
        required = gaps[0].required_file
        within = {path for path in readable if required.indicator in serves.get(path, {required.indicator})}
        if within:
            limit = min(len(within), max(20, 3 * len(gaps)))
            hits = search(query_of(required), limit=limit, within=within).hits
            read = (reader.signs(hit, readable[hit.path], required, serves) for hit in hits)
            signs = [sign for sign in read if sign]
            found.extend(one for gap in gaps for one in _best(gap, signs))
    return tuple(found)


def query_of(required_file: RequiredFile) -> str:
    """The query for a required file: any of its words, each as a phrase."""
    words = (word.replace('"', " ") for word in words_of(required_file))
    return " OR ".join(f'"{word}"' for word in words)


def _serves(result: CheckResult) -> dict[str, set[str]]:
    """For each file that counts, the other indicators for which it may still be suggested."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for match in result.matches:
        for file in match.evidence:
            found[file.item.path].update(match.expectation.required_file.also_serves)
    return dict(found)


@dataclass(frozen=True, slots=True)
class _Signs:
    """What one hit says for a required file: the word, and which units and years its text names."""

    hit: Hit
    facts: NameFacts
    word: str
    text_units: frozenset[str]
    text_years: frozenset[int]
    also_serves: bool
    weight: float


class _Reader:
    """Reads the head and foot of each text once."""

    def __init__(self, names: UnitNames, text_of: TextOf, issued: Collection[str]) -> None:
        self._names = names
        self._text_of = text_of
        self._issued = frozenset(issued)
        self._ends: dict[str, str] = {}

    def signs(
        self, hit: Hit, facts: NameFacts, required: RequiredFile, serves: Collection[str]
    ) -> _Signs | None:
        """What a hit says for a required file; None when its word is too slight to say anything."""
        stem = normalise_text(PurePosixPath(hit.path).stem)
        ends = self._ends_of(hit.path)
        plain = normalise_text(ends)
        at_home = facts.in_inbox or required.indicator in facts.folder_indicators
        quoted = normalise_text(" ".join(excerpt.text for excerpt in hit.excerpts))
        words = [(word, normalise_text(word)) for word in words_of(required)]
        by_name = next((word for word, norm in words if norm in stem), None)
        if hit.path in self._issued and by_name is None:
            return None
        shown = by_name or next((word for word, norm in words if norm in plain), None)
        deep = next(
            (word for word, norm in words if norm in quoted and (at_home or len(norm) >= _LONG_WORD)), None
        )
        word = shown or deep
        if word is None:
            return None
        units = frozenset(span.code for span in self._names.find(plain))
        years = frozenset(years_in(folded(ends)))
        weight = 2.0 * at_home + 3.0 * _likeness(normalise_text(required.title), stem + plain)
        return _Signs(hit, facts, word, units, years, hit.path in serves, weight)

    def _ends_of(self, path: str) -> str:
        if path not in self._ends:
            text = "\n".join(passage.text for passage in self._text_of(path))
            ends = (
                text
                if len(text) <= HEAD_CHARS + FOOT_CHARS
                else text[:HEAD_CHARS] + "\n" + text[-FOOT_CHARS:]
            )
            self._ends[path] = ends
        return self._ends[path]


def _likeness(title: str, text: str) -> float:
    """The share of a title's pairs of characters that stand in the text, 0 to 1."""
    pairs = {title[at : at + 2] for at in range(len(title) - 1)}
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0


@dataclass(frozen=True, slots=True)
class _Rated:
    weight: float
    suggestion: Suggestion


def _best(gap: Expectation, signs: Iterable[_Signs]) -> Iterator[Suggestion]:
    """The likeliest files for one expectation."""
    rated = [one for sign in signs if (one := _rated(gap, sign))]
    rated.sort(key=attrgetter("weight"), reverse=True)  # stable: of equals the search's order stands
    for one in rated[:MOST_PER_EXPECTATION]:
        yield one.suggestion


def _rated(gap: Expectation, sign: _Signs) -> _Rated | None:
    when = _year_said(gap, sign)
    whose = _unit_said(gap, sign)
    if when is None or whose is None:
        return None
    excerpt = sign.hit.excerpts[0] if sign.hit.excerpts else None
    reason = f"里面有“{sign.word}”，{when[0]}{whose[0]}，疑似就是这一件"
    suggestion = Suggestion(gap.key, sign.hit.path, reason, Ground.TEXT, excerpt)
    return _Rated(sign.weight + when[1] + whose[1], suggestion)


def _year_said(gap: Expectation, sign: _Signs) -> tuple[str, float] | None:
    """Where the expectation's year stands and how much that weighs; None when nowhere, or another does."""
    facts = sign.facts
    if facts.years:
        return (f"名称写 {gap.year} 年", 2.0) if gap.year in facts.years else None
    if facts.folder_year is not None:
        return (f"在 {gap.year} 年的文件夹里", 1.5) if facts.folder_year == gap.year else None
    return (f"正文写 {gap.year} 年", 1.0) if gap.year in sign.text_years else None


def _unit_said(gap: Expectation, sign: _Signs) -> tuple[str, float] | None:
    """Where the expectation's unit stands and how much that weighs; None when nowhere, or another does."""
    code, name = gap.unit.code, gap.unit.name
    if sign.also_serves:
        return f"、可兼用于 {gap.required_file.indicator}", 0.0
    for units, where, weight in (
        (sign.facts.units, "名称", 2.0),
        (sign.facts.folder_units, "文件夹", 1.5),
    ):
        if units:
            return (f"、{where}写{name}", weight) if code in units else None
    if code in sign.text_units:
        return f"、正文写{name}", 1.0
    return ("", 0.0) if gap.required_file.scope is Scope.COUNTY else None
