"""The gap report as a workbook: 总览, 缺件清单, 全部, 目录外; filtered, printable, safe to open.

A state is always written in words; its colour only helps the eye. Texts from file names stay texts, even
when they look like formulas.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.filing.states import FOREIGN_LABEL, UNFILED_LABEL, ExpectationState
from dujian_docs.publishing import publish
from dujian_docs.readiness.display import columns, moment, shown
from dujian_docs.readiness.reports import GapReport, GapRow, StrayRow, Tally
from dujian_docs.readiness.terminal import counted
from dujian_docs.records.cells import write

_FILLS = {
    ExpectationState.PRESENT.label: PatternFill("solid", fgColor="E2EFDA"),
    ExpectationState.MISSING.label: PatternFill("solid", fgColor="F8CBAD"),
    ExpectationState.WRONG_YEAR.label: PatternFill("solid", fgColor="FFE699"),
    ExpectationState.WRONG_PLACE.label: PatternFill("solid", fgColor="FFF2CC"),
    ExpectationState.UNREADABLE.label: PatternFill("solid", fgColor="E4DFEC"),
    ExpectationState.SUGGESTED.label: PatternFill("solid", fgColor="DDEBF7"),
    FOREIGN_LABEL: PatternFill("solid", fgColor="EDEDED"),
    UNFILED_LABEL: PatternFill("solid", fgColor="EDEDED"),
}
_EDGE = Side(style="thin", color="BFBFBF")
_LINE = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_HEAD_FILL = PatternFill("solid", fgColor="D9E1F2")
_FONT = "宋体"
_BODY, _BOLD = Font(name=_FONT, size=10.5), Font(name=_FONT, size=10.5, bold=True)
_WRAPPED = Alignment(vertical="center", wrap_text=True)
_CENTRED = Alignment(horizontal="center", vertical="center")

Cell = str | int | float
Column = tuple[str, float, Callable[[GapRow], Cell]]
"""Title, width in characters, and the value of a row."""

_GAP_COLUMNS: tuple[Column, ...] = (
    ("状态", 10, lambda row: row.state.label),
    ("编号", 9, lambda row: row.code),
    ("材料名称", 24, lambda row: row.title),
    ("单位", 16, lambda row: row.unit_name),
    ("年份", 7, lambda row: row.year),
    ("指标", 13, lambda row: row.indicator),
    ("情况", 30, lambda row: f"{row.reason}\n原文：{row.passage}" if row.passage else row.reason),
    ("文件位置", 30, lambda row: row.path),
    ("下一步", 46, lambda row: row.next_step),
)
_ALL_COLUMNS: tuple[Column, ...] = (
    *_GAP_COLUMNS[:7],
    ("文件位置", 46, lambda row: "\n".join(row.paths)),
    ("人工核对", 24, lambda row: row.remark),
)


def write_xlsx(report: GapReport, target: Path) -> Path:
    """The workbook stands at the returned path: ``target``, or ``名称(2).xlsx`` when that is taken.

    Raises:
        StorageFailed: the disk refused.
    """
    return publish(xlsx_bytes(report), target)


def xlsx_bytes(report: GapReport) -> bytes:
    """The report as the bytes of a workbook."""
    workbook = Workbook()
    overview = workbook.active
    assert isinstance(overview, Worksheet)  # noqa: S101  a new workbook has one sheet
    overview.title = "总览"
    _write_overview(overview, report)
    _write_rows(workbook.create_sheet("缺件清单"), _GAP_COLUMNS, report.gaps)
    _write_rows(workbook.create_sheet("全部"), _ALL_COLUMNS, report.rows)
    _write_strays(workbook.create_sheet("目录外"), report.strays)
    for sheet in workbook.worksheets:
        _set_page(sheet, report)
    workbook.properties.title = shown(f"{report.title} 缺件核验")
    workbook.properties.creator = "督检文档"
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def _write_overview(sheet: Worksheet, report: GapReport) -> None:
    states = list(ExpectationState)
    heads = ("代码", "名称", "应备", *(state.label for state in states), "齐备率")
    for at, width in enumerate((9, 40, 8, *[9.5] * len(states), 9), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    _put(sheet, 1, 1, f"{report.title} 缺件核验").font = Font(name=_FONT, size=16, bold=True)
    _put(sheet, 2, 1, f"截至 {moment(report.as_of)}　{counted(report)}")
    row = 4
    for name, tallies in (
        ("合计", [report.total]),
        ("按指标", report.indicators),
        ("按单位", report.units),
    ):
        _put(sheet, row, 1, name).font = Font(name=_FONT, size=12, bold=True)
        _heads(sheet, row + 1, heads)
        for tally in tallies:
            _write_tally(sheet, row + 2, tally, states)
            row += 1
        row += 3
    for note in report.notes:
        _put(sheet, row, 1, f"注意：{note}")
        row += 1


def _write_tally(sheet: Worksheet, row: int, tally: Tally, states: Sequence[ExpectationState]) -> None:
    values: list[Cell] = [tally.code, tally.title, tally.due, *(tally.counts[state] for state in states)]
    values.append(tally.present / tally.due if tally.due else "无法判定")
    for at, value in enumerate(values, start=1):
        cell = _boxed(sheet, row, at, value)
        cell.alignment = Alignment(horizontal="right" if at > 2 else "left", vertical="center")
        if tally.code[:1] == "A" and tally.code[1:].isdigit():
            cell.font = _BOLD
    sheet.cell(row, len(values)).number_format = "0.0%"


def _write_rows(sheet: Worksheet, fields: Sequence[Column], rows: Iterable[GapRow]) -> None:
    _table(
        sheet,
        [("序号", 6.0), *((title, width) for title, width, _ in fields)],
        [[at, *(value(row) for _, _, value in fields)] for at, row in enumerate(rows, start=1)],
        empty="没有这样的件",
    )


def _write_strays(sheet: Worksheet, strays: Sequence[StrayRow]) -> None:
    _table(
        sheet,
        [("序号", 6.0), ("状态", 10), ("文件位置", 60), ("指标", 8), ("情况", 44), ("下一步", 44)],
        [
            [at, one.label, one.path, one.indicator, one.reason, one.next_step]
            for at, one in enumerate(strays, start=1)
        ],
        empty="没有目录外或待归档的文件",
    )


def _table(
    sheet: Worksheet, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[Cell]], *, empty: str
) -> None:
    """A table from the first row on; the second column is the state, which colours its cell."""
    _heads(sheet, 1, [title for title, _ in heads])
    for at, (_, width) in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for number, values in enumerate(rows, start=2):
        for at, value in enumerate(values, start=1):
            cell = _boxed(sheet, number, at, value)
            if at == 2:
                cell.fill = _FILLS[str(value)]
                cell.alignment = _CENTRED
        sheet.row_dimensions[number].height = _height(values, [width for _, width in heads])
    if not rows:
        _put(sheet, 2, 1, empty)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{max(len(rows) + 1, 2)}"
    sheet.print_title_rows = "1:1"


def _height(values: Sequence[Cell], widths: Sequence[float]) -> float:
    """The height in points in which every value of a row can be read; not every program finds it itself."""
    lines = 1
    for value, width in zip(values, widths, strict=True):
        room = max(int(width) - 1, 2)
        lines = max(lines, sum(-(-max(columns(line), 1) // room) for line in str(value).split("\n")))
    return min(15.0 * lines + 3, 400)


def _set_page(sheet: Worksheet, report: GapReport) -> None:
    """A4 landscape, one page wide, with title, page number and date."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.5  # inches
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.4
    footer = HeaderFooterItem()
    footer.left.text, footer.center.text = moment(report.as_of), "第 &P 页 共 &N 页"
    footer.right.text = sheet.title
    sheet.oddFooter = footer


def _heads(sheet: Worksheet, row: int, titles: Sequence[str]) -> None:
    for at, title in enumerate(titles, start=1):
        cell = _boxed(sheet, row, at, title)
        cell.font, cell.fill = _BOLD, _HEAD_FILL
        cell.alignment = _CENTRED


def _boxed(sheet: Worksheet, row: int, column: int, value: Cell) -> OpenpyxlCell:
    cell = _put(sheet, row, column, value)
    cell.border = _LINE
    cell.alignment = _WRAPPED
    return cell


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> OpenpyxlCell:
    text = "\n".join(shown(line) for line in value.split("\n")) if isinstance(value, str) else value
    cell = write(sheet, row, column, text)
    cell.font = _BODY
    return cell
