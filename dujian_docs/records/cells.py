"""Cells: what is wrong with one, and writing a value so that it stays what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.records.columns import Column
from dujian_docs.records.fields import Shape
from dujian_docs.records.models import Record

LIST_SEPARATOR = "、"
DAY_FORMAT = "yyyy-mm-dd"
_SEPARATORS = {Shape.WORDS: LIST_SEPARATOR, Shape.CODES: LIST_SEPARATOR, Shape.PARAGRAPHS: "\n"}


Value = str | int | float | date | None
"""What a cell may hold."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """One wrong cell: where it is, what stands there, what is wrong with it and how to mend it.

    For a JSON file ``row`` is the record's number from 1, ``column`` is empty and ``address`` is ``第 3 条``.
    """

    sheet: str
    row: int
    column: str
    address: str
    label: str
    value: str
    problem: str
    remedy: str


def cell_value(record: Record, column: Column) -> Value:
    """What a field's cell holds: text, a number, a date, or nothing."""
    value = getattr(record, column.name)
    if isinstance(value, tuple):
        return _SEPARATORS.get(column.shape, LIST_SEPARATOR).join(map(str, value)) or None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, int | float | date):
        return value
    return str(value) if value else None


def write(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """The cell shows ``value``; a text stays text, even one that looks like a formula or an error."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} is the hidden part of merged cells")
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value[:1] in {"=", "+", "-", "@"}:
            cell.quotePrefix = True
    elif isinstance(value, date):
        cell.number_format = DAY_FORMAT
    return cell


def fit_page(sheet: Worksheet) -> None:
    """The sheet prints on A4 across, one page wide."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def plain(value: Value) -> str:
    """A cell's value as a sentence quotes it."""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
