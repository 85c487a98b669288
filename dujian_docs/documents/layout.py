"""The shapes that a template is made of: paragraphs, ruled tables, and the 版记 at the foot of the last page.

Each gives WordprocessingML text; ``fill`` puts them into a document made by ``blank.blank_document``.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml

from dujian_docs.documents.blank import page_setup
from dujian_docs.documents.page_numbers import EMU_PER_TWIP, turned_page_numbers
from dujian_docs.documents.styles import COLOPHON_LINE, DECLARED, NAMESPACES, STYLES, TEXT_WIDTH

COLOPHON_NAME = "版记"
COLOPHON_SLACK = 65
ROW_LINE = 567
_ROW_HEIGHT = f'<w:trHeight w:val="{ROW_LINE}" w:hRule="atLeast"/>'


def paragraph(style: str, *runs: str, properties: str = "") -> str:
    """A paragraph; ``properties`` are added to those of the style (in the schema's order, after pStyle)."""
    identifier = STYLES[style][0]
    return f'<w:p><w:pPr><w:pStyle w:val="{identifier}"/>{properties}</w:pPr>{"".join(runs)}</w:p>'


def run(text: str, *, style: str = "") -> str:
    """A run of text, which may hold template tags."""
    chosen = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{chosen}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def blank(style: str = "公文正文") -> str:
    """An empty line."""
    return paragraph(style)


def tag(text: str) -> str:
    """A paragraph that only holds a tag, and is gone once the template is filled."""
    return paragraph("公文正文", run(text))


def table(columns: Sequence[tuple[str, int, str, str]], rows: str) -> str:
    """A ruled table, one row for each record of ``rows``; a column is heading, twips, tag and style."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for _, width, _, _ in columns)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    head = "".join(_cell(width, paragraph("表头", run(title))) for title, width, _, _ in columns)
    body = "".join(_cell(width, paragraph(style, run(text))) for _, width, text, style in columns)
    width = sum(column[1] for column in columns)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"{_cell_margins(85, 40)}</w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/>{_ROW_HEIGHT}<w:tblHeader/></w:trPr>{head}</w:tr>"
        f"{_tag_row(len(columns), f'{{%tr for row in {rows} %}}')}"
        f"<w:tr><w:trPr><w:cantSplit/>{_ROW_HEIGHT}</w:trPr>{body}</w:tr>"
        f"{_tag_row(len(columns), '{%tr endfor %}')}</w:tbl>"
    )


def form(
    rows: Sequence[Sequence[tuple[str, int]]],
    width: int,
    *,
    ruled: bool = True,
    lines_high: Sequence[int] = (),
) -> str:
    """A table of rows of cells; a cell is its paragraphs and its width in twips, a row adds up to ``width``.

    Rows may have different cells: the grid is made of every edge that any of them has. ``lines_high`` says
    of each row how many lines it has at least.
    """
    edges = sorted({sum(cell[1] for cell in row[:end]) for row in rows for end in range(len(row) + 1)})
    grid = "".join(f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges))
    rule = "single" if ruled else "nil"
    borders = "".join(
        f'<w:{side} w:val="{rule}" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    lines = []
    for number, row in enumerate(rows):
        cells, at = [], 0
        for content, wide in row:
            span = sum(1 for edge in edges if at < edge <= at + wide)
            cells.append(_cell(wide, content, span=span))
            at += wide
        high = lines_high[number] if lines_high else 1
        least = f'<w:trHeight w:val="{high * ROW_LINE}" w:hRule="atLeast"/>' if ruled or high > 1 else ""
        lines.append(f"<w:tr><w:trPr><w:cantSplit/>{least}</w:trPr>{''.join(cells)}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"{_cell_margins(85, 40)}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def _cell(width: int, content: str, *, span: int = 1) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}<w:vAlign w:val="center"/></w:tcPr>'
        f"{content}</w:tc>"
    )


def _cell_margins(across: int, down: int = 0) -> str:
    widths = {"top": down, "left": across, "bottom": down, "right": across}
    sides = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in widths.items())
    return f"<w:tblCellMar>{sides}</w:tblCellMar>"


def _tag_row(columns: int, tag: str) -> str:
    return f"<w:tr>{_cell(TEXT_WIDTH, paragraph('表格文字', run(tag)), span=columns)}</w:tr>"


def letter_colophon(cc: str) -> str:
    """The 版记 of a letter: 抄送 alone, with no rules (clause 10.1); must be the last paragraph."""
    width = TEXT_WIDTH * EMU_PER_TWIP
    inner = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'{_cell_margins(0)}</w:tblPr><w:tblGrid><w:gridCol w:w="{TEXT_WIDTH}"/></w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(TEXT_WIDTH, paragraph('版记抄送', run(cc)))}</w:tr>"
        f"</w:tbl>{paragraph('版记锚')}"
    )
    box = _anchored_box(inner, width, (COLOPHON_LINE + COLOPHON_SLACK) * EMU_PER_TWIP)
    return tag("{%p if cc %}") + paragraph("版记锚", box) + tag("{%p endif %}")


def colophon(cc: str, printer: str, printed: str) -> str:
    """The 版记: a text box at the bottom of the last page's text area; must be the last paragraph.

    A floating table or a framed paragraph would be the plain way; LibreOffice 7.4 leaves both in the flow.
    ``fitting`` sets height and rules once the texts are known.
    """
    width, height = TEXT_WIDTH * EMU_PER_TWIP, (2 * COLOPHON_LINE + COLOPHON_SLACK) * EMU_PER_TWIP
    left = TEXT_WIDTH * 5 // 9
    copied = _cell(TEXT_WIDTH, paragraph("版记抄送", run(cc)), span=2)
    rows = (
        f"{_tag_row(2, '{%tr if cc %}')}"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{copied}</w:tr>"
        f"{_tag_row(2, '{%tr endif %}')}"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(left, paragraph('版记印发机关', run(printer)))}"
        f"{_cell(TEXT_WIDTH - left, paragraph('版记印发日期', run(printed)))}</w:tr>"
    )
    inner = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'{_cell_margins(0)}</w:tblPr><w:tblGrid><w:gridCol w:w="{left}"/>'
        f'<w:gridCol w:w="{TEXT_WIDTH - left}"/></w:tblGrid>{rows}</w:tbl>'
        f"{paragraph('版记锚')}"  # a table may not end the box
    )
    return paragraph("版记锚", _anchored_box(inner, width, height))


def _anchored_box(inner: str, width: int, height: int) -> str:
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" '
        'locked="0" layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>'
        '<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        "<wp:wrapTopAndBottom/>"
        f'<wp:docPr id="9704" name="{COLOPHON_NAME}"/><wp:cNvGraphicFramePr/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr>'
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>"
    )


def section_end(*, landscape: bool, letter: bool = False) -> str:
    """The end of a section on upright or landscape pages; ``fill`` gives it page numbers that suit."""
    setup = "".join(page_setup(landscape=landscape, letter=letter))
    return paragraph("版记锚", properties=f"<w:sectPr>{setup}</w:sectPr>")


def fill(document: Document, blocks: Sequence[str], *, landscape: bool = False) -> None:
    """The document's body holds the blocks in order; its last section is upright or ``landscape``."""
    body = document.element.body
    last = body.find("w:sectPr", NAMESPACES)
    upright = last.findall("w:footerReference", NAMESPACES)
    turned: list[Any] = []
    wrapper = parse_xml(f"<w:body {DECLARED}>{''.join(blocks)}</w:body>")
    sections = list(wrapper.iter(f"{{{NAMESPACES['w']}}}sectPr"))
    for position, element in enumerate(list(wrapper)):
        body.insert(position, element)
    if landscape:
        for child in list(last):
            last.remove(child)
        for text in page_setup(landscape=True):
            last.append(parse_xml(text))
        sections.append(last)
    for section in sections:
        wide = section.find("w:pgSz[@w:orient='landscape']", NAMESPACES) is not None
        if wide and not turned:
            turned = turned_page_numbers(document)
        for reference in reversed(turned if wide else upright):
            section.insert(0, deepcopy(reference))
    if sections and sections[0] is not last:
        _open_with(sections[0], last)


def _open_with(first: Any, last: Any) -> None:
    """What stands on the first page of the document is said in its first section, and only there."""
    for header in last.findall("w:headerReference", NAMESPACES):
        first.insert(0, header)
    differs = last.find("w:titlePg", NAMESPACES)
    if differs is not None:
        first.insert(list(first).index(first.find("w:docGrid", NAMESPACES)), differs)
