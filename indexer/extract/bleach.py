"""Red seals on a page: where they lie, and the page without their ink, so that the text under them shows.

Black under red is black in the red part of the light, and red ink is white there. Red heads and rules are
no seals: a seal is about as high as wide.
"""

from __future__ import annotations

from typing import Any, NamedTuple

_RED_OVER = 45
"""Red ink is this much brighter in red than in green and in blue, of 255."""
_CELL = 8
"""Points a side of the squares in which ink is counted: strokes of a rim grow together."""
_INK_SHARE = 0.06
_REACH = 2
"""Squares between two strokes of one seal at most, to each side."""
_SMALLEST = 0.06
_LARGEST = 0.6
"""A seal's sides, as parts of the page's shorter side; 4.2 cm of A4 are 0.2."""
_SLIMMEST = 0.55
_MARGIN = 4
_PALE = 20
"""Ink darker than this part of all of it, in hundredths, has something black under it."""


class Area(NamedTuple):
    """A part of the page in points; ``right`` and ``bottom`` lie outside."""

    left: int
    top: int
    right: int
    bottom: int


def seals_of(picture: Any) -> list[Area]:
    """Where something red lies that has about the size and shape of a seal."""
    import cv2
    import numpy as np

    height, width = picture.shape[0] // _CELL, picture.shape[1] // _CELL
    if not height or not width:
        return []
    red = _ink(picture[: height * _CELL, : width * _CELL])
    shares = red.reshape(height, _CELL, width, _CELL).mean(axis=(1, 3))
    cells = (shares > _INK_SHARE).astype(np.uint8)
    grown = cv2.dilate(cells, np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(grown)
    short = min(height, width)
    seals = []
    for left, top, across, down, _ in found[1:].tolist():
        inner = (across - 2 * _REACH, down - 2 * _REACH)
        if min(inner) >= max(_SMALLEST * short, _SLIMMEST * max(inner)) and max(inner) <= _LARGEST * short:
            sides = (left - _MARGIN, top - _MARGIN, left + across + _MARGIN, top + down + _MARGIN)
            seals.append(Area(*(max(side, 0) * _CELL for side in sides)))
    return seals


def bleached(picture: Any, seals: list[Area]) -> Any:
    """The page with the seals' ink gone: what is as bright in red as the ink is paper."""
    import numpy as np

    clean = picture.copy() if seals else picture
    for seal in seals:
        part = clean[seal.top : seal.bottom, seal.left : seal.right]
        light = part[:, :, 2].astype(np.float32)
        ink = light[_ink(part)]
        paper = max(float(np.percentile(ink, _PALE)), 1.0) if ink.size else 255.0
        part[...] = np.minimum(light * (255 / paper), 255).astype(np.uint8)[:, :, None]
    return clean


def _ink(picture: Any) -> Any:
    """Which points are red."""
    import numpy as np

    wide = picture.astype(np.int16)
    return wide[:, :, 2] - wide[:, :, :2].max(axis=2) > _RED_OVER
