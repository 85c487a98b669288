"""A table as a workbook: one row each, filtered, printable on A4; states in words, helped by colours."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.records.cells import DAY_FORMAT, Value, write

Columns = Sequence[tuple[str, float]]
"""Title, and width in characters."""
_BODY, _BOLD = Font(name="宋体", size=10.5), Font(name="宋体", size=10.5, bold=True)
_EDGE = Side(style="thin", color="BFBFBF")
_LINE = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_HEAD = PatternFill("solid", fgColor="D9E1F2")
_ALIGNED = Alignment(vertical="center", wrap_text=True)


def workbook(
    title: str, columns: Columns, rows: Sequence[Sequence[Value]], *, colours: Mapping[str, str]
) -> bytes:
    """The bytes of a workbook with one sheet; cells whose text is in ``colours`` have that colour."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  a new workbook has one sheet
    sheet.title = title
    for at, (name, width) in enumerate(columns, start=1):
        _put(sheet, 1, at, name, {})
        sheet.cell(1, at).font, sheet.cell(1, at).fill = _BOLD, _HEAD
        sheet.column_dimensions[get_column_letter(at)].width = width
    for number, row in enumerate(rows, start=2):
        for at, value in enumerate(row, start=1):
            _put(sheet, number, at, value, colours)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(len(rows) + 1, 2)}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _put(sheet: Worksheet, row: int, column: int, value: Value, colours: Mapping[str, str]) -> None:
    cell = write(sheet, row, column, value)
    cell.font, cell.alignment, cell.border = _BODY, _ALIGNED, _LINE
    if isinstance(value, date):
        cell.number_format = DAY_FORMAT
    elif isinstance(value, str) and value in colours:
        cell.fill = PatternFill("solid", fgColor=colours[value])
