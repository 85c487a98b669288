"""Reading a filled-in workbook: which kind it is of, and what stands in each cell of each row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.errors import InputInvalid
from dujian_docs.records.cells import CellFault
from dujian_docs.records.columns import Column, columns_of
from dujian_docs.records.kinds import KINDS, Kind
from dujian_docs.records.workbook_cells import Place, Row, RowReader, merged_in
from dujian_docs.records.workbook_file import WorkbookLimits, open_workbook, read_bytes
from dujian_docs.records.workbook_form import (
    ADVICE_SHEET,
    FORMAT_NAME,
    MARK_SHEET,
    REQUIRED_MARK,
    WORDS_SHEET,
)
from dujian_docs.records.workbook_lines import Lines, hidden_columns, hidden_rows, told_of_hidden

RESULT_COLUMN = "校验结果"
PROBLEM_SHEET = "问题清单"
MOST_ROWS = 50_000
_HEAD_WITHIN_ROWS = 10
_NEW_FORM = "用 dujian template 重新生成空表，把内容复制过去"


@dataclass(frozen=True, slots=True)
class WorkbookRows:
    """What a workbook says: the kind, the sheet, the column letter of each field, and the rows.

    ``hints`` are told, and nothing is held back for them.
    """

    path: Path
    kind: Kind
    sheet: str
    head_row: int
    letters: Mapping[str, str]
    rows: tuple[Row, ...]
    hints: tuple[CellFault, ...] = ()


def read_workbook(
    path: Path, *, kinds: Sequence[Kind] = KINDS, limits: WorkbookLimits | None = None
) -> WorkbookRows:
    """The rows of a workbook that ``write_form`` made and a person filled in; the file is only read.

    Raises:
        InputInvalid: it is not such a workbook, or of another schema, or its columns are not the form's.
    """
    return rows_of(read_bytes(path, limits=limits or WorkbookLimits()), path, kinds=kinds, limits=limits)


def rows_of(
    data: bytes, path: Path, *, kinds: Sequence[Kind] = KINDS, limits: WorkbookLimits | None = None
) -> WorkbookRows:
    """The rows of the workbook whose bytes are ``data``; ``path`` names it in messages."""
    limits = limits or WorkbookLimits()
    workbook = open_workbook(data, path.name, limits=limits)
    kind = _kind_in(workbook, path.name, kinds)
    sheet = _sheet_of(workbook, kind, path.name)
    grid = grid_of(sheet, path.name)
    columns = columns_of(kind.model)
    where = f"文件 {path.name} 的“{sheet.title}”表"
    _check_head(grid, columns, sheet, where)
    head_row, places = _places(grid, columns, where)
    results: Mapping[Place, Any] = {}
    if any(cell.data_type == "f" for cell in grid.values()):
        saved = open_workbook(data, path.name, limits=limits, values_only=True)
        results = grid_of(saved[sheet.title], path.name)
    placed = tuple((column, places[column.name]) for column in columns)
    reader = RowReader(
        sheet=sheet.title,
        places=placed,
        grid=grid,
        results=results,
        merged=merged_in(sheet),
        epoch=workbook.epoch,
    )
    read = (reader.row(number) for number in sorted({row for row, _ in grid if row > head_row}))
    titles = frozenset(_title(column.title) for column in columns)
    lines = Lines(sheet.title, placed, grid, head_row, titles, hidden_rows(sheet))
    return WorkbookRows(
        path=path,
        kind=kind,
        sheet=sheet.title,
        head_row=head_row,
        letters={column.name: get_column_letter(places[column.name]) for column in columns},
        rows=lines.judged([row for row in read if row.values or row.faults]),
        hints=told_of_hidden(sheet.title, head_row, placed, hidden_columns(sheet)),
    )


def grid_of(sheet: Worksheet, name: str) -> Mapping[Place, Any]:
    """The cells that hold something, by row and column; cells that are only formatted are left out."""
    cells = sheet._cells.items()  # noqa: SLF001  the public ways make every cell up to the last formatted one
    held = {place: cell for place, cell in cells if cell.value is not None or cell.data_type != "n"}
    if len({row for row, _ in held}) > MOST_ROWS:
        raise InputInvalid(f"文件 {name} 的“{sheet.title}”表超过 {MOST_ROWS} 行", remedy="分成几个文件导入")
    return held


def _kind_in(workbook: Workbook, name: str, kinds: Sequence[Kind]) -> Kind:
    if MARK_SHEET not in workbook.sheetnames:
        found = [kind for kind in kinds if kind.title in workbook.sheetnames]
        if len(found) != 1:
            raise InputInvalid(
                f"文件 {name} 不是本系统的录入表（没有以单位、人员、问题等命名的表）", remedy=_NEW_FORM
            )
        return found[0]
    mark = {row[0]: row[1] for row in workbook[MARK_SHEET].iter_rows(max_row=9, max_col=2, values_only=True)}
    kind = next((kind for kind in kinds if kind.name == mark.get("kind")), None)
    if mark.get("format") != FORMAT_NAME or kind is None:
        raise InputInvalid(f"文件 {name} 是别的录入表，不是本系统认识的种类", remedy=_NEW_FORM)
    schema = mark.get("schema")
    if not isinstance(schema, int) or schema < kind.schema:
        raise InputInvalid(f"文件 {name} 是旧版的{kind.title}录入表", remedy=_NEW_FORM)
    if schema > kind.schema:
        raise InputInvalid(
            f"文件 {name} 是更新版本的程序生成的{kind.title}录入表", remedy="请升级本程序后再导入"
        )
    return kind


def _sheet_of(workbook: Workbook, kind: Kind, name: str) -> Worksheet:
    own = {ADVICE_SHEET, WORDS_SHEET, MARK_SHEET, PROBLEM_SHEET}
    sheets = [sheet for sheet in workbook.worksheets if sheet.title not in own]
    named = [sheet for sheet in sheets if sheet.title.strip() == kind.title]
    if len(named or sheets) != 1:
        raise InputInvalid(
            f"文件 {name} 里找不到“{kind.title}”表", remedy=f"把要导入的表命名为“{kind.title}”，其余的表删去"
        )
    return (named or sheets)[0]


def head_of(grid: Mapping[Place, Any], kind: Kind) -> tuple[int, Mapping[int, str]]:
    """The number of the head row, and its titles by column number."""
    return _head(grid, frozenset(_title(column.title) for column in columns_of(kind.model)))


def _head(grid: Mapping[Place, Any], titles: frozenset[str]) -> tuple[int, Mapping[int, str]]:
    """Of the first rows, the one with the most known titles: a heading may stand above it."""
    heads: dict[int, dict[int, str]] = {}
    for (row, at), cell in grid.items():
        if row <= _HEAD_WITHIN_ROWS and (title := _title(cell.value)):
            heads.setdefault(row, {})[at] = title
    known = {row: sum(title in titles for title in head.values()) for row, head in heads.items()}
    head_row = max(known, key=lambda row: (known[row], -row), default=1)
    return head_row, heads.get(head_row, {})


def _title(value: object) -> str:
    text = unicodedata.normalize("NFKC", str(value or ""))
    return re.sub(r"\s+", "", text).strip(REQUIRED_MARK)


def _check_head(grid: Mapping[Place, Any], columns: Sequence[Column], sheet: Worksheet, where: str) -> None:
    """No title of the head row spans several columns.

    Raises:
        InputInvalid: one does; which, and what stands in it.
    """
    head_row, _ = _head(grid, frozenset(_title(column.title) for column in columns))
    for area in sheet.merged_cells.ranges:
        if area.min_row <= head_row <= area.max_row and area.size["columns"] > 1:
            said = grid.get((area.min_row, area.min_col))
            title = f"“{said.value}”" if said is not None else "（空的）"
            raise InputInvalid(
                f"{where}的表头 {area.coord} 是合并的单元格{title}，看不出各列是什么",
                remedy=f"取消合并，一列写一个列名，或{_NEW_FORM}",
            )


def _places(
    grid: Mapping[Place, Any], columns: Sequence[Column], where: str
) -> tuple[int, Mapping[str, int]]:
    """The number of the head row, and the number of each field's column."""
    titles = {_title(column.title): column for column in columns}
    head_row, whole = _head(grid, frozenset(titles))
    head = {at: title for at, title in whole.items() if title != RESULT_COLUMN}
    lacking = [column.title for title, column in titles.items() if title not in head.values()]
    foreign = [title for title in head.values() if title not in titles]
    twice = [title for title in titles if list(head.values()).count(title) > 1]
    bare = sorted({at for row, at in grid if row > head_row and at not in whole})
    problems = [
        f"缺少列：{'、'.join(lacking)}" if lacking else "",
        f"多出列：{'、'.join(foreign)}" if foreign else "",
        f"列名重复：{'、'.join(twice)}" if twice else "",
        f"第 {get_column_letter(bare[0])} 列有内容但没有列名" if bare else "",
    ]
    if any(problems):
        raise InputInvalid(
            f"{where}{'；'.join(filter(None, problems))}", remedy=f"按空表的列名改正，或{_NEW_FORM}"
        )
    return head_row, {titles[title].name: at for at, title in head.items()}
