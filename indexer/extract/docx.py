"""Reads .docx and .docm: body, tables, headers, footers, text boxes, notes and comments, in order."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from posixpath import join, normpath

from lxml import etree

from indexer.extract.endings import corrupt, without_text
from indexer.extract.parts import facts_of, feed_part, open_package
from indexer.model import Extraction, Limits, Passage, State

_LABELS = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
}
"""Relationship type (its last word) → label of the passage; in this order after the body."""
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
_BLANKS = re.compile(r"[\t\n]+")


def read(path: Path, limits: Limits) -> Extraction:
    """The document's text; the body's passage has no label.

    Raises:
        Unreadable: the package is damaged, encrypted, empty or passes a limit.
    """
    with open_package(path, limits) as package:
        main = _main_part(package)
        passages = [Passage(_text_of(package, main))]
        for label, names in _side_parts(package, main).items():
            texts = dict.fromkeys(_text_of(package, name) for name in names)
            passages.append(Passage("\n".join(text for text in texts if text), label=label))
        facts = facts_of(package)
        pictures = any("/media/" in name for name in package.NameToInfo)
    kept = tuple(passage for passage in passages if passage.text.strip())
    if not kept:
        return without_text("文件里只有图片，没有文字" if pictures else "文件里没有文字").extraction(
            facts=facts
        )
    return Extraction(State.INDEXED, kept, facts=facts)


def _text_of(package: zipfile.ZipFile, name: str) -> str:
    """One part's text, its paragraphs and table rows as lines."""
    story = _Story()
    feed_part(package, name, story)
    return "\n".join(story.lines).strip("\n")


def _main_part(package: zipfile.ZipFile) -> str:
    """The name of the part that holds the body."""
    for kind, target in _relationships(package, "_rels/.rels", ""):
        if kind == "officeDocument" and target in package.NameToInfo:
            return target
    if "word/document.xml" in package.NameToInfo:
        return "word/document.xml"
    raise corrupt("里面没有正文部件")


def _side_parts(package: zipfile.ZipFile, main: str) -> dict[str, list[str]]:
    """Label → part names, in the order of the labels, for parts that exist."""
    folder, _, name = main.rpartition("/")
    found: dict[str, list[str]] = {label: [] for label in _LABELS.values()}
    for kind, target in _relationships(package, join(folder, "_rels", f"{name}.rels"), folder):
        label = _LABELS.get(kind)
        if label and target in package.NameToInfo and target not in found[label]:
            found[label].append(target)
    return {label: names for label, names in found.items() if names}


class _Links:
    """Collects (kind, target) of a relationships part, the outside ones left out."""

    def __init__(self, folder: str) -> None:
        self.links: list[tuple[str, str]] = []
        self._folder = folder

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keeps one relationship."""
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            inside = target[1:] if target.startswith("/") else normpath(join(self._folder, target))
            self.links.append((attributes.get("Type", "").rpartition("/")[2], inside))

    def end(self, tag: str) -> None:
        """Nothing ends here."""

    def data(self, text: str) -> None:
        """Relationships hold no text."""


def _relationships(package: zipfile.ZipFile, name: str, folder: str) -> list[tuple[str, str]]:
    """The relationships of a part; none when there is no such part or it is broken."""
    if name not in package.NameToInfo:
        return []
    links = _Links(folder)
    try:
        feed_part(package, name, links)
    except etree.XMLSyntaxError:
        return []
    return links.links


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


class _Story:
    """Hears a part's XML and keeps its text, in reading order."""

    def __init__(self) -> None:
        self._frames = [_Frame()]
        self._skipping = 0
        self._in_text = False
        self._heard = 0
        self._alternatives: list[int] = []

    @property
    def lines(self) -> list[str]:
        """The lines so far; a last paragraph without an end counts."""
        self._frames[0].end_paragraph()
        return self._frames[0].lines

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if self._skipping:
            self._skipping += 1
        elif tag == "t":
            self._in_text = True
        elif tag in _STARTS:
            self._start_structure(tag, attributes)

    def _start_structure(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element that shapes the text opens."""
        if tag in _LEFT_OUT or (tag == "Fallback" and self._choice_spoke()):
            self._skipping = 1
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
        if self._in_text and not self._skipping:
            self._frames[-1].pieces.append(text)
            self._heard += len(text)

    def end(self, tag: str) -> None:
        """An element closes."""
        if self._skipping:
            self._skipping -= 1
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
