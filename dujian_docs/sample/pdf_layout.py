"""Lays a paper out on A4 pages for the PDF writer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dujian_docs.sample.occasions import Grid
from dujian_docs.sample.papers import Paper
from dujian_docs.sample.pdf_writer import PAGE_HEIGHT, PAGE_WIDTH, Mark, Rule, Run, width_of

_LEFT, _TOP, _BOTTOM = 74.0, 80.0, 78.0
_ROOM = PAGE_WIDTH - 2 * _LEFT
_HEADING, _BODY, _MOST_CELL, _LEAST_CELL = 18.0, 14.0, 11.0, 6.0
_LINE = 1.7
"""Distance of base lines, in sizes of the type."""
_PIECES = re.compile(r"[!-~]+|[^!-~]")
_NOT_FIRST = "，。、；：！？）》”"


def pages_of(paper: Paper) -> list[list[Mark]]:
    """The paper as pages of marks; at least one."""
    sheet = _Sheet()
    if paper.number:
        sheet.line(paper.number, _BODY, centred=True)
        sheet.leave(10)
    for line in _wrapped(paper.heading, _HEADING, indent=0):
        sheet.line(line, _HEADING, centred=True)
    sheet.leave(14)
    if paper.main_to:
        sheet.line(f"{paper.main_to}：", _BODY)
    for paragraph in paper.paragraphs:
        for line in _wrapped(paragraph, _BODY, indent=2):
            sheet.line(line, _BODY)
    if paper.grid:
        sheet.leave(8)
        _lay_grid(sheet, paper.grid)
    sheet.leave(16)
    for line in paper.ending():
        sheet.line(line, _BODY, right=2 * _BODY)
    return sheet.pages


class _Sheet:
    """Pages that are filled from the top; ``height`` is the next base line, in points from below."""

    def __init__(self) -> None:
        self.pages: list[list[Mark]] = [[]]
        self.height = PAGE_HEIGHT - _TOP

    def leave(self, points: float) -> None:
        """Some room is left free."""
        self.height -= points

    def fresh(self, room: float) -> bool:
        """Begins a new page when less than ``room`` is left; says whether it did."""
        if self.height - room >= _BOTTOM:
            return False
        self.pages.append([])
        self.height = PAGE_HEIGHT - _TOP
        return True

    def line(self, text: str, size: float, *, centred: bool = False, right: float | None = None) -> None:
        """One line of text, at the left unless told otherwise."""
        self.fresh(size)
        x, width = _LEFT, width_of(text, size)
        if centred:
            x += (_ROOM - width) / 2
        elif right is not None:
            x += _ROOM - width - right
        self.pages[-1].append(Run(text, x, self.height, size))
        self.height -= size * _LINE


def _wrapped(text: str, size: float, *, indent: int) -> Iterator[str]:
    """The text in lines that fit, the first one indented.

    Numbers and Latin words stay whole, and no line begins with a closing mark.
    """
    line = "　" * indent
    for piece in _PIECES.findall(text):
        if width_of(line + piece, size) > _ROOM and piece not in _NOT_FIRST:
            yield line
            line = ""
        line += piece
    yield line


def _lay_grid(sheet: _Sheet, grid: Grid) -> None:
    """The table, its head again on each page; the type as small as the widest row asks."""
    rows = [[str(cell) for cell in row] for row in (grid.columns, *grid.rows)]
    widest = [max(width_of(row[at], 1.0) for row in rows) + 1.0 for at in range(len(grid.columns))]
    size = max(_LEAST_CELL, min(_MOST_CELL, _ROOM / sum(widest)))
    edges = [_LEFT]
    for width in widest:
        edges.append(edges[-1] + width * max(size, _ROOM / sum(widest)))
    step = size * 1.8
    for number, row in enumerate(rows):
        if sheet.fresh(2 * step) and number:
            _lay_row(sheet, rows[0], edges, size, step)
        _lay_row(sheet, row, edges, size, step)


def _lay_row(sheet: _Sheet, row: list[str], edges: list[float], size: float, step: float) -> None:
    marks, top = sheet.pages[-1], sheet.height + size * 1.2
    marks += [Rule(edges[0], level, edges[-1], level) for level in (top, top - step)]
    marks += [Rule(edge, top, edge, top - step) for edge in edges]
    marks += [
        Run(text, edge + size / 2, sheet.height, size)
        for text, edge in zip(row, edges[:-1], strict=True)
        if text
    ]
    sheet.height -= step
