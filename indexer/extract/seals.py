"""Tells whether a page shows a red seal: round or oval, with something inside. A hint, never a proof.

A red head, a red rule, red text and red tables are no seals: what counts is a ring that is red nearly all
the way round, hardly anything red just outside it, and some but not only red within.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import compress
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.extract.endings import corrupt, encrypted, over_limit
from indexer.model import Limits

DPI = 50.0
_MOST_POINTS = 4_000_000
"""Larger pages are drawn smaller."""
_INCH_MM = 25.4
_REDNESS = 38
"""How far red must stand out from the larger of green and blue; a pale stamp's does by about 45."""
_HUE_SPREAD = 90
"""Green and blue of a red differ by less; orange and magenta pass it."""
_SMALLEST_MM, _LARGEST_MM = 24.0, 66.0
"""Diameters: seals of units have 38 to 45 mm, ovals of 45 by 30 mm are the usual small ones."""
_RULE_MM = 70.0
"""A straight red line longer than any seal is a rule or a border, and taken away first."""
_BLOCK = 3
"""Red points within so many points of one another hang together."""
_ANGLES = 72
_RING = (0.92, 0.96, 1.0, 1.04)
_OUTSIDE = (1.12, 1.17, 1.22)
_RING_SHARE = 0.82
_RING_GLANCE = 0.6
"""A look in few directions spares most candidates the look in all."""
_OUTSIDE_SHARE = 0.42
_WITHIN = 0.78
_WITHIN_SHARES = (0.06, 0.72)
_MOST_GROUPS = 40
_MOST_ROUND = 2.1
"""The longer axis of an oval seal is less than so many times the shorter one."""

Points = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Oval:
    """Centre and half axes, in points."""

    x: float
    y: float
    across: float
    down: float


def seal_pages(path: Path, limits: Limits) -> tuple[int, ...]:
    """The pages (1-based) of a PDF that show a red seal; a page that cannot be drawn shows none.

    Raises:
        Unreadable: the file is damaged, needs a password or has more than ``limits.pdf_pages`` pages.
    """
    try:
        document = pypdfium2.PdfDocument(path.read_bytes())
    except pypdfium2.PdfiumError as fault:
        if fault.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise encrypted() from fault
        raise corrupt("PDF 结构不完整，可能没有传完") from fault
    try:
        if len(document) > limits.pdf_pages:
            raise over_limit(f"共 {len(document)} 页（最多 {limits.pdf_pages} 页）")
        return tuple(number for number in range(1, len(document) + 1) if _page_shows_seal(document, number))
    finally:
        document.close()


def _page_shows_seal(document: pypdfium2.PdfDocument, number: int) -> bool:
    """Draws one page small and looks at it."""
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        return False
    try:
        area = max(page.get_width() * page.get_height(), 1.0)
        scale = min(DPI / 72, math.sqrt(_MOST_POINTS / area))
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, may_draw_forms=True)
        try:
            rows = bytes(bitmap.buffer)
            wide = bitmap.width * 3
            if bitmap.n_channels != 3:
                return False
            packed = b"".join(rows[at : at + wide] for at in range(0, len(rows), bitmap.stride))
            return shows_seal(packed, bitmap.width, bitmap.height, dpi=scale * 72)
        finally:
            bitmap.close()
    except pypdfium2.PdfiumError:
        return False
    finally:
        page.close()


def shows_seal(rgb: bytes, width: int, height: int, *, dpi: float = DPI) -> bool:
    """Whether a picture (three bytes a point, rows from the top) shows a red seal; best at 40 to 75 dpi."""
    point = _INCH_MM / dpi
    found = _without_rules(_red_points(rgb, width), round(_RULE_MM / point))
    smallest, largest = _SMALLEST_MM / point, _LARGEST_MM / point
    groups = sorted(_groups(found), key=len, reverse=True)[:_MOST_GROUPS]
    return any(
        _is_seal(oval, found)
        for points in groups
        if len(points) >= smallest * 2
        for oval in _ovals(points, smallest, largest)
    )


def _red_points(rgb: bytes, width: int) -> Points:
    """Where the picture is red, as (x, y); in black and white nowhere, at no cost."""
    reds, greens, blues = rgb[0::3], rgb[1::3], rgb[2::3]
    if reds == greens:
        return frozenset()
    places = (
        at
        for at, (red, green, blue) in enumerate(zip(reds, greens, blues, strict=False))
        if red - green > _REDNESS and red - blue > _REDNESS and -_HUE_SPREAD < green - blue < _HUE_SPREAD
    )
    return frozenset((at % width, at // width) for at in places)


def _without_rules(points: Points, longest: int) -> Points:
    """The points that are in no straight run, across or down, longer than ``longest``; gaps end a run."""
    gone: set[tuple[int, int]] = set()
    for axis in (0, 1):
        lines: dict[int, list[int]] = defaultdict(list)
        for place in points:
            lines[place[1 - axis]].append(place[axis])
        for line, places in lines.items():
            for run in _runs(sorted(places)):
                if run[-1] - run[0] >= longest:
                    gone |= {(at, line) if axis == 0 else (line, at) for at in run}
    return points - gone


def _runs(places: list[int]) -> Iterator[list[int]]:
    """Neighbouring numbers together."""
    run: list[int] = []
    for place in places:
        if run and place - run[-1] > 2:
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _groups(points: Points) -> Iterator[list[tuple[int, int]]]:
    """Points that hang together."""
    blocks: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for x, y in points:
        blocks[x // _BLOCK, y // _BLOCK].append((x, y))
    while blocks:
        block, members = blocks.popitem()
        group, border = members, [block]
        while border:
            column, row = border.pop()
            for near in ((column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
                if (found := blocks.pop(near, None)) is not None:
                    group += found
                    border.append(near)
        yield group


def _ovals(points: list[tuple[int, int]], smallest: float, largest: float) -> Iterator[_Oval]:
    """Where a ring could be: round the whole group, or touching its outermost points on one side."""
    left, right = min(points), max(points)
    top, bottom = min(points, key=lambda at: at[1]), max(points, key=lambda at: at[1])
    across, down = (right[0] - left[0] + 1) / 2, (bottom[1] - top[1] + 1) / 2
    if 2 * min(across, down) < smallest:
        return
    middle = ((left[0] + right[0]) / 2, (top[1] + bottom[1]) / 2)
    if 2 * max(across, down) <= largest and max(across, down) <= _MOST_ROUND * min(across, down):
        yield _Oval(*middle, across, down)
    for outermost, step_x, step_y in ((left, 1, 0), (right, -1, 0), (top, 0, 1), (bottom, 0, -1)):
        x, y = _middle_of(points, outermost, along=1 if step_x else 0)
        for radius in range(round(smallest / 2), round(largest / 2) + 1):
            yield _Oval(x + step_x * radius, y + step_y * radius, radius, radius)


def _middle_of(
    points: list[tuple[int, int]], outermost: tuple[int, int], *, along: int
) -> tuple[float, float]:
    """The middle of the points as far out as the outermost one; ``along`` is the axis they vary on."""
    level = outermost[1 - along]
    places = [at[along] for at in points if at[1 - along] == level]
    middle = (min(places) + max(places)) / 2
    return (level, middle) if along == 1 else (middle, level)


@cache
def _circle() -> tuple[tuple[float, float], ...]:
    """Directions all the way round."""
    turns = (2 * math.pi * at / _ANGLES for at in range(_ANGLES))
    return tuple((math.cos(turn), math.sin(turn)) for turn in turns)


def _is_seal(oval: _Oval, red: Points) -> bool:
    """Whether there is a ring with little outside and something inside."""
    if _share(oval, red, _RING, every=6) < _RING_GLANCE or _share(oval, red, _RING) < _RING_SHARE:
        return False
    if _share(oval, red, _OUTSIDE) > _OUTSIDE_SHARE:
        return False
    reach = (oval.across * _WITHIN, oval.down * _WITHIN)
    within = compress(
        red, (((x - oval.x) / reach[0]) ** 2 + ((y - oval.y) / reach[1]) ** 2 <= 1 for x, y in red)
    )
    share = sum(1 for _ in within) / max(math.pi * reach[0] * reach[1], 1.0)
    return _WITHIN_SHARES[0] <= share <= _WITHIN_SHARES[1]


def _share(oval: _Oval, red: Points, distances: tuple[float, ...], *, every: int = 1) -> float:
    """In how many directions there is red at one of these distances from the centre (1 is the oval)."""
    directions = _circle()[::every]
    hits = sum(
        any(
            (round(oval.x + oval.across * far * cos), round(oval.y + oval.down * far * sin)) in red
            for far in distances
        )
        for cos, sin in directions
    )
    return hits / len(directions)
