"""A copy of a workbook in which every wrong cell is red and says how to mend it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.errors import InputInvalid
from dujian_docs.publishing import publish
from dujian_docs.records.cells import CellFault, Value, fit_page, write
from dujian_docs.records.importing import ImportPlan
from dujian_docs.records.workbook_cells import merged_in
from dujian_docs.records.workbook_file import WorkbookLimits, open_workbook, read_bytes
from dujian_docs.records.workbook_rows import PROBLEM_SHEET, RESULT_COLUMN, grid_of, head_of

AUTHOR = "督检文档"
"""Whose comments are replaced when a marked copy is marked again."""
_RED = PatternFill("solid", fgColor="FFFF9999")
_ORANGE = PatternFill("solid", fgColor="FFFFD699")
_LIST_HEAD = ("序号", "位置", "列名", "现在填的", "问题", "怎么改")


def write_marked_copy(plan: ImportPlan, target: Path) -> Path:
    """A marked copy of the plan's workbook stands at the returned path; the original is only read.

    Wrong cells are red with a comment, those with a hint orange; each row ends with what the import makes
    of it, and a first sheet lists faults and hints with links. A namesake of ``target`` gets a number.

    Raises:
        InputInvalid: the file was JSON, or changed since the plan was made.
    """
    if plan.source.suffix.lower() == ".json":
        raise InputInvalid(f"文件 {plan.source.name} 不是工作簿，不能标红", remedy="按列出的问题改正文件")
    limits = WorkbookLimits()
    data = read_bytes(plan.source, limits=limits)
    if hashlib.sha256(data).hexdigest() != plan.sha256:
        raise InputInvalid(f"文件 {plan.source.name} 在核对之后又改过", remedy="重新导入一次，以最新内容为准")
    workbook = open_workbook(data, plan.source.name, limits=limits)
    sheet = workbook[plan.sheet]
    _forget_marks(workbook, sheet)
    _mark_cells(sheet, plan.hints, _ORANGE, "提示")
    _mark_cells(sheet, plan.wrong, _RED, "问题")
    _write_results(sheet, plan)
    _list_problems(workbook, plan)
    held = io.BytesIO()
    workbook.save(held)
    return publish(held.getvalue(), target)


def _forget_marks(workbook: Workbook, sheet: Worksheet) -> None:
    """What an earlier marking left is gone: the list, our comments and our red."""
    if PROBLEM_SHEET in workbook.sheetnames:
        workbook.remove(workbook[PROBLEM_SHEET])
    for cell in sheet._cells.values():  # noqa: SLF001  every cell that is there, and no other
        if isinstance(cell, Cell) and cell.comment is not None and cell.comment.author == AUTHOR:
            cell.comment = None
            if cell.fill.fgColor.rgb in {_RED.fgColor.rgb, _ORANGE.fgColor.rgb}:
                cell.fill = PatternFill()


def _mark_cells(sheet: Worksheet, faults: Iterable[CellFault], fill: PatternFill, word: str) -> None:
    merged = merged_in(sheet)
    said: dict[str, list[CellFault]] = {}
    for fault in faults:
        area = merged.get((fault.row, sheet[fault.address].column))
        address = f"{get_column_letter(area.origin[1])}{area.origin[0]}" if area else fault.address
        said.setdefault(address, []).append(fault)
    for address, together in said.items():
        cell = sheet[address]
        cell.fill = fill
        lines = [f"现在填的：{together[0].value}" if together[0].value else "现在是空的"]
        for fault in together:
            lines += [f"{word}：{fault.problem}", f"怎么改：{fault.remedy}"]
        cell.comment = Comment("\n".join(dict.fromkeys(lines)), AUTHOR, height=120, width=320)


def _write_results(sheet: Worksheet, plan: ImportPlan) -> None:
    head_row, heads = head_of(grid_of(sheet, plan.source.name), plan.kind)
    at = next((at for at, title in heads.items() if title == RESULT_COLUMN), max(heads) + 1)
    for row in range(head_row + 1, sheet.max_row + 1):
        if (row, at) in sheet._cells:  # noqa: SLF001  what an earlier marking wrote
            sheet.cell(row, at).value = None
    write(sheet, head_row, at, RESULT_COLUMN).font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(at)].width = 40
    said: dict[int, list[str]] = {}
    for fault in plan.wrong:
        said.setdefault(fault.row, []).append(f"{fault.label}：{fault.problem}")
    results = {row: f"有错：{'；'.join(problems)}" for row, problems in said.items()}
    for word, rows in (("新增", plan.added), ("变更", plan.changed), ("不变", plan.unchanged)):
        results.update({one.row: word for one in rows})
    for row, result in results.items():
        if not isinstance(sheet.cell(row, at), MergedCell):
            write(sheet, row, at, result)


def _list_problems(workbook: Workbook, plan: ImportPlan) -> None:
    sheet = workbook.create_sheet(PROBLEM_SHEET, 0)
    for at, (title, width) in enumerate(zip(_LIST_HEAD, (6, 12, 14, 24, 40, 50), strict=True), start=1):
        write(sheet, 1, at, title).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = width
    told = [*((fault, "") for fault in plan.wrong), *((hint, "提示：") for hint in plan.hints)]
    for row, (fault, word) in enumerate(told, start=2):
        values: tuple[Value, ...] = (
            row - 1,
            fault.address,
            fault.label,
            fault.value,
            f"{word}{fault.problem}",
            fault.remedy,
        )
        for at, value in enumerate(values, start=1):
            write(sheet, row, at, value).alignment = Alignment(vertical="top", wrap_text=True)
        place = sheet.cell(row, 2)
        quoted = fault.sheet.replace("'", "''")
        place.hyperlink = Hyperlink(ref=place.coordinate, location=f"'{quoted}'!{fault.address}")
        place.font = Font(color="0563C1", underline="single")
    sheet.freeze_panes = "A2"
    fit_page(sheet)
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False
