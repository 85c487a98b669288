"""An empty document of GB/T 9704-2012: its page, its styles, its page numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.oxml import parse_xml

from dujian_docs.documents.page_numbers import page_number
from dujian_docs.documents.styles import (
    BOTTOM,
    DECLARED,
    FANG,
    FOOTER,
    KAI,
    KAI_RUN,
    LEFT,
    NAMESPACES,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PITCH,
    RIGHT,
    STYLES,
    TOP,
    faces,
    size,
    spacing,
)

TURNED_FOOTER = 400
"""Where the footer of a landscape page holds its turned page number, out of the way of the text."""
LETTER_HEADER, LETTER_FOOTER = 1594, 1134
"""Put the 标志 of a letter 30 mm below, its lower rule 20 mm above the edge of the page."""


def blank_document(made: datetime, *, letter: bool = False) -> Document:
    """An empty document with page, styles, page numbers and nothing of python-docx's own template left.

    A letter (信函格式, clause 10.1) has its 标志 and rules in header and footer of the first page.
    """
    document = docx.Document()
    _clear(document)
    _define_styles(document)
    _set_page(document, letter=letter)
    _set_settings(document)
    core = document.core_properties
    core.author, core.title, core.comments, core.keywords = "", "", "", ""
    core.last_modified_by, core.language, core.revision = "", "zh-CN", 1
    core.created = core.modified = made
    return document


def _clear(document: Document) -> None:
    body = document.element.body
    for element in list(body):
        if not element.tag.endswith("}sectPr"):
            body.remove(element)
    package = document.part.package
    for relationship in [key for key, value in package.rels.items() if "thumbnail" in value.reltype]:
        del package.rels[relationship]
    for relationship in [
        key for key, value in document.part.rels.items() if value.reltype.endswith("/customXml")
    ]:
        del document.part.rels[relationship]


def _define_styles(document: Document) -> None:
    root = document.styles.element
    for element in list(root):
        root.remove(element)
    defaults = (
        f"<w:docDefaults {DECLARED}><w:rPrDefault><w:rPr>{faces(FANG)}"
        f'<w:spacing w:val="-5"/><w:kern w:val="0"/>{size(32)}'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        f'<w:style {DECLARED} w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        '<w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/>'
        f'<w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>{spacing()}<w:jc w:val="both"/></w:pPr>'
        f"<w:rPr>{faces(FANG)}{size(32)}</w:rPr></w:style>"
    )
    plain = (
        f'<w:style {DECLARED} w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )
    grid = (
        f'<w:style {DECLARED} w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    )
    level2 = (
        f'<w:style {DECLARED} w:type="character" w:customStyle="1" w:styleId="{KAI_RUN}">'
        f'<w:name w:val="二级标题字"/>'
        f"<w:qFormat/><w:rPr>{faces(KAI)}</w:rPr></w:style>"
    )
    for text in (defaults, normal, plain, grid, level2, *(_style(name) for name in STYLES)):
        root.append(parse_xml(text))


def _style(name: str) -> str:
    identifier, paragraph_properties, run_properties = STYLES[name]
    return (
        f'<w:style {DECLARED} w:type="paragraph" w:customStyle="1" w:styleId="{identifier}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{paragraph_properties}</w:pPr><w:rPr>{run_properties}</w:rPr></w:style>"
    )


def _set_page(document: Document, *, letter: bool) -> None:
    section = document.sections[0]
    lift = '<w:spacing w:before="0" w:after="325" w:line="280" w:lineRule="exact"/>' if letter else ""
    parts: list[tuple[Any, str]] = [
        (section.footer, page_number("页码单", lift)),
        (section.even_page_footer, page_number("页码双", lift)),
    ]
    if letter:
        parts += [
            (section.first_page_header, _line("信函标志", "{{ letterhead }}")),
            (section.first_page_footer, _line("信函下线", "")),
        ]
    for part, content in parts:
        part.is_linked_to_previous = False
        root = part._element  # noqa: SLF001 - python-docx gives no other way to its XML
        for element in list(root):
            root.remove(element)
        root.append(parse_xml(content))
    properties = section._sectPr  # noqa: SLF001 - likewise
    for element in list(properties):
        if not element.tag.endswith("Reference"):
            properties.remove(element)
    for text in page_setup(letter=letter, first_differs=letter):
        properties.append(parse_xml(text))


def page_setup(
    *, letter: bool = False, first_differs: bool = False, landscape: bool = False
) -> tuple[str, ...]:
    """Paper, margins and grid of a section, in the schema's order.

    A landscape page is the portrait one turned clockwise: its head is at the binding edge (clause 7.5).
    """
    width, height, turned = PAGE_WIDTH, PAGE_HEIGHT, ""
    header, footer = (LETTER_HEADER, LETTER_FOOTER) if letter else (850, FOOTER)
    top, right, bottom, left = TOP, RIGHT, BOTTOM, LEFT
    if landscape:
        footer = TURNED_FOOTER
        width, height, turned = height, width, ' w:orient="landscape"'
        top, right, bottom, left = LEFT, TOP, RIGHT, BOTTOM
    margins = f'w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}"'
    first = (f"<w:titlePg {DECLARED}/>",) if first_differs else ()
    return (
        f'<w:pgSz {DECLARED} w:w="{width}" w:h="{height}"{turned}/>',
        f'<w:pgMar {DECLARED} {margins} w:header="{header}" w:footer="{footer}" w:gutter="0"/>',
        f'<w:cols {DECLARED} w:space="720"/>',
        *first,
        f'<w:docGrid {DECLARED} w:type="lines" w:linePitch="{PITCH}"/>',
    )


def _line(style: str, text: str) -> str:
    return (
        f'<w:p {DECLARED}><w:pPr><w:pStyle w:val="{STYLES[style][0]}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def _set_settings(document: Document) -> None:
    document.settings.odd_and_even_pages_header_footer = True
    root = document.settings.element
    for name in ("themeFontLang", "characterSpacingControl"):
        for element in root.findall(f"w:{name}", NAMESPACES):
            root.remove(element)
