"""Lines of a sheet that are no records: a second head, hints on how to fill in, totals, notes at the foot.

And lines that nobody sees: hidden or filtered away. Each is told once, where it stands; none is imported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.records.cells import CellFault
from dujian_docs.records.columns import Column
from dujian_docs.records.fields import Shape
from dujian_docs.records.workbook_cells import Place, Row, fault_at

_HINT_WITHIN = 3
"""How many rows below the head a line of hints may stand."""
_TOTALS = frozenset({"合计", "总计", "小计", "共计"})
_HINT = re.compile(r"^[（(【\[]|^(如|例|填|必填|选填|注|说明|单位[:：]|格式|下拉)")
_FOOT = re.compile(
    r"^(填表人|制表人|审核人|负责人|单位负责人|经办人|联系人|联系电话|填报人|填报单位|填报日期|制表日期|注|说明|备注)[:：]"
)
_ADDED = frozenset({Shape.COUNT, Shape.NUMBER, Shape.MONEY})
_EXACT = 0.005
"""Totals are held against their parts to half a cent."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What is needed to judge the lines of a sheet: columns and places, cells, head row and titles."""

    sheet: str
    places: Sequence[tuple[Column, int]]
    grid: Mapping[Place, Any]
    head_row: int
    titles: frozenset[str]
    hidden: frozenset[int]

    def judged(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """The rows; a line that is no record becomes a row of one fault, a right total is left out."""
        kept: list[Row] = []
        counted: list[Mapping[str, Any]] = []
        for row in rows:
            judged = self._judged(row, counted)
            kept += judged
            if row.number in self.hidden or any(one.record for one in judged):
                counted.append(row.values)  # a total is made of what is hidden too
        return tuple(kept)

    def _judged(self, row: Row, above: Sequence[Mapping[str, Any]]) -> Sequence[Row]:
        texts = {at: _text(self.grid[row.number, at].value) for _, at in self._filled(row.number)}
        if not texts:
            return (row,)
        first = texts[min(texts)]
        if row.number in self.hidden:
            problem = "这一行是隐藏的或被筛选掉的，没有导入"
            return (self._told(row, problem, "取消隐藏或筛选后再导入；不要的行删去"),)
        if re.sub(r"\s", "", first) in _TOTALS:
            faults = self._wrong_totals(row, above)
            return (Row(row.number, {}, faults, record=False),) if faults else ()
        if len(texts) > 1 and sum(text in self.titles for text in texts.values()) * 2 > len(texts):
            return (self._told(row, "这一行像是第二行表头，不是记录", "删去这一行"),)
        if self._is_hint(row.number, texts):
            return (self._told(row, "这一行像是填表说明，不是记录", "删去这一行"),)
        if _FOOT.match(first):
            return (self._told(row, "这一行像是表尾的落款或附注，不是记录", "删去这一行"),)
        return (row,)

    def _is_hint(self, number: int, texts: Mapping[int, str]) -> bool:
        """Below the head, in most of its cells words in brackets or words on how to fill in."""
        near = number <= self.head_row + _HINT_WITHIN
        return near and sum(bool(_HINT.match(text)) for text in texts.values()) * 2 > len(texts)

    def _wrong_totals(self, row: Row, above: Sequence[Mapping[str, Any]]) -> tuple[CellFault, ...]:
        """A fault for every total that the numbers above it do not come to."""
        found = []
        for column, at in self._filled(row.number):
            told = row.values.get(column.name)
            if column.shape not in _ADDED or not _is_number(told):
                continue
            parts = [values[column.name] for values in above if column.name in values]
            if parts and all(map(_is_number, parts)) and abs(sum(parts) - told) > _EXACT:
                total = sum(parts)
                problem = f"合计 {told:g}，上面 {len(parts)} 行相加是 {total:g}，差 {told - total:+g}"
                found.append(
                    fault_at(self.sheet, row.number, at, column, f"{told:g}", problem, "核对各行和合计")
                )
        return tuple(found)

    def _filled(self, number: int) -> Sequence[tuple[Column, int]]:
        return [(column, at) for column, at in self.places if (number, at) in self.grid]

    def _told(self, row: Row, problem: str, remedy: str) -> Row:
        column, at = min(self._filled(row.number), key=lambda pair: pair[1])
        value = _text(self.grid[row.number, at].value)
        fault = fault_at(self.sheet, row.number, at, column, value, problem, remedy)
        return Row(row.number, {}, (fault,), record=False)


def hidden_rows(sheet: Worksheet) -> frozenset[int]:
    """The rows that are hidden, by hand or by a filter."""
    return frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden)


def hidden_columns(sheet: Worksheet) -> frozenset[int]:
    """The columns that are hidden."""
    return frozenset(
        at
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for at in range(dimension.min or 0, (dimension.max or 0) + 1)
    )


def told_of_hidden(
    sheet: str, head_row: int, places: Sequence[tuple[Column, int]], hidden: frozenset[int]
) -> tuple[CellFault, ...]:
    """A hint for every column that nobody sees, and that is imported all the same."""
    return tuple(
        fault_at(
            sheet,
            head_row,
            at,
            column,
            "",
            f"{get_column_letter(at)} 列（{column.title}）是隐藏的，里面的内容照样导入",
            "取消隐藏，核对这一列的内容",
        )
        for column, at in places
        if at in hidden
    )


def _text(value: object) -> str:
    return unicodedata.normalize("NFKC", str(value if value is not None else "")).strip().strip("*")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
