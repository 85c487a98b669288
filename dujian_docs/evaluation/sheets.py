"""Cells of the evaluation's workbook: values, live formulas over them, and whether both agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.evaluation.figures import UNDETERMINED
from dujian_docs.records.cells import fit_page, write
from dujian_docs.wording import width_in_characters

AGREE, DISAGREE = "一致", "不一致"
TOLERANCE = "0.000001"
"""How far a formula's result and ours may lie apart: programs add up in different orders."""
_FONT = "宋体"
_BODY, _BOLD = Font(name=_FONT, size=10.5), Font(name=_FONT, size=10.5, bold=True)
_TITLE = Font(name="黑体", size=16)
_LIVE = Font(name=_FONT, size=10.5, color="1F4E9E")
_EDGE = Side(style="thin", color="BFBFBF")
_LINE = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_HEAD = PatternFill("solid", fgColor="D9E1F2")
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_MIDDLE = Alignment(vertical="center", wrap_text=True)

Value = str | float | None


@dataclass(frozen=True, slots=True)
class Live:
    """A formula, without the sign before it, and how its result is shown."""

    formula: str
    shown_as: str = "0.0000"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number with a format of its own."""

    value: float | None
    shown_as: str


class Table:
    """Rows written one below the other from ``row`` on; knows where every cell lies."""

    def __init__(self, sheet: Worksheet, heads: Sequence[tuple[str, float]], *, row: int = 1) -> None:
        self.sheet = sheet
        self._widths = [width for _, width in heads]
        sheet.row_dimensions[row].height = _height([title for title, _ in heads], self._widths)
        for at, (title, width) in enumerate(heads, start=1):
            cell = _styled(write(sheet, row, at, title), _BOLD)
            cell.fill, cell.alignment = (
                _HEAD,
                Alignment(horizontal="center", vertical="center", wrap_text=True),
            )
            sheet.column_dimensions[get_column_letter(at)].width = width
        self.row = row + 1

    def add(self, *values: Value | Live | Shown) -> int:
        """One more row; returns its number. None is an empty cell."""
        for at, value in enumerate(values, start=1):
            if isinstance(value, Live):
                cell = write(self.sheet, self.row, at, None)
                cell.value = f"={value.formula}"
                cell.number_format = value.shown_as
                _styled(cell, _LIVE)
            elif isinstance(value, Shown):
                _styled(write(self.sheet, self.row, at, value.value), _BODY).number_format = value.shown_as
            else:
                _styled(write(self.sheet, self.row, at, value), _BODY)
        self.sheet.row_dimensions[self.row].height = _height(values, self._widths)
        self.row += 1
        return self.row - 1


def _height(values: Sequence[object], widths: Sequence[float]) -> float:
    """The height in points in which every text of a row can be read; not every program finds it itself."""
    lines = 1
    for value, width in zip(values, widths, strict=True):
        if isinstance(value, str):
            room = max(width - 2, 2)
            lines = max(lines, math.ceil(2 * width_in_characters(value) / room))
    return min(14.0 * lines + 3, 400)


def agreement(ours: str, theirs: str) -> Live:
    """Whether the cells with our value and with the formula's hold the same."""
    near = f'IF(ABS({ours}-{theirs})<{TOLERANCE},"{AGREE}","{DISAGREE}")'
    return Live(f'IF(COUNT({ours},{theirs})=2,{near},IF({ours}={theirs},"{AGREE}","{DISAGREE}"))', "@")


def known(value: float | None) -> Value:
    """The value, or the word for what cannot be told."""
    return UNDETERMINED if value is None else value


def span(sheet: str, column: int, first: int, last: int) -> str:
    """The cells of a column on another sheet, as a formula names them."""
    letter = get_column_letter(column)
    return f"'{sheet}'!${letter}${first}:${letter}${last}"


def heading(sheet: Worksheet, text: str, note: str = "") -> None:
    """Title and note over the table, which starts in row 4."""
    write(sheet, 1, 1, text).font = _TITLE
    write(sheet, 2, 1, note).font = _BODY


def finished(sheet: Worksheet, *, freeze: str = "B5") -> None:
    """The sheet prints on A4 across, and its head stays in sight."""
    fit_page(sheet)
    sheet.freeze_panes = freeze


def _styled(cell: Cell, font: Font) -> Cell:
    cell.font, cell.border, cell.alignment = font, _LINE, _MIDDLE
    return cell
