"""The text of Word documents that are one XML file: Word 2003 XML, and packages written flat ("Word XML")."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.model import Facts, Passage

_ASIDES = {
    "hdr": "页眉",
    "ftr": "页脚",
    "footnote": "脚注",
    "endnote": "尾注",
    "comment": "批注",
}
"""Element → label of the passage; in this order after the body."""
_COMMENT = "Word.Comment"
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LEFT_OUT = frozenset(
    {"binData", "binaryData", "instrText", "rt", "moveFrom", "docPr", "styles", "fonts", "lists"}
)
_BLANKS = re.compile(r"[\t\n]+")


class _Flow:
    """Paragraphs of the body, a cell, a text box or an aside; ``label`` names an aside."""

    def __init__(self, label: str = "") -> None:
        self.label = label
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.floating: list[str] = []
        self.rows: list[list[str]] = []
        self.continued = False

    def end_paragraph(self) -> None:
        """The running paragraph becomes a line; text boxes and the like in it follow it."""
        text = "".join(self.pieces).strip("\n")
        if text.strip():
            self.lines.append(text)
        self.lines.extend(self.floating)
        self.pieces.clear()
        self.floating.clear()


class WordXml:
    """Hears the XML and keeps its text in reading order."""

    def __init__(self) -> None:
        self._flows = [_Flow()]
        self._asides: dict[str, dict[str, None]] = {label: {} for label in _ASIDES.values()}
        self._annotations: list[bool] = []
        self._properties: dict[str, str] = {}
        self._property = ""
        self._telling = False
        self._in_text = False
        self._skipping = 0
        self._heard = 0
        self._alternatives: list[int] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        self._property = tag if self._telling else ""
        if self._skipping:
            self._skipping += 1
        elif tag == "t":
            self._in_text = True
        elif tag in _MARKS and "pos" not in {key.rpartition("}")[2] for key in attributes}:
            self._flows[-1].pieces.append(_MARKS[tag])
        elif tag in _LEFT_OUT or (tag == "Fallback" and self._choice_spoke()):
            self._skipping = 1
        elif tag in {"tc", "txbxContent"}:
            self._flows.append(_Flow())
        elif tag in _ASIDES:
            self._flows.append(_Flow(_ASIDES[tag]))
        elif tag == "annotation":
            self._start_annotation(attributes)
        elif tag == "AlternateContent":
            self._alternatives.append(self._heard)
        elif tag == "tr":
            self._flows[-1].rows.append([])
        elif tag in {"vmerge", "vMerge"}:
            self._flows[-1].continued = "restart" not in attributes.values()
        elif tag in {"DocumentProperties", "coreProperties"}:
            self._telling = True

    def _start_annotation(self, attributes: Mapping[str, str]) -> None:
        """A change or a comment opens; only comments stand apart."""
        comment = _COMMENT in attributes.values()
        self._annotations.append(comment)
        if comment:
            self._flows.append(_Flow(_ASIDES["comment"]))

    def data(self, text: str) -> None:
        """Characters; only those of text elements and of properties count."""
        if self._in_text and not self._skipping:
            self._flows[-1].pieces.append(text)
            self._heard += len(text)
        elif self._property:
            self._properties[self._property] = self._properties.get(self._property, "") + text

    def end(self, tag: str) -> None:
        """An element closes."""
        self._property = ""
        if self._skipping:
            self._skipping -= 1
        elif tag == "t":
            self._in_text = False
        elif tag == "p":
            self._flows[-1].end_paragraph()
        elif tag == "tc":
            self._end_cell()
        elif tag == "tr" and self._flows[-1].rows:
            row = "\t".join(self._flows[-1].rows.pop()).rstrip()
            self._flows[-1].lines.extend([row] if row else [])
        elif tag == "txbxContent":
            box = self._close_flow()
            self._flows[-1].floating.extend(box.lines)
        elif tag in _ASIDES or (tag == "annotation" and self._annotations and self._annotations.pop()):
            aside = self._close_flow()
            self._asides[aside.label or _ASIDES["comment"]] |= dict.fromkeys(aside.lines)
        elif tag == "AlternateContent" and self._alternatives:
            self._alternatives.pop()
        elif tag in {"DocumentProperties", "coreProperties"}:
            self._telling = False

    def _end_cell(self) -> None:
        """The cell joins its row; the hidden rest of a vertical merge does not."""
        cell = self._close_flow()
        rows = self._flows[-1].rows
        if rows:
            rows[-1].append("" if cell.continued else _BLANKS.sub(" ", " ".join(cell.lines)))

    def _close_flow(self) -> _Flow:
        """Ends the innermost flow; the body stays."""
        flow = self._flows.pop() if len(self._flows) > 1 else _Flow()
        flow.end_paragraph()
        return flow

    def _choice_spoke(self) -> bool:
        """Whether the alternative content at hand has given text already."""
        return bool(self._alternatives) and self._heard > self._alternatives[-1]

    def passages(self) -> list[Passage]:
        """The body without a label, then what stands beside it."""
        body = self._flows[0]
        body.end_paragraph()
        asides = [Passage("\n".join(lines), label=label) for label, lines in self._asides.items() if lines]
        return [*([Passage("\n".join(body.lines))] if body.lines else []), *asides]

    def facts(self) -> Facts:
        """What the document's properties tell."""
        told = {name.lower(): text.strip() for name, text in self._properties.items()}
        return Facts(
            title=told.get("title", ""),
            author=told.get("author") or told.get("creator", ""),
            created=told.get("created", ""),
            modified=told.get("lastsaved") or told.get("modified", ""),
        )
