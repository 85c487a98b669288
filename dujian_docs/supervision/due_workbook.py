"""What is due as a workbook, one row each, filtered and printable."""

from __future__ import annotations

import io

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.records.cells import DAY_FORMAT, Value, write
from dujian_docs.supervision.deadlines import DueList, Standing

_COLUMNS = (
    ("状态", 11),
    ("到期日", 12),
    ("还有几天", 9),
    ("责任方", 26),
    ("事项", 56),
    ("来源", 12),
    ("编号", 16),
    ("说明", 30),
)
"""Title, and width in characters."""
_FILLS = {
    Standing.OVERDUE: PatternFill("solid", fgColor="F8CBAD"),
    Standing.TODAY: PatternFill("solid", fgColor="FFE699"),
    Standing.SOON: PatternFill("solid", fgColor="FFF2CC"),
}
_BODY, _BOLD = Font(name="宋体", size=10.5), Font(name="宋体", size=10.5, bold=True)


def workbook_of(due: DueList) -> bytes:
    """The list as the bytes of a workbook; its state stands in words, the colour only helps the eye."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  a new workbook has one sheet
    sheet.title = "到期事项"
    for at, (title, width) in enumerate(_COLUMNS, start=1):
        write(sheet, 1, at, title).font = _BOLD
        sheet.column_dimensions[get_column_letter(at)].width = width
    for number, line in enumerate(due.lines, start=2):
        one = line.deadline
        values: tuple[Value, ...] = (
            line.standing.value,
            one.day,
            line.days,
            line.owner,
            one.what,
            one.kind,
            one.code,
            one.note or None,
        )
        for at, value in enumerate(values, start=1):
            cell = write(sheet, number, at, value)
            cell.font, cell.alignment = _BODY, Alignment(vertical="center", wrap_text=True)
        sheet.cell(number, 2).number_format = DAY_FORMAT
        if fill := _FILLS.get(line.standing):
            sheet.cell(number, 1).fill = fill
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{max(len(due.lines) + 1, 2)}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()
