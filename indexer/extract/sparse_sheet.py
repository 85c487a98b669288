"""Reads .xlsx workbooks whose cells lie too far apart to be laid out: only filled cells cost anything.

ECMA-376 part 1: 18.2 workbook, 18.3 worksheets, 18.4 shared strings, 18.8 styles. Cells are told as
calamine tells them, so that a workbook reads the same whichever way it is read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from posixpath import join, normpath

from indexer.extract.cellvalues import EPOCH, EPOCH_1904, Value, moment, place_of, shape_of, unescaped
from indexer.extract.endings import corrupt, over_limit
from indexer.extract.parts import feed_part, open_package
from indexer.model import Limits, Passage

Show = Callable[[object], str]
"""Turns a cell's value into what the clerk sees."""

_WORKBOOK = "xl/workbook.xml"
_TRUE = frozenset({"1", "true"})


def passages_of(path: Path, limits: Limits, show: Show) -> Iterator[Passage]:
    """The sheets that have content, in the workbook's order: filled cells joined by tabs, rows as lines.

    Raises:
        Unreadable: a sheet has more than ``limits.sheet_cells`` filled cells, or the package is damaged.
    """
    with open_package(path, limits) as package:
        parts = {name.lower(): name for name in package.NameToInfo}
        book = _Workbook()
        _feed(package, parts, _WORKBOOK, book)
        if not book.sheets:
            raise corrupt("工作簿里没有登记工作表")
        links = _Links()
        _feed(package, parts, "xl/_rels/workbook.xml.rels", links)
        strings = _Strings()
        _feed(package, parts, links.only("sharedStrings") or "xl/sharedStrings.xml", strings)
        styles = _Styles()
        _feed(package, parts, links.only("styles") or "xl/styles.xml", styles)
        left = limits.text_chars
        for label, link in book.sheets:
            part = parts.get(links.targets.get(link, "").lower())
            if part is None or links.kinds[link] != "worksheet" or left < 0:
                continue
            cells = _Cells(strings.found, styles.shapes(), show, limits.sheet_cells, left)
            cells.epoch = EPOCH_1904 if book.from_1904 else EPOCH
            feed_part(package, part, cells)
            text = cells.text()
            left -= len(text)
            if text:
                yield Passage(text, label=label)


def _feed(package: zipfile.ZipFile, parts: Mapping[str, str], name: str, target: _Silent) -> None:
    """Tells ``target`` a part, if there is one."""
    if found := parts.get(name.lower()):
        feed_part(package, found, target)


class _Silent:
    """Hears nothing; what the others start from."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""

    def end(self, tag: str) -> None:
        """The element closes."""

    def data(self, text: str) -> None:
        """Characters between tags."""


class _Workbook(_Silent):
    """Names of the sheets with their relationship, and which day is zero."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            link = next((value for name, value in attributes.items() if name.endswith("}id")), "")
            self.sheets.append((attributes.get("name", ""), link))
        elif tag == "workbookPr":
            self.from_1904 = attributes.get("date1904", "").lower() in _TRUE


class _Links(_Silent):
    """Relationships of the workbook: ID → part and kind."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            name, target = attributes.get("Id", ""), attributes.get("Target", "").replace("\\", "/")
            self.targets[name] = target[1:] if target.startswith("/") else normpath(join("xl", target))
            self.kinds[name] = attributes.get("Type", "").rpartition("/")[2]

    def only(self, kind: str) -> str | None:
        """The part of that kind."""
        return next((self.targets[name] for name, one in self.kinds.items() if one == kind), None)


class _Strings(_Silent):
    """The shared strings; the reading given above characters is left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._above = 0
        self._inside = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._above += tag == "rPh"
        self._inside = tag == "t" and not self._above

    def end(self, tag: str) -> None:
        self._above -= tag == "rPh"
        self._inside = False
        if tag == "si":
            self.found.append(unescaped("".join(self._pieces)))
            self._pieces.clear()

    def data(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


class _Styles(_Silent):
    """Which cell formats show a date or a duration."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._numbers: list[str] = []
        self._inside = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "cellXfs":
            self._inside = True
        elif tag == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and self._inside:
            self._numbers.append(attributes.get("numFmtId", ""))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._inside = False

    def shapes(self) -> list[str]:
        """Per cell format: ``date``, ``duration``, or empty for a number."""
        return [shape_of(number, self._codes.get(number)) for number in self._numbers]


class _Cells(_Silent):
    """Hears one sheet: rows of filled cells, each row one line."""

    def __init__(self, strings: list[str], shapes: list[str], show: Show, cells: int, chars: int) -> None:
        self.epoch = EPOCH
        self._strings, self._shapes, self._show = strings, shapes, show
        self._most, self._cells, self._chars = cells, cells, chars
        self._lines: list[tuple[int, str]] = []
        self._row: list[tuple[int, str]] = []
        self._place = (0, 0)
        self._cell: Mapping[str, str] = {}
        self._pieces: list[str] = []
        self._inside = False
        self._above = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._cell = dict(attributes)
            self._place = place_of(attributes.get("r", ""), (self._place[0], self._place[1] + 1))
        elif tag == "row":
            told = attributes.get("r", "")
            self._place = (int(told) if told.isdecimal() and len(told) < 9 else self._place[0] + 1, 0)
        self._above += tag == "rPh"
        self._inside = tag in {"v", "t"} and not self._above

    def data(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        self._inside = False
        self._above -= tag == "rPh"
        if tag == "c" and self._pieces:
            self._keep("".join(self._pieces))
            self._pieces.clear()
        elif tag == "row" and self._row:
            self._row.sort(key=lambda cell: cell[0])
            line = "\t".join([text for _, text in self._row])
            self._lines.append((self._place[0], line))
            self._chars -= len(line) + 1
            self._row = []

    def _keep(self, raw: str) -> None:
        """One filled cell, unless enough characters are known."""
        self._cells -= 1
        if self._cells < 0:
            raise over_limit(f"一张工作表里填了内容的单元格超过 {self._most} 个")
        if self._chars >= 0 and (text := self._show(self._value(raw))):
            self._row.append((self._place[1], text))

    def _value(self, raw: str) -> Value:
        """What the cell holds (18.18.11 cell types); an error value is nothing, as calamine has it."""
        kind = self._cell.get("t", "n")
        if kind == "s":
            at = int(raw) if raw.strip().isdecimal() and len(raw) < 12 else len(self._strings)
            return self._strings[at] if at < len(self._strings) else ""
        if kind in {"str", "inlineStr"}:
            return unescaped(raw)
        if kind == "b":
            return raw.strip() in _TRUE
        if kind == "e":
            return ""
        try:
            number = float(raw)
        except ValueError:
            return raw
        style = self._cell.get("s", "")
        shape = self._shapes[int(style)] if style.isdecimal() and int(style) < len(self._shapes) else ""
        return moment(number, shape, self.epoch) if shape else number

    def text(self) -> str:
        """The sheet's lines from the top."""
        self._lines.sort(key=lambda numbered: numbered[0])
        return "\n".join([line for _, line in self._lines])
