"""A file to import, whichever format: its kind, and the raw values of each row with their places."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils import column_index_from_string

from dujian_docs.errors import InputInvalid
from dujian_docs.records.cells import CellFault
from dujian_docs.records.columns import columns_of
from dujian_docs.records.fields import folded
from dujian_docs.records.json_records import parse_json
from dujian_docs.records.kinds import Kind
from dujian_docs.records.workbook_cells import Row, fault_at
from dujian_docs.records.workbook_file import WorkbookLimits, read_bytes
from dujian_docs.records.workbook_rows import rows_of


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read; ``letters`` gives each field's column in a workbook and is empty for JSON."""

    path: Path
    sha256: str
    kind: Kind
    sheet: str
    rows: tuple[Row, ...]
    letters: Mapping[str, str]
    hints: tuple[CellFault, ...] = ()

    def fault(self, row: int, field: str, value: str, problem: str, remedy: str) -> CellFault:
        """The fault of a field in a row, at the place where a person finds it."""
        column = next((column for column in columns_of(self.kind.model) if column.name == field), None)
        if column is None or field not in self.letters:
            label = column.title if column else field
            return CellFault(self.sheet, row, "", self.place(row), label, value, problem, remedy)
        at = column_index_from_string(self.letters[field])
        return fault_at(self.sheet, row, at, column, value, problem, remedy)

    def place(self, row: int) -> str:
        """What a person calls a row of this file."""
        return f"第 {row} 行" if self.letters else f"第 {row} 条"

    def rows_by_key(self) -> Mapping[str, int]:
        """The numbers of the rows that fill in a key, right or wrong, by that key."""
        fields = self.kind.key_fields
        return {
            "/".join("".join(folded(row.values[field])) for field in fields): row.number
            for row in self.rows
            if all(field in row.values for field in fields)
        }


def read_source(path: Path, *, kinds: Sequence[Kind], limits: WorkbookLimits | None = None) -> Source:
    """The file's rows; the file is only read.

    Raises:
        InputInvalid: it is no form of this program and no JSON, or of a kind that only verbs write.
    """
    limits = limits or WorkbookLimits()
    data = read_bytes(path, limits=limits)
    sha256 = hashlib.sha256(data).hexdigest()
    if path.suffix.lower() == ".json":
        kind, values = parse_json(data, path.name, kinds=kinds)
        rows = tuple(Row(number, one) for number, one in enumerate(values, start=1))
        source = Source(path, sha256, kind, path.name, rows, {})
    else:
        read = rows_of(data, path, kinds=kinds, limits=limits)
        source = Source(path, sha256, read.kind, read.sheet, read.rows, read.letters, read.hints)
    if not source.kind.entered:
        raise InputInvalid(
            f"文件 {path.name} 是{source.kind.title}，不能整表导入",
            remedy="这类记录由 dujian 的命令在办理时登记",
        )
    return source
