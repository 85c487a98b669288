"""The text of a .docx, paragraph by paragraph, as it is read: what changes when a clerk edits the file.

Properties are left out: Word and WPS write them anew at every saving. So are the fallbacks that they write
beside a text box for older programs, which hold its text a second time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from dujian_docs.errors import InputInvalid

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PART = re.compile(r"word/(document|(header|footer|footnotes|endnotes)\d*)\.xml")
_MOST_BYTES = 50_000_000
"""Of one part, unpacked; the largest real document has about a hundredth of it."""
_P = f"{_W}p"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}
_TEXTS = (f"{_W}t", *_BREAKS)


def paragraphs_of(content: bytes) -> tuple[str, ...]:
    """Every paragraph that says something, the body's first.

    A text box follows the paragraph it is tied to; of headers, footers and notes what repeats is told once.

    Raises:
        InputInvalid: it is no .docx file, or one of its parts is far too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = sorted(
                (entry for entry in package.infolist() if _PART.fullmatch(entry.filename)),
                key=lambda entry: (entry.filename != "word/document.xml", entry.filename),
            )
            if not parts or any(entry.file_size > _MOST_BYTES for entry in parts):
                raise _unreadable()
            body, *rest = (tuple(_texts(package.read(entry))) for entry in parts)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, NotImplementedError, RuntimeError) as error:
        raise _unreadable() from error
    return (*body, *dict.fromkeys(text for texts in rest for text in texts))


def _texts(part: bytes) -> Iterator[str]:
    """In one pass: a text belongs to the nearest paragraph above it, which may lie in a text box."""
    root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    found: dict[Any, list[str]] = {}
    for element in root.iter(_P, *_TEXTS):
        if element.tag == _P:
            found[element] = []
            continue
        above = element.getparent()
        while above is not None and above.tag != _P:
            above = above.getparent()
        if above is not None:
            found[above].append(_BREAKS.get(element.tag) or element.text or "")
    doubled = next(root.iter(_FALLBACK), None) is not None
    for paragraph, pieces in found.items():
        text = "".join(pieces).strip()
        if text and not (doubled and next(paragraph.iterancestors(_FALLBACK), None) is not None):
            yield text


def _unreadable() -> InputInvalid:
    return InputInvalid("不是能读出文字的 .docx 文件", remedy="换成 .docx 文件，或在 WPS 里另存为 .docx")
