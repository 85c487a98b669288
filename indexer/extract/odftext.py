"""The text of OpenDocument XML (ODF 1.3 part 3): a letter's flow, a workbook's sheets or a show's pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.model import Limits, Passage

HEADER, FOOTER, FOOTNOTE, ENDNOTE, COMMENT = "页眉", "页脚", "脚注", "尾注", "批注"
NOTES, MASTER = "备注", "母版"
_ORDER = ("", NOTES, COMMENT, HEADER, FOOTER, FOOTNOTE, ENDNOTE, MASTER)
_HEADINGS = {f"header{which}": HEADER for which in ("", "-left", "-first")}
_HEADINGS |= {f"footer{which}": FOOTER for which in ("", "-left", "-first")}
_LEFT_OUT = frozenset(
    {
        "tracked-changes",
        "ruby-text",
        "note-citation",
        "binary-data",
        "covered-table-cell",
        "page-number",
        "page-count",
        "sheet-name",
        "scripts",
    }
)
"""Elements whose whole content is not read: deletions, pinyin above characters, counters."""
_SHAPES = frozenset(
    {"frame", "custom-shape", "rect", "ellipse", "circle", "line", "polyline", "polygon"}
    | {"regular-polygon", "path", "connector", "caption", "measure"}
)
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_VALUES = ("string-value", "value", "date-value", "time-value", "boolean-value")
_MOST_REPEATS = 1_000
"""Repeated cells and rows beyond these add nothing that could be searched for."""
_MOST_BLANKS = 100
_AFTER_PAGES = 1 << 30
_BLANKS = re.compile(r"[\t\n]+")
_SPACES = re.compile(r"[ \t\r\n]+")
_COUNTING = re.compile(r"(?:[\s\d第页共/（）()?:,.—-]|page|of)*", re.IGNORECASE)
"""What is left of a header or footer that only counts pages."""


def _told(attributes: Mapping[str, str], name: str) -> str:
    """An attribute by its local name; empty when it is missing."""
    return next((value for key, value in attributes.items() if key.rpartition("}")[2] == name), "")


def _repeats(attributes: Mapping[str, str], name: str) -> int:
    """How often a cell or row is repeated, within reason."""
    told = _told(attributes, name)
    return min(int(told), _MOST_REPEATS) if told.isdecimal() and len(told) < 9 else 1


class _Frame:
    """One flow of paragraphs: the whole, a cell, a text box or a note."""

    def __init__(self, label: str = "") -> None:
        self.label = label
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.floating: list[str] = []
        self.open = 0
        self.value = ""
        self.repeats = 1


class _Row:
    """A table row under work: its cells, and blanks that count only when a cell follows."""

    def __init__(self, repeats: int) -> None:
        self.cells: list[str] = []
        self.blank = 0
        self.repeats = repeats

    def add(self, text: str, repeats: int) -> None:
        """The next cell, or several alike."""
        if not text:
            self.blank = min(self.blank + repeats, _MOST_REPEATS)
            return
        self.cells.extend([""] * self.blank + [text] * repeats)
        self.blank = 0


class OdfText:
    """Hears the parts of one document, styles before content, and keeps their text."""

    def __init__(self, limits: Limits) -> None:
        self.pages = 0
        self._left = limits.text_chars
        self._kept: dict[tuple[int, str, str], list[str]] = {}
        self._frames = [_Frame()]
        self._rows: list[_Row] = []
        self._sheet = ""
        self._spreadsheet = False
        self._master = False
        self._note = FOOTNOTE
        self._skipping = 0

    def passages(self) -> list[Passage]:
        """Everything heard: pages or sheets in order, each before its notes; headers and the like last."""
        self._keep("", self._root_lines())
        numbered = sorted(self._kept, key=lambda key: (key[0] or _AFTER_PAGES, _ORDER.index(key[1])))
        texts = ((key, "\n".join(self._kept[key])) for key in numbered)
        return [
            Passage(text, page=page or None, label=label or sheet)
            for (page, label, sheet), text in texts
            if text.strip()
        ]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        frame = self._frames[-1]
        if self._skipping:
            self._skipping += 1
        elif tag in {"p", "h"}:
            frame.open += 1
        elif tag in _LEFT_OUT:
            if tag in _CELLS and self._rows:
                self._rows[-1].add("", _repeats(attributes, "number-columns-repeated"))
            self._skipping = 1
        elif tag in _SHAPES:
            if self._master and _told(attributes, "class"):
                self._skipping = 1  # a placeholder, which no page shows
            else:
                self._frames.append(_Frame())
        elif frame.open:
            self._start_inline(tag, attributes)
        else:
            self._start_structure(tag, attributes)

    def _start_inline(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens inside a paragraph."""
        pieces = self._frames[-1].pieces
        if tag == "s":
            told = _told(attributes, "c")
            pieces.append(" " * (min(int(told), _MOST_BLANKS) if told.isdecimal() and len(told) < 9 else 1))
        elif tag in {"tab", "line-break"}:
            pieces.append("\t" if tag == "tab" else "\n")
        elif tag == "annotation":
            self._frames.append(_Frame(COMMENT))
        elif tag == "note":
            self._note = ENDNOTE if _told(attributes, "note-class") == "endnote" else FOOTNOTE
        elif tag == "note-body":
            self._frames.append(_Frame(self._note))
        elif tag in _HEADINGS:  # a slide's field that only stands for what its page style says
            self._skipping = 1

    def _start_structure(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens between paragraphs."""
        if tag == "table-cell":
            frame = _Frame()
            frame.repeats = _repeats(attributes, "number-columns-repeated")
            frame.value = next((told for name in _VALUES if (told := _told(attributes, name))), "")
            self._frames.append(frame)
        elif tag == "table-row":
            self._rows.append(_Row(_repeats(attributes, "number-rows-repeated")))
        elif tag == "table" and self._spreadsheet and len(self._frames) == 1:
            self._keep("", self._root_lines())
            self._sheet = _told(attributes, "name")
        elif tag == "annotation":
            self._frames.append(_Frame(COMMENT))
        elif tag == "notes" or tag in _HEADINGS:
            self._start_aside(tag, attributes)
        elif tag == "page":
            self._keep("", self._root_lines())
            self.pages += 1
        elif tag == "spreadsheet":
            self._spreadsheet = True
        elif tag == "master-styles":
            self._master = True

    def _start_aside(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A header, a footer or a slide's notes open; switched off, or a master's own, they show nowhere."""
        shown = not self._master if tag == "notes" else _told(attributes, "display") != "false"
        if shown:
            self._frames.append(_Frame(_HEADINGS.get(tag, NOTES)))
        else:
            self._skipping = 1

    def data(self, text: str) -> None:
        """Characters; only those of paragraphs count."""
        if self._frames[-1].open and not self._skipping:
            self._frames[-1].pieces.append(_SPACES.sub(" ", text))

    def end(self, tag: str) -> None:
        """An element closes."""
        if self._skipping:
            self._skipping -= 1
        elif tag in {"p", "h"}:
            self._end_paragraph(self._frames[-1])
        elif tag in _SHAPES:
            self._end_shape()
        elif tag in {"annotation", "note-body", "notes"} or tag in _HEADINGS:
            frame = self._close_frame()
            heading = tag in _HEADINGS
            self._keep(
                frame.label, [line for line in frame.lines if not (heading and _COUNTING.fullmatch(line))]
            )
        elif tag == "table-cell":
            self._end_cell()
        elif tag == "table-row" and self._rows:
            self._end_row(self._rows.pop())
        elif tag == "master-styles":
            self._keep(MASTER, self._root_lines())
            self._master = False

    def _end_paragraph(self, frame: _Frame) -> None:
        """The running paragraph becomes a line; text boxes anchored in it follow it."""
        text = "".join(frame.pieces).strip(" \n")
        if text.strip():
            frame.lines.append(text)
        frame.lines.extend(frame.floating)
        frame.pieces.clear()
        frame.floating.clear()
        frame.open = max(frame.open - 1, 0)

    def _end_shape(self) -> None:
        """A text box's lines join the flow it is anchored in."""
        box = self._close_frame()
        around = self._frames[-1]
        (around.floating if around.open else around.lines).extend(box.lines)

    def _end_cell(self) -> None:
        """The cell joins its row."""
        cell = self._close_frame()
        if self._rows:
            text = " ".join(cell.lines) if cell.lines else cell.value
            self._rows[-1].add(_BLANKS.sub(" ", text), cell.repeats)
        else:
            self._frames[-1].lines.extend(cell.lines)

    def _end_row(self, row: _Row) -> None:
        """The row becomes a line, as often as it is repeated and there is room."""
        line = "\t".join(row.cells).rstrip()
        if not line:
            return
        fitting = max(min(row.repeats, self._left // (len(line) + 1)), 1)
        self._left -= fitting * (len(line) + 1)
        self._frames[-1].lines.extend([line] * fitting)

    def _close_frame(self) -> _Frame:
        """Ends the innermost flow; the outermost stays."""
        frame = self._frames.pop() if len(self._frames) > 1 else _Frame()
        self._end_paragraph(frame)
        return frame

    def _root_lines(self) -> list[str]:
        """Takes the lines of the outermost flow."""
        lines, self._frames[0].lines = self._frames[0].lines, []
        return lines

    def _keep(self, label: str, lines: list[str]) -> None:
        """Adds lines to the page or sheet at hand; a header said already is not said again."""
        paged = label in {"", NOTES, COMMENT}
        key = (self.pages if paged else 0, label, self._sheet if not label else "")
        kept = self._kept.setdefault(key, [])
        once = label in {HEADER, FOOTER, MASTER}
        kept.extend(line for line in lines if not (once and line in kept))
