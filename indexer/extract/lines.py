"""Pieces of text with places on a page, put together into lines in the order a person reads them. Pure.

Producers cut a line wherever the font changes and draw a page in any order. Pieces that touch on one
baseline are one stretch, whoever was drawn between them; stretches keep the drawing order (which keeps
columns and table cells whole) unless it clearly jumps about, and then go by their places.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SAME_ROW = 0.6
"""Baselines closer than this share of the smaller font size are one row; a raised number too."""
_TOUCHING = 0.5
"""Pieces nearer than this share of the font size are one stretch."""
_BLANK = 0.15
"""Latin words further apart than this share of the font size were set with a blank."""
_JUMPS = 2
_JUMP_SHARE = 6
"""A page is out of order when it jumps back more than twice and oftener than every sixth stretch."""
_TWICE = 0.3
"""The same text set again within this share of its size is how some programs print bold."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text on one baseline from ``x`` to ``end``; y grows downwards, all in one unit, ``size`` of the font.

    ``turn`` is the direction of writing in degrees, clockwise from left-to-right; the coordinates are
    those of a page turned so that this piece is level.
    """

    text: str
    x: float
    y: float
    end: float
    size: float
    turn: int = 0


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Touching pieces as one text, and when the first of them was drawn."""

    drawn: int
    row: int
    text: str
    x: float
    end: float


def width_of(letter: str) -> float:
    """How wide a character usually is, in font sizes."""
    return 1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.5


def lines_of(pieces: Iterable[Piece]) -> list[str]:
    """The page's lines, level text first; blanks at their ends dropped, no line empty."""
    directions: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        directions[piece.turn].append(piece)
    ordered = sorted(directions.values(), key=lambda group: -sum(len(piece.text) for piece in group))
    lines = (line for group in ordered for line in _level_lines(group))
    return [line for line in lines if line]


def _level_lines(pieces: Sequence[Piece]) -> Iterator[str]:
    """The lines of pieces that run in one direction."""
    stretches = sorted(_stretches(pieces), key=lambda one: one.drawn)
    if _jumps_about(stretches):
        stretches.sort(key=lambda one: (one.row, one.x))
    line: list[_Stretch] = []
    for stretch in stretches:
        if line and (stretch.row != line[-1].row or stretch.x < line[-1].x):
            yield _joined(line)
            line = []
        line.append(stretch)
    yield _joined(line)


def _joined(line: Sequence[_Stretch]) -> str:
    """Stretches of one row, a blank between them."""
    return " ".join(text for stretch in line if (text := stretch.text.strip()))


def _jumps_about(stretches: Sequence[_Stretch]) -> bool:
    """Whether the drawing order goes back too often; up and right, to the next column, is not back."""
    jumps = sum(
        after.x < before.end and (after.row < before.row or (after.row == before.row and after.x < before.x))
        for before, after in pairwise(stretches)
    )
    return jumps >= _JUMPS and jumps * _JUMP_SHARE > len(stretches)


def _stretches(pieces: Sequence[Piece]) -> Iterator[_Stretch]:
    """Touching pieces joined, each once, rows numbered from the top."""
    for number, row in enumerate(_rows(pieces)):
        row.sort(key=lambda numbered: (numbered[1].x, numbered[0]))
        chain: list[tuple[int, Piece]] = []
        for drawn, piece in row:
            if chain and _again(chain[-1][1], piece):
                continue
            if chain and piece.x - chain[-1][1].end >= _TOUCHING * max(piece.size, chain[-1][1].size):
                yield _stretch(number, chain)
                chain = []
            chain.append((drawn, piece))
        yield _stretch(number, chain)


def _again(before: Piece, piece: Piece) -> bool:
    """Whether the second is the first set once more to look bold."""
    return before.text == piece.text and abs(before.x - piece.x) < _TWICE * piece.size


def _rows(pieces: Sequence[Piece]) -> Iterator[list[tuple[int, Piece]]]:
    """Pieces of one baseline, with their numbers in drawing order; from the top."""
    row: list[tuple[int, Piece]] = []
    for drawn, piece in sorted(enumerate(pieces), key=lambda numbered: numbered[1].y):
        first = row[0][1] if row else piece
        if piece.y - first.y > _SAME_ROW * min(piece.size, first.size):
            yield row
            row = []
        row.append((drawn, piece))
    if row:
        yield row


def _stretch(row: int, chain: Sequence[tuple[int, Piece]]) -> _Stretch:
    """The chain as one text, with a blank where Latin words were set apart."""
    texts = [chain[0][1].text]
    for (_, before), (_, after) in pairwise(chain):
        apart = after.x - before.end > _BLANK * after.size
        if apart and before.text[-1:].isascii() and after.text[:1].isascii():
            texts.append(" ")
        texts.append(after.text)
    pieces = [piece for _, piece in chain]
    end = max(piece.end for piece in pieces)
    return _Stretch(min(drawn for drawn, _ in chain), row, "".join(texts), pieces[0].x, end)
