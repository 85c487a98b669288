"""From an outline to a template.docx: head, body, tail and 版记 as the layout has them.

Lines are blank where GB/T 9704-2012 wants them; what depends on texts is placed after rendering
(``fitting``).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from dujian_docs.documents.blank import blank_document
from dujian_docs.documents.body import body
from dujian_docs.documents.closing import LANDSCAPE_WIDTH, has_colophon, signature, tail
from dujian_docs.documents.genre_plan import Layout
from dujian_docs.documents.heads import HEADS
from dujian_docs.documents.layout import blank, fill, paragraph, run
from dujian_docs.documents.outline import Outline
from dujian_docs.documents.packing import reproducible
from dujian_docs.documents.styles import TEXT_WIDTH

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed mark in a file, no moment
"""Written into the templates, so that building them twice gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the genre's plan says of its template: the layout and which fields there are."""

    layout: Layout
    fields: frozenset[str]


def built(outline: Outline, wanted: Wanted) -> bytes:
    """The template; the same outline gives the same bytes."""
    wide = "landscape" in outline.words
    document = blank_document(MADE, letter=wanted.layout is Layout.LETTER)
    document.core_properties.title = "{{ title }}"
    document.core_properties.author = "{{ issuer }}" if "issuer" in wanted.fields else ""
    width = LANDSCAPE_WIDTH if wide else TEXT_WIDTH
    text = body(outline.blocks, width=width, signature=signature(wanted.layout, wanted.fields))
    below = tail(outline, wanted.layout, wanted.fields)
    ends_wide = outline.annexes[-1].landscape if outline.annexes and not has_colophon(wanted.layout) else wide
    blocks = [*_head(outline, wanted), *text, *below]
    if blocks[-1].endswith("</w:tbl>"):  # Word wants a paragraph below the last table
        blocks.append(paragraph("版记锚"))
    fill(document, blocks, landscape=ends_wide)
    buffer = io.BytesIO()
    document.save(buffer)
    return reproducible(buffer.getvalue())


def _head(outline: Outline, wanted: Wanted) -> list[str]:
    """版头, 标题 and 主送; an order has no title (clause 10.2)."""
    if wanted.layout is Layout.ORDER:
        return HEADS[wanted.layout]()
    title = [paragraph("公文标题", run("{{ title }}"))]
    if "dated" in outline.words:
        title.append(paragraph("题注", run("（{{ doc_date }}）")))
    title.append(blank())
    if "main_to" in wanted.fields:
        title.append(paragraph("主送机关", run("{{ main_to }}：")))
    return [*HEADS[wanted.layout](), *title]
