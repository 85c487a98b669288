"""The text of one part of a .docx, in reading order: paragraphs and table rows as lines."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from itertools import islice

from lxml import etree

from indexer.extract.xmltree import Names

_LEFT_OUT = frozenset(
    {
        "del",
        "moveFrom",
        "rt",
        "pPr",
        "rPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "sectPr",
        "sdtPr",
        "instrText",
        "binData",
    }
)
"""Elements whose whole content is not read: tracked deletions, pinyin above characters, properties."""
_STRUCTURE = frozenset({"tc", "txbxContent", "tr", "AlternateContent", "Fallback", "vMerge"})
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_STARTS = _LEFT_OUT | _STRUCTURE | _MARKS.keys()
_ENDS = _STRUCTURE - {"Fallback", "vMerge"}
_SHAPING = _STRUCTURE | {"del", "moveFrom", "rt"}
_LOOKED_AT = tuple(f"{{*}}{tag}" for tag in ("t", "p", *_MARKS, *_SHAPING))
"""What of a tree is looked at; properties hold none of it but tab stops, which stand in ``tabs``."""
_BLANKS = re.compile(r"[\t\n]+")


def text_of(root: etree._Element) -> str:
    """The part's text, from its tree: what ``Story`` would give, at a fraction of the cost."""
    lines = _flat_lines(root)
    if lines is None:
        lines = _told(root)
    return "\n".join([line for line in lines if line and not line.isspace()])


def _flat_lines(root: etree._Element) -> list[str] | None:
    """The lines of a part made of paragraphs and tables; None for one that is made otherwise."""
    names = Names()
    lines: list[str] = []
    pieces: list[str] = []
    paragraph = None
    found = root.iter(*_LOOKED_AT)
    for element in found:
        tag = names[element.tag]
        if tag == "t":
            pieces.append((element.text or "") if not len(element) else _text_in(element))
        elif tag == "p":
            lines.append("".join(pieces).strip("\n"))
            pieces = []
            paragraph = element
        elif tag in _SHAPING:
            block = _block_of(element)
            inside = [] if block is None else list(block.iter(*_LOOKED_AT))
            if block is None or inside[0] is not (paragraph if block is paragraph else element):
                return None
            lines.extend([] if block is paragraph else ["".join(pieces).strip("\n")])
            pieces = []
            rows = _plain_rows(block, inside, names)
            lines.extend(_told(block) if rows is None else rows)
            deque(islice(found, len(inside) - inside.index(element) - 1), maxlen=0)
        elif tag != "tab" or not _is_stop(element):
            pieces.append(_MARKS[tag])
    lines.append("".join(pieces).strip("\n"))
    return lines


def _plain_rows(block: etree._Element, inside: list[etree._Element], names: Names) -> list[str] | None:
    """The rows of a table that holds nothing but paragraphs; None for what is made otherwise.

    Args:
        block: what may be a table.
        inside: what is looked at in it, in order.
        names: the tags' names.
    """
    if names[inside[0].tag] != "tr" or next(islice(block.iter("{*}tbl"), 1, None), None) is not None:
        return None
    rows: list[_Row] = []
    for element in inside:
        tag = names[element.tag]
        if tag == "t":
            rows[-1].pieces.append((element.text or "") if not len(element) else _text_in(element))
        elif tag == "p":
            rows[-1].end_paragraph()
        elif tag == "tc":
            rows[-1].end_cell()
        elif tag == "tr":
            rows.append(_Row())
        elif tag == "vMerge":
            rows[-1].continued = not any(value == "restart" for value in element.attrib.values())
        elif tag in _MARKS:
            rows[-1].pieces.extend([] if tag == "tab" and _is_stop(element) else [_MARKS[tag]])
        else:
            return None
    return [row.text for row in rows]


class _Row:
    """A table row that is being read; its elements are heard as they begin."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.continued = False
        self._lines: list[str] = []
        self._cells: list[str] = []

    def end_paragraph(self) -> None:
        """What was said so far is a paragraph of the cell."""
        if self.pieces:
            text = "".join(self.pieces).strip("\n")
            if text and not text.isspace():
                self._lines.append(text)
            self.pieces.clear()

    def end_cell(self) -> None:
        """What was said so far is a cell, without text when it goes on the one above it."""
        if self.pieces:
            self.end_paragraph()
        text = "" if self.continued else " ".join(self._lines)
        self._cells.append(_BLANKS.sub(" ", text) if "\t" in text or "\n" in text else text)
        self._lines.clear()
        self.continued = False

    @property
    def text(self) -> str:
        """The row as a line, when all of it was heard; before its first cell there is nothing."""
        self.end_cell()
        return "\t".join(self._cells[1:]).rstrip()


def _block_of(element: etree._Element) -> etree._Element | None:
    """The outermost paragraph or table that the element is in."""
    block = None
    for ancestor in element.iterancestors("{*}p", "{*}tbl"):
        block = ancestor
    return block


def _told(block: etree._Element) -> list[str]:
    """The lines of a block, or a part, of any shape."""
    story = Story()
    names = Names()
    walk = etree.iterwalk(block, events=("start", "end"), tag=_LOOKED_AT)
    for event, element in walk:
        tag = names[element.tag]
        if tag == "t":
            if event == "start":
                story.say(_text_in(element))
        elif event == "end":
            story.end(tag)
        elif tag != "p" and not (tag == "tab" and _is_stop(element)):
            story.start(tag, element.attrib)
            if story.skipping:
                walk.skip_subtree()
    return story.lines


def _text_in(element: etree._Element) -> str:
    """All the text in a text element."""
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


def _is_stop(tab: etree._Element) -> bool:
    """Whether it is one of a paragraph's tab stops, and no tab in the text."""
    parent = tab.getparent()
    return parent is not None and parent.tag.endswith("}tabs")


class _Frame:
    """One flow of paragraphs: a part, a table cell or a text box."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.floating: list[str] = []
        self.rows: list[list[str]] = []
        self.continued = False

    def end_paragraph(self) -> None:
        """The running paragraph becomes a line; text boxes anchored in it follow it."""
        text = "".join(self.pieces).strip("\n")
        if text.strip():
            self.lines.append(text)
        self.lines.extend(self.floating)
        self.pieces.clear()
        self.floating.clear()


class Story:
    """Hears a part's XML and keeps its text, in reading order."""

    def __init__(self) -> None:
        self._frames = [_Frame()]
        self.skipping = 0
        self._in_text = False
        self._heard = 0
        self._alternatives: list[int] = []

    @property
    def lines(self) -> list[str]:
        """The lines so far; a last paragraph without an end counts."""
        self._frames[0].end_paragraph()
        return self._frames[0].lines

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines).strip("\n")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if self.skipping:
            self.skipping += 1
        elif tag == "t":
            self._in_text = True
        elif tag in _STARTS:
            self._start_structure(tag, attributes)

    def _start_structure(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element that shapes the text opens."""
        if tag in _LEFT_OUT or (tag == "Fallback" and self._choice_spoke()):
            self.skipping = 1
        elif tag in _MARKS:
            self._frames[-1].pieces.append(_MARKS[tag])
        elif tag in {"tc", "txbxContent"}:
            self._frames.append(_Frame())
        elif tag == "tr":
            self._frames[-1].rows.append([])
        elif tag == "AlternateContent":
            self._alternatives.append(self._heard)
        elif tag == "vMerge":
            self._frames[-1].continued = not any(value == "restart" for value in attributes.values())

    def data(self, text: str) -> None:
        """Characters; only those of text elements count."""
        if self._in_text and not self.skipping:
            self.say(text)

    def say(self, text: str) -> None:
        """Characters that are read."""
        self._frames[-1].pieces.append(text)
        self._heard += len(text)

    def end(self, tag: str) -> None:
        """An element closes."""
        if self.skipping:
            self.skipping -= 1
        elif tag == "t":
            self._in_text = False
        elif tag == "p":
            self._frames[-1].end_paragraph()
        elif tag in _ENDS:
            self._end_structure(tag)

    def _end_structure(self, tag: str) -> None:
        """An element that shapes the text closes."""
        if tag == "tc":
            self._end_cell()
        elif tag == "txbxContent":
            box = self._close_frame()
            self._frames[-1].floating.extend(box.lines)
        elif tag == "tr" and self._frames[-1].rows:
            row = "\t".join(self._frames[-1].rows.pop()).rstrip()
            self._frames[-1].lines.extend([row] if row else [])
        elif tag == "AlternateContent" and self._alternatives:
            self._alternatives.pop()

    def _end_cell(self) -> None:
        """The cell joins its row; the hidden rest of a vertical merge does not."""
        cell = self._close_frame()
        rows = self._frames[-1].rows
        if rows:
            rows[-1].append("" if cell.continued else _BLANKS.sub(" ", " ".join(cell.lines)))

    def _close_frame(self) -> _Frame:
        """Ends the innermost flow; the part's own flow stays."""
        frame = self._frames.pop() if len(self._frames) > 1 else _Frame()
        frame.end_paragraph()
        return frame

    def _choice_spoke(self) -> bool:
        """Whether the alternative content at hand has given text already."""
        return bool(self._alternatives) and self._heard > self._alternatives[-1]
