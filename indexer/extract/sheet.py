"""Reads .xlsx and .xlsm through calamine, after looking how far the cells of each sheet reach.

Calamine lays a sheet out as a full rectangle from its first to its last filled cell, so two cells in
opposite corners would ask for terabytes; that rectangle is counted first, and a sheet where it is too
large is read by ``sparse_sheet``.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from lxml import etree
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from indexer.extract import sparse_sheet
from indexer.extract.cellvalues import cell_name
from indexer.extract.endings import corrupt, encrypted, unsupported, without_text
from indexer.extract.parts import TextOf, facts_of, feed_part, open_package
from indexer.extract.xmltree import MOST_BYTES
from indexer.model import Extraction, Limits, Passage, State

_CHUNK_BYTES = 1 << 20
_FILLED = re.compile(rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r\s*=\s*["']([A-Z]{1,3}\d{1,7})["'][^<>]*(?<!/)>""")
_USUAL = re.compile(rb"""<c(?: r="([A-Z]{1,3}\d{1,7})"|[\s/>])""")
"""Cells as all common programs write them, place first; the group is empty for any other."""
_PREFIXED = re.compile(rb":c[\s/>]")
_FAR = re.compile(rb"""<c[\s/>](?!r="[A-Z]\d{1,5}")""")
"""A cell, as common programs write it, that is not near the first one, or does not name its place."""
_NEAR_CELLS = 26 * 99_999
_NAMED = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3}\d{1,7})["']""")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ANYWHERE = 1 << 62
"""The reach of cells that do not name their place: they stand behind the one before, however far that is."""
_TAG_REST = re.compile(rb"<[^>]*\Z")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_SIDE_PARTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"xl/(?:comments/|threadedComments/)?(?:threaded)?comments?\d*\.xml", re.I),
        "批注",
        "comment",
    ),
    (re.compile(r"xl/drawings/drawing\d*\.xml", re.I), "文本框", "p"),
)
_BREAKS = re.compile(r"\r?\n|\t")
_BETWEEN = "\0"
"""Stands between a row's cells until the breaks inside them are gone."""


def read(path: Path, limits: Limits) -> Extraction:
    """One passage per sheet with its name as label: rows as lines, cells separated by tabs.

    Raises:
        Unreadable: the workbook is damaged, encrypted, empty or passes a limit.
    """
    with open_package(path, limits) as package:
        sheets = [name for name in package.NameToInfo if _SHEET_PART.fullmatch(name)]
        sparse = any(_reaches_too_far(package, name, limits) for name in sheets)
        facts = facts_of(package)
        side = tuple(side_passages(package))
    found = sparse_sheet.passages_of(path, limits, _cell) if sparse else sheet_passages(path, limits)
    passages = (*found, *side)
    if not passages:
        return without_text("工作簿里没有内容").extraction(facts=facts)
    return Extraction(State.INDEXED, passages, facts=facts)


def _reaches_too_far(package: zipfile.ZipFile, name: str, limits: Limits) -> bool:
    """Whether the rectangle around a sheet's filled cells is too large for calamine.

    A quick look takes in formatted blank cells too; only if they reach too far are the filled told apart.
    """
    if limits.sheet_cells >= _NEAR_CELLS and _all_near(package, name):
        return False
    return all(_reach(package, name, cell) > limits.sheet_cells for cell in (_NAMED, _FILLED))


def _all_near(package: zipfile.ZipFile, name: str) -> bool:
    """Whether all cells of a sheet that is not large name places in columns A to Z and rows to 99999."""
    if package.getinfo(name).file_size > MOST_BYTES:
        return False
    data = package.read(name)
    return not _FAR.search(data) and not _PREFIXED.search(data)


def _reach(package: zipfile.ZipFile, name: str, cell: re.Pattern[bytes]) -> int:
    """How many cells the rectangle around all that match ``cell`` has."""
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    with package.open(name) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK_BYTES):
            data = rest + chunk
            cut = _TAG_REST.search(data[-4096:])
            rest = cut.group() if cut else b""
            named = _named(data[: len(data) - len(rest)], cell)
            if named is None:
                return _ANYWHERE
            columns.update(named.translate(None, b"0123456789").split())
            rows.update(named.translate(None, _LETTERS).split())
    places, lines = [_place(column) for column in columns], [int(row) for row in rows]
    return (max(lines) - min(lines) + 1) * (max(places) - min(places) + 1) if places else 0


def _named(data: bytes, cell: re.Pattern[bytes]) -> bytes | None:
    """The places of all cells that match ``cell``, as ``B12 C12``; None when a cell does not name its own."""
    if cell is _NAMED:
        usual = _USUAL.findall(data)
        if b"" not in usual and not _PREFIXED.search(data):
            return b" ".join(usual)
    named = _NAMED.findall(data)
    if b"<c>" in data or b":c>" in data or data.count(b"<c ") + data.count(b":c ") > len(named):
        return None
    return b" ".join(named if cell is _NAMED else cell.findall(data))


def _place(column: bytes) -> int:
    """A column's letters as a number, A = 1."""
    place = 0
    for letter in column:
        place = place * 26 + letter - 64
    return place


def sheet_passages(path: Path, limits: Limits) -> Iterator[Passage]:
    """The sheets of any workbook that have content, in its order, within the limit of characters.

    Raises:
        Unreadable: the workbook is damaged or encrypted.
    """
    left = limits.text_chars
    try:
        with _opened(path) as workbook:
            for meta in workbook.sheets_metadata:
                if meta.typ is SheetTypeEnum.WorkSheet and left >= 0:
                    sheet = workbook.get_sheet_by_name(meta.name)
                    lines = _text_of(sheet, left)
                    text = lines.strip("\n")
                    left -= len(text)
                    if text:
                        row = len(lines) - len(lines.lstrip("\n")) + 1
                        cell = cell_name(row, sheet.start[1] + 1 if sheet.start else 1)
                        yield Passage(text, label=meta.name, cell=cell)
    except PasswordError as fault:
        raise encrypted() from fault
    except CalamineError as fault:
        if "macrosheets/" in str(fault):
            raise unsupported("含有旧式宏表的工作簿", "用 Excel 打开，另存为不含宏的 xlsx") from fault
        raise corrupt("工作簿的结构不完整") from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # Rust's panic stands outside Exception
            raise
        raise corrupt("工作簿的内部结构有错，读取程序无法继续") from fault


def _opened(path: Path) -> CalamineWorkbook:
    """The workbook, also when its name promises another kind; fails as the kind by that name does."""
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise
    except CalamineError as fault:
        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        except CalamineError:
            raise fault from None


def _text_of(sheet: CalamineSheet, most: int) -> str:
    """The sheet's rows as lines from its first row on, from its first filled column on.

    Blanks at the end are dropped; stops soon after ``most`` characters.
    """
    lines: list[str] = []
    total = 0
    rows: Iterator[list[Any]] = sheet.iter_rows()
    for row in rows:
        line = _BETWEEN.join(
            [
                value
                if (kind := value.__class__) is str
                else repr(value + 0.0).removesuffix(".0")
                if kind is float
                else value.isoformat()
                if kind is date
                else _cell(value)
                for value in row
            ]
        )
        if line.count(_BETWEEN) >= len(row):
            line = _BETWEEN.join([_cell(value).replace(_BETWEEN, "") for value in row])
        if "\n" in line or "\t" in line:
            line = _BREAKS.sub(" ", line)
        line = line.replace(_BETWEEN, "\t").rstrip()
        lines.append(line)
        total += len(line) + 1
        if total > most:
            break
    return "\n".join(lines).rstrip("\n")


def _number(value: float) -> str:
    """The shortest way to write the number; a zero has no sign."""
    return repr(value + 0.0).removesuffix(".0")


def _cell(value: object) -> str:
    """A cell as the clerk sees it: whole numbers without a point, dates as 2026-03-05."""
    if isinstance(value, str):
        return _BREAKS.sub(" ", value) if "\n" in value or "\t" in value else value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | timedelta) else ""


def side_passages(package: zipfile.ZipFile) -> Iterator[Passage]:
    """Comments and text boxes; a broken part of this sort does not spoil the workbook."""
    for pattern, label, line in _SIDE_PARTS:
        found = TextOf("t", line)
        for name in package.NameToInfo:
            if pattern.fullmatch(name):
                try:
                    feed_part(package, name, found)
                except etree.XMLSyntaxError:
                    continue
        if found.lines:
            yield Passage("\n".join(found.lines), label=label)
