"""Hears the objects of an OFD page: text with its places, and how much of the page is pictures or outlines.

GB/T 33190-2016: 11.3 text objects, 8.5 graphic objects (Boundary, CTM), 13 composite objects.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from indexer.extract.lines import Piece, width_of

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f as in CTM: x' = ax + cy + e, y' = bx + dy + f; lengths in millimetres."""

UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_NOT_SHOWN = "Clips"
"""Text in it only cuts out a shape."""
_NEW_LINE = 0.5
_LEAP = 2.0
"""A jump of so many font sizes beyond a character's own width ends a piece."""
_TURN_STEP = 15
_MOST_NUMBER = 1e6


@dataclass(frozen=True, slots=True)
class Use:
    """A composite object: which resource is drawn, and where."""

    resource: str
    matrix: Matrix


class PageObjects:
    """Collects what a page, template, annotation or resource part draws, by unit.

    ``pieces`` and ``uses`` are under "" for what is drawn itself, and under the ID of a composite graphic
    unit for what only stands ready. ``remarks`` are the words of annotations that are not drawn.
    """

    def __init__(self) -> None:
        self.pieces: dict[str, list[Piece]] = {"": []}
        self.uses: list[Use] = []
        self.templates: list[str] = []
        self.remarks: list[str] = []
        self.picture_area = 0.0
        self.pictures = 0
        self.outline_chars = 0
        self._unit = ""
        self._hidden = 0
        self._object: dict[str, str] = {}
        self._outer: list[Matrix] = [UPRIGHT]
        self._at = (0.0, 0.0)
        self._code: dict[str, str] | None = None
        self._heard: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An object, or part of one, begins."""
        self._heard.clear()
        if tag == _NOT_SHOWN:
            self._hidden += 1
        elif tag == "TextObject":
            self._object, self._at = dict(attributes), (0.0, 0.0)
        elif tag == "TextCode":
            self._code = dict(attributes)
        elif tag == "Template":
            self.templates.append(attributes.get("TemplateID", ""))
        elif tag == "Appearance":
            self._outer.append(combined(_placed(attributes), self._outer[-1]))
        elif tag == "CompositeGraphicUnit":
            self._unit = attributes.get("ID", "")
        elif not self._hidden:
            self._start_graphic(tag, attributes)

    def _start_graphic(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Counts a picture, or keeps what composite object is used."""
        if tag == "ImageObject":
            box = numbers(attributes.get("Boundary", ""), 4)
            self.picture_area += abs(box[2] * box[3])
            self.pictures += 1
        elif tag == "CompositeObject" and not self._unit:
            self.uses.append(
                Use(attributes.get("ResourceID", ""), combined(_placed(attributes), self._outer[-1]))
            )

    def end(self, tag: str) -> None:
        """An object, or part of one, is complete."""
        if tag == "TextCode" and self._code is not None:
            if not self._hidden:
                self._keep("".join(self._heard), self._code)
            self._code = None
        elif tag == "Remark" and (remark := "".join(self._heard).strip()):
            self.remarks.append(remark)
        elif tag == "AbbreviatedData" and not self._hidden:
            self.outline_chars += sum(map(len, self._heard))
        elif tag == "CompositeGraphicUnit":
            self._unit = ""
        elif tag == "Appearance" and len(self._outer) > 1:
            self._outer.pop()
        elif tag == _NOT_SHOWN:
            self._hidden -= 1
        self._heard.clear()

    def data(self, text: str) -> None:
        """Part of an element's text."""
        self._heard.append(text)

    def _keep(self, text: str, code: Mapping[str, str]) -> None:
        """Places one TextCode; a coordinate that is left out is that of the one before."""
        text = text.replace("\n", "").replace("\r", "").replace("\t", " ")
        self._at = (_number(code.get("X"), self._at[0]), _number(code.get("Y"), self._at[1]))
        size = _number(self._object.get("Size"), 0.0) or 1.0
        matrix = combined(_placed(self._object), self._outer[-1])
        steps = (_deltas(code.get("DeltaX", ""), len(text)), _deltas(code.get("DeltaY", ""), len(text)))
        wide = _number(self._object.get("HScale"), 1.0) or 1.0
        pieces = self.pieces.setdefault(self._unit, [])
        pieces.extend(_pieces(text, self._at, steps, abs(size), abs(wide), matrix))


def _pieces(
    text: str,
    start: tuple[float, float],
    steps: tuple[Sequence[float], Sequence[float]],
    size: float,
    wide: float,
    matrix: Matrix,
) -> Iterator[Piece]:
    """A TextCode cut where its characters leave the line or leap."""
    across, down = steps
    upright = bool(down) and not any(across) and sum(down) > 0
    x, y = start
    begun, from_x, from_y = 0, x, y
    for at in range(len(text)):
        advance = width_of(text[at]) * size * wide
        dx = across[at] if at < len(across) else 0.0 if upright else advance
        dy = down[at] if at < len(down) else 0.0
        leap = dy - size if upright else dx - advance
        left = not upright and (abs(dy) > _NEW_LINE * size or dx < -_NEW_LINE * size)
        last = at + 1 == len(text)
        if last or left or leap > _LEAP * size:
            end = (x, y + size) if upright else (x + min(max(advance, 0.0), size * wide), y)
            yield placed_piece(text[begun : at + 1], (from_x, from_y), end, size, matrix, upright=upright)
            begun, from_x, from_y = at + 1, x + dx, y + dy
        x, y = x + dx, y + dy


def placed_piece(
    text: str,
    start: tuple[float, float],
    end: tuple[float, float],
    size: float,
    matrix: Matrix,
    *,
    upright: bool = False,
) -> Piece:
    """The piece in page coordinates, turned level; ``upright`` characters run down the page."""
    a, b, c, d, _, _ = matrix
    along = (c, d) if upright else (a, b)
    angle = math.atan2(along[1], along[0])
    turn = round(math.degrees(angle) / _TURN_STEP) * _TURN_STEP % 360
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    (x0, y0), (x1, y1) = applied(matrix, start), applied(matrix, end)
    height = size * (math.hypot(c, d) or 1.0)
    level, level_end = x0 * cos + y0 * sin, x1 * cos + y1 * sin
    return Piece(text, level, y0 * cos - x0 * sin, max(level, level_end), height, turn)


def moved(piece: Piece, matrix: Matrix) -> Piece:
    """A piece of a composite unit where the unit is drawn; units are drawn level, or nobody reads them."""
    x, y = applied(matrix, (piece.x, piece.y))
    end, _ = applied(matrix, (piece.end, piece.y))
    return replace(piece, x=x, y=y, end=max(x, end), size=piece.size * (math.hypot(*matrix[2:4]) or 1.0))


def combined(inner: Matrix, outer: Matrix) -> Matrix:
    """First ``inner``, then ``outer``."""
    a, b, c, d, e, f = inner
    x, y = applied(outer, (e, f))
    oa, ob, oc, od = outer[:4]
    return (oa * a + oc * b, ob * a + od * b, oa * c + oc * d, ob * c + od * d, x, y)


def applied(matrix: Matrix, point: tuple[float, float]) -> tuple[float, float]:
    """The point after the matrix."""
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def _placed(attributes: Mapping[str, str]) -> Matrix:
    """An object's CTM, then the corner of its Boundary."""
    box = numbers(attributes.get("Boundary", ""), 4)
    told = attributes.get("CTM", "")
    a, b, c, d, e, f = numbers(told, 6) if told else UPRIGHT
    return (a, b, c, d, e + box[0], f + box[1])


def numbers(told: str, count: int) -> tuple[float, ...]:
    """Exactly ``count`` numbers; what is missing or senseless is 0."""
    found = [_number(word, 0.0) for word in told.split(maxsplit=count)[:count]]
    return (*found, *[0.0] * (count - len(found)))


def _number(word: str | None, otherwise: float) -> float:
    """The number, within reason."""
    try:
        number = float(word) if word else otherwise
    except ValueError:
        return otherwise
    return number if abs(number) <= _MOST_NUMBER else otherwise


def _deltas(told: str, most: int) -> list[float]:
    """DeltaX or DeltaY (11.3): offsets, where ``g n v`` stands for n times v; at most ``most``."""
    found: list[float] = []
    words = iter(told.replace(",", " ").split())
    for word in words:
        if len(found) >= most:
            break
        if word == "g":
            count, value = next(words, "0"), _number(next(words, "0"), 0.0)
            repeat = int(count) if count.isdecimal() and len(count) < 10 else 0
            found.extend([value] * min(repeat, most - len(found)))
        else:
            found.append(_number(word, 0.0))
    return list(islice(found, most))
