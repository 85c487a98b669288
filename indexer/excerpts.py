"""Pieces of the original text around what was asked for, with marks where it stands. Pure.

The finding is done in the normalised text and carried back by its offsets, so that a simplified query is
marked in traditional, full-width and pinyin-noisy text just as it is written there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.extract.cellvalues import cell_name, place_of
from indexer.model import Excerpt, Passage
from indexer.nodes import Phrase
from indexer.query import Query
from indexer.text import normalise, normalise_text

MOST = 3
WIDTH_CHARS = 80
_SENTENCE_ENDS = "。！？；\n"
_ONE_LINE = str.maketrans("\n\r\t\v\f\u2028\u2029", "       ")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of one passage's original text; of two the one with more different marks, then more marks."""

    different: int
    passage: int
    start: int
    end: int
    spans: tuple[Span, ...]


def excerpts(
    passages: Sequence[Passage], query: Query, *, most: int = MOST, width: int = WIDTH_CHARS
) -> tuple[Excerpt, ...]:
    """At most ``most`` pieces of about ``width`` characters, those with most of the query first.

    Where the whole of a plain query stands in the text, only such places count; else its words do.
    Empty when nothing of the query stands in the text.
    """
    for marks in _tiers(query):
        windows = [
            window
            for number, passage in enumerate(passages)
            for window in _windows(number, passage.text, marks, width)
        ]
        if windows:
            return tuple(_excerpt(passages[one.passage], one) for one in _best(windows, most))
    return ()


def _tiers(query: Query) -> Iterator[tuple[str, ...]]:
    if not query.explicit and isinstance(query.exact, Phrase):
        yield query.exact.spellings
    telling = tuple(mark for mark in query.marks if len(mark) > 1)
    yield telling or query.marks


def _windows(number: int, original: str, marks: tuple[str, ...], width: int) -> list[_Window]:
    """For each place in the passage a window that begins shortly before it."""
    places = _places(original, marks)
    windows: list[_Window] = []
    inside: Counter[str] = Counter()
    after = 0
    for at, (mark, (begin, finish)) in enumerate(places):
        start = _start(original, begin, width // 4)
        end = max(finish, min(len(original), start + width))
        while after < len(places) and places[after][1][1] <= end:
            inside[places[after][0]] += 1
            after += 1
        windows.append(_Window(len(+inside), number, start, end, tuple(span for _, span in places[at:after])))
        inside[mark] -= 1
    return windows


def _places(original: str, marks: tuple[str, ...]) -> list[tuple[str, Span]]:
    """Where a mark stands in the original, in reading order, the longest mark at each place; none overlap."""
    plain = normalise_text(original)
    if not any(mark in plain for mark in marks):
        return []
    normalised = normalise(original)
    pattern = re.compile("|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True)))
    places: list[tuple[str, Span]] = []
    for found in pattern.finditer(normalised.text):
        span = normalised.span(*found.span())
        if not places or span[0] >= places[-1][1][1]:  # two may come from one character, such as ㈠ or ㎡
            places.append((found[0], span))
    return places


def _start(original: str, begin: int, lead: int) -> int:
    """At most ``lead`` characters before ``begin``, at the beginning of a sentence if there is one."""
    earliest = max(0, begin - lead)
    starts = (at + 1 for at in range(earliest, begin) if original[at] in _SENTENCE_ENDS)
    return next(starts, earliest) if earliest else 0


def _best(windows: list[_Window], most: int) -> list[_Window]:
    """The worthiest windows that do not overlap; equal ones in reading order."""
    chosen: list[_Window] = []
    for one in sorted(windows, key=lambda window: (-window.different, -len(window.spans))):
        if len(chosen) == most:
            break
        if all(
            one.passage != other.passage or one.end <= other.start or other.end <= one.start
            for other in chosen
        ):
            chosen.append(one)
    return chosen


def _excerpt(passage: Passage, window: _Window) -> Excerpt:
    """The window as one line, with an ellipsis where the passage goes on."""
    before = "…" if passage.text[: window.start].strip() else ""
    after = "…" if passage.text[window.end :].strip() else ""
    piece = passage.text[window.start : window.end].translate(_ONE_LINE)
    shift = len(before) - window.start - (len(piece) - len(piece.lstrip()))
    marks = tuple((start + shift, end + shift) for start, end in window.spans)
    cell = _cell(passage, window.spans[0][0]) if passage.cell else ""
    return Excerpt(f"{before}{piece.strip()}{after}", marks, passage.page, passage.label, cell)


def _cell(passage: Passage, at: int) -> str:
    """The cell that holds a character of a sheet's text."""
    row, column = place_of(passage.cell, (1, 1))
    line = passage.text.rfind("\n", 0, at) + 1
    return cell_name(row + passage.text.count("\n", 0, at), column + passage.text.count("\t", line, at))
