"""Lines recognised on a page, in the order a person reads them: rows downwards, columns of prose in turn.

Pure geometry. What stands side by side is read across, as a table's cells are, unless both sides are prose.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_SAME_ROW = 0.5
"""Lines whose middles are nearer than this share of the lower one's height stand in one row."""
_GUTTER = 0.8
"""Columns are at least this many line heights apart."""
_PROSE_ROWS = 4
_PROSE_WIDTH = 6.0
"""A column of prose has this many rows at least, and its middling row is this many line heights long."""
_PROSE_FILL = 0.6
"""A middling row of prose fills this part of its column."""
_SPANNING = 0.34
"""Rows that cross a gutter, such as a headline, are at most this part of all."""
_LEVEL_FROM = 3.0
"""Lines this much longer than high tell how far the page is tilted."""
_TOUCHING = 1.0
"""Pieces of one row nearer than this many heights are one line."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line's text and its corners clockwise from the top left; y grows downwards."""

    text: str
    corners: tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class _Box:
    """A line on a page that was made level."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


def blocks_of(lines: Iterable[Line]) -> list[list[str]]:
    """The rows of each block of the page, in reading order; a row's pieces are joined."""
    boxes = _level(list(lines))
    if not boxes:
        return []
    return [block for block in _blocks(boxes, median(box.height for box in boxes)) if block]


def tilt_of(lines: Sequence[Line]) -> float:
    """How far the page is tilted, in radians; 0 when no line is long enough to tell."""
    angles = [
        math.atan2(right[1] - left[1], right[0] - left[0])
        for left, right, _, below in (line.corners for line in lines)
        if math.dist(left, right) > _LEVEL_FROM * math.dist(left, below)
    ]
    return median(angles) if angles else 0.0


def _level(lines: list[Line]) -> list[_Box]:
    """The lines where they would be on a level page."""
    tilt = tilt_of(lines)
    cosine, sine = math.cos(tilt), math.sin(tilt)
    boxes = []
    for line in lines:
        turned = [(x * cosine + y * sine, y * cosine - x * sine) for x, y in line.corners]
        across, down = zip(*turned, strict=True)
        boxes.append(_Box(line.text, min(across), min(down), max(across), max(down)))
    return boxes


def _blocks(boxes: list[_Box], size: float) -> list[list[str]]:
    """The blocks of a part of the page whose lines are ``size`` high."""
    gutter = _gutter(boxes, size)
    if gutter is None:
        return [[_joined(row) for row in _rows(boxes)]]
    found: list[list[str]] = []
    band: list[_Box] = []
    for row in _rows(boxes):
        if any(box.left < gutter < box.right for box in row):
            found += _band(band, gutter, size)
            found.append([_joined(row)])
            band = []
        else:
            band += row
    return found + _band(band, gutter, size)


def _band(boxes: list[_Box], gutter: float, size: float) -> list[list[str]]:
    """What stands between two rows that cross the gutter: column by column."""
    left = [box for box in boxes if box.right <= gutter]
    right = [box for box in boxes if box.right > gutter]
    return [block for side in (left, right) if side for block in _blocks(side, size)]


def _gutter(boxes: list[_Box], size: float) -> float | None:
    """Where two columns of prose part, or None; of several places the one that the fewest rows cross."""
    rows = _rows(boxes)
    best: tuple[int, float] | None = None
    for place in _gaps(boxes, size):
        crossing = sum(1 for row in rows if any(box.left < place < box.right for box in row))
        if crossing <= _SPANNING * len(rows) and (best is None or crossing < best[0]):
            left = [box for box in boxes if box.right <= place]
            right = [box for box in boxes if box.left >= place]
            if _is_prose(left, size) and _is_prose(right, size):
                best = (crossing, place)
    return best[1] if best else None


def _gaps(boxes: list[_Box], size: float) -> list[float]:
    """Places between a right edge and the next left edge of any row, far enough apart; each only once."""
    places: list[float] = []
    for row in _rows(boxes):
        for one, other in pairwise(row):
            place = (one.right + other.left) / 2
            if other.left - one.right >= _GUTTER * size and all(abs(place - old) > size for old in places):
                places.append(place)
    return places


def _is_prose(boxes: list[_Box], size: float) -> bool:
    """Whether these lines are running text that fills its column."""
    rows = _rows(boxes)
    if len(rows) < _PROSE_ROWS:
        return False
    widths = [row[-1].right - row[0].left for row in rows]
    column = max(box.right for box in boxes) - min(box.left for box in boxes)
    return median(widths) >= max(_PROSE_WIDTH * size, _PROSE_FILL * column)


def _rows(boxes: Iterable[_Box]) -> list[list[_Box]]:
    """The rows downwards, each from left to right."""
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if rows:
            last = rows[-1][-1]
            if box.middle - last.middle < _SAME_ROW * min(box.height, last.height):
                rows[-1].append(box)
                continue
        rows.append([box])
    return [sorted(row, key=lambda box: box.left) for row in rows]


def _joined(row: Sequence[_Box]) -> str:
    """The row's text; pieces that stand apart are kept apart."""
    text = row[0].text
    for one, other in pairwise(row):
        near = other.left - one.right < _TOUCHING * min(one.height, other.height)
        text += other.text if near else f"　{other.text}"
    return text
