"""Reads .docx and .docm: body, tables, headers, footers, text boxes, notes and comments, in order."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

from indexer.extract.endings import corrupt, without_text
from indexer.extract.links import links_of
from indexer.extract.parts import facts_of, feed_part, open_package
from indexer.extract.wordstory import Story, text_of
from indexer.extract.xmltree import MOST_BYTES, tree_of
from indexer.model import Extraction, Limits, Passage, State

_LABELS = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
}
"""Relationship type (its last word) → label of the passage; in this order after the body."""
_BODY = "word/document.xml"
_USUAL_BODY = re.compile(rb'/officeDocument"\s+Target="/?word/document\.xml"')
_MOST_LINKS_BYTES = 1 << 16
_DECLARATION_MARKS = 2
"""Question marks of the line that XML begins with."""
_UP_TO = rb"{0,100}+" if sys.version_info >= (3, 11, 5) else rb"{0,100}"
"""Repeats a group without going back; Pythons before 3.11.5 lose matches so, and go back."""
_PROPERTIES = re.compile(
    rb"<w:(?:pPr>[^<]*+(?:<(?!/w:pPr>)[^<]*+)%b</w:pPr|rPr>[^<]*+(?:<(?!/w:rPr>)[^<]*+)%b</w:rPr)>"
    % (_UP_TO, _UP_TO)
)
"""From a start tag to the next end tag of that name, if that is not too far."""


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
    if package.getinfo(name).file_size <= MOST_BYTES:
        xml = package.read(name)
        root = tree_of(_lean(xml))
        root = tree_of(xml) if root is None else root
        if root is not None:
            return text_of(root)
    story = Story()
    feed_part(package, name, story)
    return story.text


def _lean(xml: bytes) -> bytes:
    """The part without the properties of paragraphs and runs: more than half of it, and none of its text.

    Properties inside properties, as tracked changes have them, leave what is no XML any more.
    """
    hidden = b"!" in xml and b"<!" in xml  # single bytes are sought many times faster than pairs
    hidden = hidden or (xml.count(b"?") > _DECLARATION_MARKS and xml.count(b"<?") > 1)
    return xml if hidden else _PROPERTIES.sub(b"", xml)


def _main_part(package: zipfile.ZipFile) -> str:
    """The name of the part that holds the body."""
    if _BODY in package.NameToInfo and _names_usual_body(package):
        return _BODY
    for link in links_of(package):
        if link.kind == "officeDocument":
            return link.target
    if _BODY in package.NameToInfo:
        return _BODY
    raise corrupt("里面没有正文部件")


def _names_usual_body(package: zipfile.ZipFile) -> bool:
    """Whether the package's own relationships name the usual part, as programs write that."""
    source = package.NameToInfo.get("_rels/.rels")
    small = source is not None and source.file_size <= _MOST_LINKS_BYTES
    return small and _USUAL_BODY.search(package.read("_rels/.rels")) is not None


def _side_parts(package: zipfile.ZipFile, main: str) -> dict[str, list[str]]:
    """Label → part names, in the order of the labels, for parts that exist."""
    found: dict[str, list[str]] = {label: [] for label in _LABELS.values()}
    for link in links_of(package, main, tuple(_LABELS)):
        label = _LABELS.get(link.kind)
        if label and link.target not in found[label]:
            found[label].append(link.target)
    return {label: names for label, names in found.items() if names}
