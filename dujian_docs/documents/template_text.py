"""The text of a .docx file, paragraph by paragraph, read with limits on what it may unpack to."""

from __future__ import annotations

import html
import io
import zipfile
from typing import Any

from lxml import etree

from dujian_docs.errors import TemplateInvalid

MOST_PACKED, MOST_UNPACKED, MOST_PARTS = 5_000_000, 50_000_000, 500
"""Bytes of a template file, bytes of its parts unpacked, and how many parts it may have."""
EDITED = "在 WPS 或 Word 里打开模板改正，或从程序自带的 templates 文件夹复制一份原样模板"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def paragraphs_of(name: str, content: bytes) -> list[str]:
    """The text of every paragraph: the body's first, then headers, footers, notes and properties.

    Args:
        name: how messages call the file.
        content: the .docx file.

    Raises:
        TemplateInvalid: it is no .docx file, or too large.
    """
    found: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if (
                len(content) > MOST_PACKED
                or len(entries) > MOST_PARTS
                or sum(e.file_size for e in entries) > MOST_UNPACKED
            ):
                raise TemplateInvalid(f"模板 {name} 太大", remedy="删去模板里的图片和嵌入对象")
            names = [entry.filename for entry in entries if entry.filename.endswith(".xml")]
            for part in sorted(names, key=lambda part: (part != "word/document.xml", part)):
                if part.startswith("word/") or part == "docProps/core.xml":
                    found += texts_of(etree.fromstring(package.read(part), parser()))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, NotImplementedError, RuntimeError) as error:
        raise not_a_document(name) from error
    return found


def texts_of(root: Any) -> list[str]:
    """The text of each paragraph, in order; a text box's own paragraphs follow the one it is anchored in."""
    if root.tag.endswith("}coreProperties"):
        return [element.text or "" for element in root]
    return [
        "".join(
            element.text or ""
            for element in paragraph.iter(f"{_W}t")
            if next(element.iterancestors(f"{_W}p")) is paragraph
        )
        for paragraph in root.iter(f"{_W}p")
    ]


def texts_in(part: str) -> str:
    """The text of a part written by lxml or Jinja, a line to a paragraph; what a box splits is two lines."""
    found: list[str] = []
    for piece in part.split("</w:t>")[:-1]:
        before, _, text = piece.rpartition(">")
        if "w:p>" in before or "<w:p " in before:
            found.append("\n")
        found.append(text)
    return html.unescape("".join(found))


def parser() -> Any:
    """Reads XML without entities, network and huge trees."""
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def not_a_document(name: str) -> TemplateInvalid:
    """The error for what is no .docx file."""
    return TemplateInvalid(f"模板 {name} 不是能打开的 .docx 文件", remedy=EDITED)
