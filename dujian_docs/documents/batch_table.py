"""A table that says what to issue: a row a document, a column for its record, others for typed fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.documents.batching import Wanted
from dujian_docs.documents.fields import Source
from dujian_docs.documents.genres import Genre
from dujian_docs.errors import InputInvalid
from dujian_docs.records import kind_of
from dujian_docs.records.columns import columns_of
from dujian_docs.records.workbook_file import WorkbookLimits, open_workbook, read_bytes
from dujian_docs.wording import chinese_date

_HEAD_WITHIN = 10
_PASSED_OVER = frozenset({"", "序号", "备注", "说明"})
"""Columns of a table that people make for themselves."""
MOST_ROWS = 20_000


def read_table(path: Path, genre: Genre) -> tuple[Wanted, ...]:
    """The documents that the first sheet with such a head asks for, in the order of its rows.

    The record stands in a column called 来源记录, by the kind, or by its key or name; the other columns are
    called as the fields that may be typed by hand.

    Raises:
        InputInvalid: it is no workbook, no sheet has such a column, a column is none of the genre's, or a row
            names no record.
    """
    limits = WorkbookLimits()
    workbook = open_workbook(read_bytes(path, limits=limits), path.name, limits=limits, values_only=True)
    keys = record_columns(genre)
    for sheet in workbook.worksheets:
        rows = [tuple(row) for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + _HEAD_WITHIN)]
        for at, row in enumerate(rows[:_HEAD_WITHIN]):
            titles = [_title(cell) for cell in row]
            if any(title in keys for title in titles):
                return tuple(_wanted(path, sheet, genre, titles, rows, at))
    raise InputInvalid(
        f"文件 {path.name} 里没有写由哪条记录生成", remedy=f"要有一列的列名是：{'、'.join(keys)}"
    )


def record_columns(genre: Genre) -> tuple[str, ...]:
    """What the column of the record may be called."""
    if not genre.record:
        return ("标题",)
    kind = kind_of(genre.record)
    titles = {column.name: column.title for column in columns_of(kind.model)}
    named = [titles[name] for name in (kind.key_fields[-1], "name") if name in titles]
    return tuple(dict.fromkeys(("来源记录", *named, kind.title)))


def _wanted(
    path: Path,
    sheet: Worksheet,
    genre: Genre,
    titles: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    head: int,
) -> Iterator[Wanted]:
    keys = record_columns(genre)
    record_at = next(at for title in keys for at, found in enumerate(titles) if found == title)
    fields = [entry.label for entry in genre.fields if entry.source in {Source.BY_HAND, Source.PHRASE}]
    strange = [
        title
        for at, title in enumerate(titles)
        if title not in _PASSED_OVER and title not in fields and title not in keys and at != record_at
    ]
    if strange:
        raise InputInvalid(
            f"文件 {path.name} 的“{sheet.title}”表里，“{'”“'.join(strange)}”不是{genre.title}可以手填的项",
            remedy=f"可以手填的有：{'、'.join(fields)}；不用的列删去",
        )
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        texts = [_text(cell) for cell in row]
        if not any(texts):
            continue
        place = f"{path.name}“{sheet.title}”表第 {number} 行"
        record = texts[record_at] if record_at < len(texts) else ""
        if not record:
            raise InputInvalid(f"{place}没有写“{titles[record_at]}”", remedy="补上；不是要生成的行删去")
        typed = {title: text for title, text in zip(titles, texts, strict=False) if title in fields and text}
        yield Wanted(record if genre.record else "", typed, place)


def _title(cell: Any) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", "" if cell is None else str(cell)))


def _text(cell: Any) -> str:
    """A cell as it would be typed: days in full, whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return chinese_date(cell.date())
    if isinstance(cell, date):
        return chinese_date(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
