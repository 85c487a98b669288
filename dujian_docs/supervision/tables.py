"""A table as a workbook: one row each, filtered, printable on A4; states in words, helped by colours."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.records.cells import DAY_FORMAT, Value, write
from dujian_docs.wording import width_in_characters

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
        sheet.row_dimensions[number].height = _height(row, columns)
    sheet.row_dimensions[1].height = _height([name for name, _ in columns], columns)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(len(rows) + 1, 2)}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4  # inches
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.page_margins.footer = 0.3
    footer = HeaderFooterItem()
    footer.center.text = "第 &P 页 共 &N 页"
    sheet.oddFooter = footer
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _height(row: Sequence[Value], columns: Columns) -> float:
    """The height in points in which every text of the row can be read; not every program finds it itself."""
    lines = 1
    for value, (_, width) in zip(row, columns, strict=True):
        if isinstance(value, str):
            room = max(int(width) - 1, 2)
            wide = (max(int(2 * width_in_characters(line)), 1) for line in value.split("\n"))
            lines = max(lines, sum(-(-one // room) for one in wide))
    return min(15.0 * lines + 3, 400)


def _put(sheet: Worksheet, row: int, column: int, value: Value, colours: Mapping[str, str]) -> None:
    cell = write(sheet, row, column, value)
    cell.font, cell.alignment, cell.border = _BODY, _ALIGNED, _LINE
    if isinstance(value, date):
        cell.number_format = DAY_FORMAT
    elif isinstance(value, str) and value in colours:
        cell.fill = PatternFill("solid", fgColor=colours[value])
