"""The words in DrawingML, the XML of slides, their notes, comments, diagrams and charts (ECMA-376-1, 21)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BLANKS = re.compile(r"\s+")
_SHAPES = frozenset({"sp", "pic", "graphicFrame", "cxnSp"})
_TRUE = frozenset({"1", "true"})


class DrawingText:
    """Hears a slide or what is like it: paragraphs and table rows become ``lines``.

    Slide numbers are left out, and all placeholders unless ``placeholders``.
    """

    def __init__(self, *, placeholders: bool = True) -> None:
        self.lines: list[str] = []
        self._placeholders = placeholders
        self._pieces: list[str] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._hearing = False
        self._silent = False
        self._hidden_field = False
        self._heard = 0
        self._alternatives: list[int] = []
        self._skipping = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if self._skipping:
            self._skipping += 1
            return
        self._hearing = tag in {"t", "text"} and not (self._silent or self._hidden_field)
        if tag in _SHAPES:
            self._silent = False
        elif tag == "ph":
            self._silent = not self._placeholders or attributes.get("type") in {"sldNum", "sldImg"}
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "fld":
            self._hidden_field = attributes.get("type") == "slidenum"
        elif tag == "tr":
            self._row = []
        elif tag == "tc":
            merged = _TRUE & {attributes.get("hMerge", ""), attributes.get("vMerge", "")}
            self._cell, self._silent = [], bool(merged)
        elif tag == "AlternateContent":
            self._alternatives.append(self._heard)
        elif tag == "Fallback" and self._alternatives and self._heard > self._alternatives[-1]:
            self._skipping = 1

    def data(self, text: str) -> None:
        """Characters; only those of text elements count."""
        if self._hearing:
            self._pieces.append(text)
            self._heard += len(text)

    def end(self, tag: str) -> None:
        """An element closes."""
        if self._skipping:
            self._skipping -= 1
            return
        self._hearing = False
        if tag in {"p", "text"}:
            self._end_paragraph()
        elif tag == "fld":
            self._hidden_field = False
        elif tag == "tc" and self._cell is not None:
            if self._row is not None:
                self._row.append(_BLANKS.sub(" ", " ".join(self._cell)))
            self._cell, self._silent = None, False
        elif tag == "tr" and self._row is not None:
            line = "\t".join(self._row).rstrip()
            self.lines.extend([line] if line else [])
            self._row = None
        elif tag == "AlternateContent" and self._alternatives:
            self._alternatives.pop()

    def _end_paragraph(self) -> None:
        """The running paragraph becomes a line, or a part of its cell."""
        text = "".join(self._pieces).strip("\n")
        self._pieces.clear()
        if text.strip():
            (self.lines if self._cell is None else self._cell).append(text)


class ChartText(DrawingText):
    """Hears a chart: titles, and the names of series and categories as they were last shown."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] | None = None
        self._value = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        super().start(tag, attributes)
        if tag == "strCache":
            self._names = []
        self._value = tag == "v" and self._names is not None

    def data(self, text: str) -> None:
        """Characters of titles and names."""
        super().data(text)
        if self._value and self._names is not None:
            self._names.append(text)

    def end(self, tag: str) -> None:
        """An element closes."""
        super().end(tag)
        self._value = False
        if tag == "strCache" and self._names is not None:
            line = "\t".join(self._names)
            self.lines.extend([line] if line.strip() and line not in self.lines else [])
            self._names = None


class SlideList:
    """Hears a presentation's main part: ``names`` are the relationships of its slides, in order."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.ended = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keeps a slide's relationship."""
        if tag == "sldId":
            self.names.extend(value for name, value in attributes.items() if name.endswith("}id"))

    def end(self, tag: str) -> None:
        """Notes that the part is whole."""
        self.ended = tag == "presentation"

    def data(self, text: str) -> None:
        """There is no text here."""
