"""Taking over a register kept in Excel: numbers in whatever spelling, repaired and shown, none twice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet
from pydantic import TypeAdapter, ValidationError

from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.documents.register import entries, number_of
from dujian_docs.errors import InputInvalid
from dujian_docs.records import DocumentEntry, NumberState, RecordStore
from dujian_docs.records.fields import Day
from dujian_docs.records.workbook_file import WorkbookLimits, open_workbook, read_bytes

_HEADS: Mapping[str, tuple[str, ...]] = {
    "number": ("发文字号", "文号", "发文号", "文件编号", "文件字号"),
    "title": ("标题", "文件标题", "题名", "文件名称", "公文标题", "名称"),
    "day": ("成文日期", "日期", "发文日期", "印发日期", "时间"),
    "genre": ("文种", "公文种类", "类别"),
    "note": ("备注", "说明", "状态"),
}
_HEAD_WITHIN = 10
_VOID = re.compile("作废|空号|废号")
_GENRE = re.compile("(通知|通报|报告|请示|批复|意见|函|纪要|决定|公告|通告|议案|决议|命令|公报)$")
_DAY = TypeAdapter[Any](Day)


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row that can be taken over: where it stands, how its number was spelt, and the entry it becomes."""

    place: str
    spelt: str
    entry: DocumentEntry

    @property
    def repaired(self) -> bool:
        """Whether the number was spelt otherwise than the standard has it."""
        return self.spelt != str(number_of(self.entry))


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be taken over, and why."""

    place: str
    spelt: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class RegisterImport:
    """What taking over a register would do; ``known`` rows stand in the register already, as they are."""

    source: str
    taken: tuple[TakenRow, ...]
    known: tuple[TakenRow, ...]
    refused: tuple[RefusedRow, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    place: str
    cells: Mapping[str, Any]

    def text(self, name: str) -> str:
        value = self.cells.get(name)
        return "" if value is None else str(value).strip()


def plan_register_import(path: Path, store: RecordStore) -> RegisterImport:
    """What taking over the register in this workbook would do; nothing is written.

    Raises:
        InputInvalid: it is no workbook, or no sheet has a column of document numbers.
    """
    limits = WorkbookLimits()
    workbook = open_workbook(read_bytes(path, limits=limits), path.name, limits=limits, values_only=True)
    lines = [line for sheet in workbook.worksheets for line in _lines(sheet)]
    if not lines:
        raise InputInvalid(
            f"文件 {path.name} 里没有发文登记", remedy=f"要有一列的列名是：{'、'.join(_HEADS['number'])}"
        )
    read = [_read(line) for line in lines]
    taken = [one for one in read if isinstance(one, TakenRow)]
    refused = [one for one in read if isinstance(one, RefusedRow)]
    counts = Counter(number_of(one.entry) for one in taken)
    held = {number_of(row): row for row in entries(store)}
    fresh: list[TakenRow] = []
    known: list[TakenRow] = []
    for one in taken:
        number = number_of(one.entry)
        if counts[number] > 1:
            same = "、".join(
                other.place for other in taken if number_of(other.entry) == number and other != one
            )
            refused.append(RefusedRow(one.place, one.spelt, f"{number} 与{same}重号", "查明哪一件用这个号"))
        elif number not in held:
            fresh.append(one)
        elif held[number].title in {"", one.entry.title} or not one.entry.title:
            known.append(one)
        else:
            problem = f"{number} 在登记簿里是“{held[number].title}”"
            refused.append(RefusedRow(one.place, one.spelt, problem, "查明哪一件用这个号"))
    return RegisterImport(path.name, tuple(fresh), tuple(known), tuple(refused))


def apply_register_import(plan: RegisterImport, store: RecordStore, *, author: str, at: datetime) -> int:
    """The rows of the plan stand in the register; returns how many.

    Raises:
        RecordConflict: one of the numbers was taken since.
    """
    with store.transaction() as writing:
        for one in plan.taken:
            writing.put(one.entry, author=author, at=at, expected=0)
    return len(plan.taken)


def _lines(sheet: Worksheet) -> Iterator[_Line]:
    """The rows below the head of a sheet that has a column of numbers."""
    rows = [(number, row) for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)]
    for number, row in rows[:_HEAD_WITHIN]:
        columns = _columns(row)
        if "number" in columns:
            for below, cells in rows[number:]:
                found = {name: cells[at] for name, at in columns.items() if at < len(cells)}
                if any(value not in {None, ""} for value in found.values()):
                    yield _Line(f"{sheet.title}第 {below} 行", found)
            return


def _columns(row: Sequence[Any]) -> Mapping[str, int]:
    titles = [re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value or ""))) for value in row]
    return {
        name: next(titles.index(word) for word in words if word in titles)
        for name, words in _HEADS.items()
        if any(word in titles for word in words)
    }


def _read(line: _Line) -> TakenRow | RefusedRow:
    spelt = line.text("number")
    if not spelt:
        return RefusedRow(line.place, "", "没有文号", "补上文号；不是发文登记的行删去")
    try:
        number = DocumentNumber.parse(spelt)
    except InputInvalid as error:
        return RefusedRow(line.place, spelt, error.problem, error.remedy)
    day = _day(line.cells.get("day"))
    if day and day.year != number.year:
        problem = f"文号是 {number.year} 年的，日期却是 {day:%Y-%m-%d}"
        return RefusedRow(line.place, spelt, problem, "核对文号和日期")
    note, title = line.text("note"), line.text("title")
    void = bool(_VOID.search(note) or _VOID.search(title))
    genre = line.text("genre") or (found[1] if (found := _GENRE.search(title)) else "其他")
    entry = DocumentEntry(
        series=number.series,
        year=number.year,
        serial=number.serial,
        state=NumberState.VOID if void else NumberState.USED,
        genre=genre,
        title=title,
        doc_date=day,
        void_reason=(note or title) if void else "",
    )
    return TakenRow(line.place, spelt, entry)


def _day(value: Any) -> date | None:
    """The day in a cell; None where there is none that can be read, as it is no part of the number."""
    try:
        found: date = _DAY.validate_python(value)
    except ValidationError:
        return None
    return found
