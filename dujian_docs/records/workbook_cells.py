"""What one cell of a filled-in workbook says: its value, or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.records.cells import CellFault
from dujian_docs.records.columns import Column
from dujian_docs.records.fields import Shape, is_blank
from dujian_docs.records.problems import shown

Place = tuple[int, int]
"""A cell's row and column, both from 1."""
_MERGED_MOST = 50_000
_WRITTEN_BREAK = re.compile(r"_x000[dD]_")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number, the values by field name (empty cells left out), and cells that cannot be read.

    A line that is no ``record`` has no values and says in its faults why.
    """

    number: int
    values: Mapping[str, Any]
    faults: tuple[CellFault, ...] = ()
    record: bool = True


@dataclass(frozen=True, slots=True)
class Merged:
    """Merged cells: where their value stands, their name, and whether they span columns."""

    origin: Place
    name: str
    across: bool


class _Unreadable(Exception):  # never leaves this module
    def __init__(self, problem: str, remedy: str, value: str = "") -> None:
        super().__init__(problem)
        self.problem, self.remedy, self.value = problem, remedy, value


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one sheet.

    ``grid`` holds the cells with what was typed, ``results`` those with what was last calculated;
    ``epoch`` is the day from which the workbook counts.
    """

    sheet: str
    places: Sequence[tuple[Column, int]]
    grid: Mapping[Place, Any]
    results: Mapping[Place, Any]
    merged: Mapping[Place, Merged]
    epoch: datetime

    def row(self, number: int) -> Row:
        """The row with that number."""
        values: dict[str, Any] = {}
        faults: list[CellFault] = []
        for column, at in self.places:
            try:
                value = self._value(column, (number, at))
            except _Unreadable as error:
                faults.append(
                    fault_at(self.sheet, number, at, column, error.value, error.problem, error.remedy)
                )
            else:
                if not _says_nothing(value, column):
                    values[column.name] = value
        return Row(number, values, tuple(faults))

    def _value(self, column: Column, place: Place) -> Any:
        area = self.merged.get(place)
        if area and area.across:
            if place != area.origin:
                return None
            raise _Unreadable(f"{area.name} 是跨列合并的单元格，看不出各列的值", "取消合并，逐格填写")
        place = area.origin if area else place
        cell = self.grid.get(place)
        if cell is not None and cell.data_type == "f":
            formula, cell = cell.value, self.results.get(place)
            if cell is None:
                raise _Unreadable("公式没有计算结果", "请用 WPS 打开保存一次，再导入", shown(formula))
        if cell is None:
            return None
        if cell.data_type == "e":
            raise _Unreadable("是表格的错误值", "改正公式或查找的内容，或者直接填写", str(cell.value))
        return self._plain(cell.value, cell.number_format, column)

    def _plain(self, value: Any, number_format: str, column: Column) -> Any:
        """The value as the clerk sees it: line breaks, counted days, leading zeros and per cents restored."""
        if isinstance(value, str):
            return _WRITTEN_BREAK.sub("", value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if column.shape is Shape.DAY and 1 <= value < 80_000:
                return from_excel(value, self.epoch)
            if isinstance(value, int) and re.fullmatch(r"0{2,}", number_format):
                return str(value).zfill(len(number_format))
            if column.shape is Shape.PERCENT and "%" in number_format:
                return float(f"{100 * value:.12g}")
        return value


def fault_at(
    sheet: str, row: int, at: int, column: Column, value: str, problem: str, remedy: str
) -> CellFault:
    """The fault of the cell in ``row`` and the column numbered ``at``."""
    letter = get_column_letter(at)
    return CellFault(sheet, row, letter, f"{letter}{row}", column.title, value, problem, remedy)


def merged_in(sheet: Worksheet) -> Mapping[Place, Merged]:
    """For each cell of a merged range, the range; a value merged down one column holds for all its rows."""
    found: dict[Place, Merged] = {}
    for area in sheet.merged_cells.ranges:
        rows, columns = area.size["rows"], area.size["columns"]
        if rows * columns <= _MERGED_MOST:
            merged = Merged((area.min_row, area.min_col), area.coord, columns > 1)
            found.update({place: merged for line in area.rows for place in line})
    return found


def _says_nothing(value: Any, column: Column) -> bool:
    if column.shape is Shape.FLAG:  # 无 means no there, not nothing
        return value is None or (isinstance(value, str) and not value.strip())
    return is_blank(value)
