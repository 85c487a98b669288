"""The workbook of a kind: a sheet to fill in, a page of advice, hidden dropdown words and a hidden mark."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.publishing import publish
from dujian_docs.records.cells import DAY_FORMAT, cell_value, fit_page, write
from dujian_docs.records.columns import Column, columns_of
from dujian_docs.records.fields import Shape
from dujian_docs.records.kinds import Kind, kind_of
from dujian_docs.records.models import Record

ADVICE_SHEET, WORDS_SHEET, MARK_SHEET = "说明", "字典", "_meta"
FORMAT_NAME = "dujian-records"
REQUIRED_MARK = "*"
ROWS_PREPARED = 5_000
"""How many rows of a form have dropdowns; more may be filled in."""

_HEAD_FILL = PatternFill("solid", fgColor="DCE6F1")
_AS_TEXT = {Shape.CODE, Shape.DIGITS, Shape.CODES}
_WIDTHS = {Shape.TEXT: 24, Shape.PARAGRAPHS: 40, Shape.WORDS: 20, Shape.CODES: 18, Shape.DIGITS: 20}
_ADVICE = {
    Shape.DIGITS: "按文本填写，不会丢位数",
    Shape.YEAR: "四位数字的自然年",
    Shape.SCHOOL_YEAR: "学年，不是自然年",
    Shape.DAY: "2026年3月5日、2026-3-5、2026.3.5、2026/3/5、20260305 都可以",
    Shape.FLAG: "填“是”或“否”",
    Shape.NUMBER: "只填数字，不带单位",
    Shape.COUNT: "只填整数，不带单位",
    Shape.PERCENT: "百分数，99.6 表示 99.6%",
    Shape.MONEY: "单位是元；也可写明“万元”，如 12.5万元",
    Shape.WORDS: "几项之间用“、”隔开",
    Shape.CODES: "几项之间用“、”隔开",
    Shape.PARAGRAPHS: "一行一条，格内换行按 Alt+Enter",
}
_EXAMPLES = {
    Shape.YEAR: "2026",
    Shape.SCHOOL_YEAR: "2025—2026",
    Shape.DAY: "2026年3月5日",
    Shape.FLAG: "是",
    Shape.NUMBER: "85",
    Shape.COUNT: "1",
    Shape.PERCENT: "99.6",
    Shape.MONEY: "125000",
    Shape.DIGITS: "13900000000",
    Shape.WORDS: "甲、乙",
    Shape.PARAGRAPHS: "第一条\n第二条",
}


def write_form(
    kind: Kind | str,
    target: Path,
    records: Sequence[Record] = (),
    *,
    links: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """A workbook to fill in for ``kind`` stands at the returned path; ``records`` fill its first rows.

    Args:
        kind: a kind, or its identifier or Chinese title.
        target: where to write; a namesake gets a number, nothing is overwritten.
        records: records of that kind.
        links: for each kind that a field links to the keys that exist, for the dropdowns.
    """
    return publish(form_bytes(kind, records, links=links or {}), target)


def form_bytes(kind: Kind | str, records: Sequence[Record], *, links: Mapping[str, Sequence[str]]) -> bytes:
    """The bytes of the workbook that ``write_form`` writes."""
    kind = kind_of(kind) if isinstance(kind, str) else kind
    columns = columns_of(kind.model)
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  a new workbook has one sheet
    sheet.title = kind.title
    _write_head(sheet, columns)
    for row, record in enumerate(records, start=2):
        for at, column in enumerate(columns, start=1):
            cell = write(sheet, row, at, cell_value(record, column))
            cell.number_format = _number_format(column)
            cell.alignment = Alignment(vertical="top", wrap_text=column.shape is Shape.PARAGRAPHS)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(len(records) + 1, 2)}"
    _write_advice(workbook.create_sheet(ADVICE_SHEET), kind, columns)
    _write_choices(workbook.create_sheet(WORDS_SHEET), sheet, columns, links)
    _write_mark(workbook.create_sheet(MARK_SHEET), kind)
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def _write_head(sheet: Worksheet, columns: Sequence[Column]) -> None:
    for at, column in enumerate(columns, start=1):
        cell = write(sheet, 1, at, column.title + (REQUIRED_MARK if column.required else ""))
        cell.font = Font(bold=True, color="C00000" if column.required else "000000")
        cell.fill, cell.alignment = _HEAD_FILL, Alignment(horizontal="center", vertical="center")
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width = max(_WIDTHS.get(column.shape, 14), 2 * len(column.title) + 4)
        dimension.number_format = _number_format(column)
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = "B2"
    fit_page(sheet)
    sheet.print_title_rows = "1:1"


def _number_format(column: Column) -> str:
    if column.shape in _AS_TEXT:
        return "@"
    return DAY_FORMAT if column.shape is Shape.DAY else "General"


def advice_of(column: Column) -> str:
    """What a clerk is told of a column: its description, its shape, its choices, its link."""
    parts = [column.description]
    if column.choices:
        parts.append(f"从下拉里选：{'、'.join(column.choices)}")
    if column.link:
        named = "，代码或名称都可以" if column.by_name else ""
        parts.append(f"须是已录入的{kind_of(column.link.kind).title}{named}")
    advice = _ADVICE.get(column.shape, "")
    if not ("隔开" in advice and "隔开" in column.description) and "一行一" not in column.description:
        parts.append(advice)
    return "；".join(part for part in parts if part)


def example_of(column: Column) -> str:
    """What a cell of the column may look like; empty when there is nothing to show."""
    if column.choices:
        return column.choices[0]
    told = re.search(r"如\s*([^，；。]+)", column.description)
    example = told[1].strip(" “”…") if told else _EXAMPLES.get(column.shape, "")
    return example if column.many else example.partition("、")[0]


def _write_advice(sheet: Worksheet, kind: Kind, columns: Sequence[Column]) -> None:
    rows = [
        [f"{kind.title}录入表填写说明"],
        [f"在“{kind.title}”表里从第 2 行起填写，一行一条；列名带 * 的必填，其余可以空着。"],
        ["不要改动、删除或增加列名；不要合并单元格。没有的内容空着即可。"],
        ["填好保存，先用 dujian import 文件名 --dry-run 核对，再去掉 --dry-run 导入。"],
        [],
        ["列名", "必填", "怎么填", "例子"],
        *([c.title, "是" if c.required else "", advice_of(c), example_of(c)] for c in columns),
    ]
    for row, values in enumerate(rows, start=1):
        for at, value in enumerate(values, start=1):
            cell = write(sheet, row, at, value)
            cell.alignment = Alignment(vertical="top", wrap_text=row > 5)
            if row in {1, 6}:
                cell.font = Font(bold=True)
    for letter, width in zip("ABCD", (16, 8, 70, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    fit_page(sheet)


def _write_choices(
    words: Worksheet, sheet: Worksheet, columns: Sequence[Column], links: Mapping[str, Sequence[str]]
) -> None:
    for at, column in enumerate(columns, start=1):
        choices = _choices(column, links)
        head = get_column_letter(at)
        write(words, 1, at, column.title)
        for row, choice in enumerate(choices, start=2):
            write(words, row, at, choice)
        rule = _rule(column, f"={WORDS_SHEET}!${head}$2:${head}${len(choices) + 1}" if choices else "")
        if rule is not None:
            rule.add(f"{head}2:{head}{ROWS_PREPARED + 1}")
            sheet.add_data_validation(rule)
    words.sheet_state = "hidden"


def _choices(column: Column, links: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    if column.choices:
        return column.choices
    if column.shape is Shape.FLAG:
        return ("是", "否")
    keys = links.get(column.link.kind, ()) if column.link else ()
    if column.link and column.link.within:
        keys = [key.rpartition("/")[2] for key in keys]
    return tuple(dict.fromkeys(keys))


def _rule(column: Column, choices: str) -> DataValidation | None:
    """The check that the spreadsheet itself makes; the import checks again whatever was pasted."""
    blank = not column.required
    if choices:
        rule = DataValidation(type="list", formula1=choices, allow_blank=blank)
        rule.errorStyle = "warning" if column.link else "stop"
        rule.showErrorMessage = not column.many
    elif column.shape is Shape.DAY:
        rule = DataValidation(
            type="date", operator="between", formula1="1", formula2="109574", allow_blank=blank
        )
        rule.errorStyle = "warning"  # the import reads more spellings than the spreadsheet
    elif column.shape is Shape.YEAR:
        rule = DataValidation(
            type="whole", operator="between", formula1="1900", formula2="2099", allow_blank=blank
        )
    elif column.shape is Shape.NUMBER:
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=blank)
    elif column.shape is Shape.PERCENT:
        rule = DataValidation(
            type="decimal", operator="between", formula1="0", formula2="100", allow_blank=blank
        )
        rule.errorStyle = "warning"  # the import reads 99.6% too
    elif column.shape is Shape.COUNT:
        rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=blank)
    else:
        return None
    rule.errorTitle, rule.promptTitle = f"{column.title}不对"[:30], column.title[:30]
    rule.error = f"“{column.title}”填写不对：{advice_of(column)}"[:220]
    rule.prompt = advice_of(column)[:220]
    rule.showInputMessage = True
    return rule


def _write_mark(sheet: Worksheet, kind: Kind) -> None:
    told: dict[str, str | int] = {"format": FORMAT_NAME, "kind": kind.name, "schema": kind.schema}
    for row, (name, value) in enumerate(told.items(), start=1):
        write(sheet, row, 1, name)
        write(sheet, row, 2, value)
    sheet.sheet_state = "hidden"
