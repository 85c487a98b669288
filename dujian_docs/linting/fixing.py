"""``corrected``: a copy of a document with every safe change made, each character keeping the look it had."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from lxml import etree

from dujian_docs.linting.effective import W
from dujian_docs.linting.findings import Edit, Finding
from dujian_docs.linting.package import paragraphs_in, parsed, text_of, texts_in

_MAIN = "word/document.xml"
_T = f"{W}t"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def corrected(content: bytes, findings: Iterable[Finding]) -> tuple[bytes, int]:
    """The document with the findings' edits made, and how many findings that settled.

    An edit that overlaps one made before it is left for the next time. Every other part of the file stays
    as it is, byte for byte.
    """
    fixable = [one for one in findings if one.edits]
    taken: dict[int, list[Edit]] = defaultdict(list)
    settled = 0
    for finding in fixable:
        if any(_overlap(edit, other) for edit in finding.edits for other in taken[edit.index]):
            continue
        settled += 1
        for edit in finding.edits:
            taken[edit.index].append(edit)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = parsed(package.read(_MAIN))
        paragraphs = paragraphs_in(root)
        for index, edits in taken.items():
            _apply(paragraphs[index], edits)
        main = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return _repacked(package, main), settled


def _overlap(one: Edit, other: Edit) -> bool:
    if one.start == one.end or other.start == other.end:
        return one.start == other.start and one.end == other.end
    return one.start < other.end and other.start < one.end


def _apply(paragraph: Any, edits: Sequence[Edit]) -> None:
    """The last first, so that the places of the others stay true."""
    for edit in sorted(edits, key=lambda one: (one.start, one.end), reverse=True):
        at = 0
        written = False
        pieces = [(one, text_of(one)) for one in texts_in(paragraph)]
        for element, text in pieces:
            start, end = max(edit.start - at, 0), min(edit.end - at, len(text))
            inserts = edit.start == edit.end and at <= edit.start <= at + len(text)
            if element.tag == _T and ((not written and inserts) or start < end):
                new = "" if written else edit.text
                element.text = text[:start] + new + text[max(start, end) :]
                element.set(_SPACE, "preserve")
                written = True
            at += len(text)


def _repacked(package: zipfile.ZipFile, main: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in package.infolist():
            copy.writestr(entry, main if entry.filename == _MAIN else package.read(entry))
    return out.getvalue()
