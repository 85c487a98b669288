"""The cells of workbooks that are one XML file (XML Spreadsheet 2003), as many export programs write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.model import Passage

_COMMENT = "批注"
_MOST_BLANKS = 1_000
"""Blank cells beyond these before a filled one say nothing."""
_BLANKS = re.compile(r"\s*[\r\n\t]\s*")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00(?:\.0+)?")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?")
_WHOLE = re.compile(r"(-?\d+)\.0+")


class SheetXml:
    """Hears the XML and keeps rows as lines, sheet by sheet."""

    def __init__(self) -> None:
        self._sheets: list[tuple[str, list[str]]] = []
        self._comments: list[str] = []
        self._row: list[str] = []
        self._blank = 0
        self._pieces: list[str] = []
        self._kind = ""
        self._value = ""
        self._data = 0
        self._comment = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        told = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if tag == "Worksheet":
            self._sheets.append((told.get("Name", ""), []))
        elif tag == "Row":
            self._row, self._blank = [], 0
        elif tag == "Cell":
            place = told.get("Index", "")
            if place.isdecimal() and len(place) < 7:
                self._blank = max(int(place) - 1 - len(self._row), 0)
        elif tag == "Comment":
            self._comment += 1
        elif tag == "Data":
            self._data += 1
            self._kind = told.get("Type", "")

    def data(self, text: str) -> None:
        """Characters; only those of cells and comments count."""
        if self._data:
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag == "Data":
            self._data -= 1
            self._end_data(_BLANKS.sub(" ", "".join(self._pieces)).strip())
            self._pieces.clear()
        elif tag == "Comment":
            self._comment -= 1
        elif tag == "Cell":
            self._add_cell(self._value)
            self._value = ""
        elif tag == "Row" and self._row and self._sheets:
            self._sheets[-1][1].append("\t".join(self._row))
            self._row = []

    def _end_data(self, text: str) -> None:
        """The content of a cell, or of the comment in it, is known."""
        if not self._comment:
            self._value = _shown(text, self._kind)
        elif text:
            self._comments.append(text)

    def _add_cell(self, text: str) -> None:
        """The next cell of the row; blanks count only when a filled one follows."""
        if not text:
            self._blank += 1
            return
        self._row.extend([""] * min(self._blank, _MOST_BLANKS) + [text])
        self._blank = 0

    def passages(self) -> list[Passage]:
        """The sheets that have content, then the comments."""
        found = [Passage("\n".join(lines), label=name) for name, lines in self._sheets if lines]
        comments = [Passage("\n".join(self._comments), label=_COMMENT)] if self._comments else []
        return [*found, *comments]


def _shown(text: str, kind: str) -> str:
    """A cell as the clerk sees it: whole numbers without a point, dates as 2026-03-05."""
    if kind == "DateTime":
        return _MOMENT.sub(r"\1 \2", _MIDNIGHT.sub(r"\1", text))
    if kind == "Number" and (whole := _WHOLE.fullmatch(text)):
        return whole[1]
    return {"1": "TRUE", "0": "FALSE"}.get(text, text) if kind == "Boolean" else text
