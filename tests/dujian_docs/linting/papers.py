"""Documents to check: a genre's sample as it is printed, and the same with one thing changed."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import lru_cache
from typing import Any

import docx

from dujian_docs.documents import genre_of, shipped_templates
from dujian_docs.documents.rendering import render
from dujian_docs.linting import Finding, Names, Report, lint, read

MAIN = "word/document.xml"
STYLES = "word/styles.xml"


@lru_cache(maxsize=64)
def printed(genre: str) -> bytes:
    """The sample document of a genre."""
    found = genre_of(genre, [shipped_templates()])
    return render(found.template, {"number": "", **found.sample()}, at=datetime(2026, 6, 30))


def changed(content: bytes, part: str, old: str, new: str, *, times: int = 1) -> bytes:
    """The document with ``old`` in a part written as ``new``; it has to be there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w") as copy:
        for entry in package.infolist():
            data = package.read(entry)
            if entry.filename == part:
                text = data.decode()
                assert old in text, f"{old} is not in {part}"
                data = text.replace(old, new, times).encode()
            copy.writestr(entry, data)
    return out.getvalue()


def added(content: bytes, text: str, style: str = "GwBody") -> bytes:
    """The document with a paragraph more, before 二、."""
    opened = f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t xml:space="preserve">'
    paragraph = f"{opened}{text}</w:t></w:r></w:p>"
    heading = '<w:p><w:pPr><w:pStyle w:val="GwLevel1"/></w:pPr><w:r><w:t xml:space="preserve">二、'
    return changed(content, MAIN, heading, paragraph + heading)


def report(content: bytes, *, names: Names | None = None) -> Report:
    """What is found in a document."""
    return lint(read(content), names)


def found(content: bytes, rule: str, *, names: Names | None = None) -> tuple[Finding, ...]:
    """The findings of one rule."""
    return tuple(one for one in report(content, names=names).findings if one.rule == rule)


def letter_home(*texts: str) -> bytes:
    """A document of plain paragraphs, as a program makes it that knows nothing of 公文."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.core_properties.author = "甲"
    return _saved(document)


def table(*rows: tuple[str, ...]) -> bytes:
    """A document that is one table."""
    document = docx.Document()
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return _saved(document)


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
