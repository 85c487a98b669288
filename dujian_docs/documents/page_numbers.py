"""Page numbers: ``— 1 —`` below the text area, and the same for pages that lie on their side."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.oxml import parse_xml

from dujian_docs.documents.styles import DECLARED, FOOTER, LEFT, STYLES, TEXT_WIDTH

EMU_PER_TWIP = 635
NUMBER_LINE = 280
"""The pitch of the line of a page number."""


def page_number(style: str, properties: str = "") -> str:
    """``— 1 —`` with the page's number."""

    def field(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def text(shown: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{shown}</w:t></w:r>'

    return (
        f'<w:p {DECLARED}><w:pPr><w:pStyle w:val="{STYLES[style][0]}"/>{properties}</w:pPr>'
        f"{text('— ')}{field('begin')}"
        f'<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>{field("separate")}{text("1")}'
        f"{field('end')}{text(' —')}</w:p>"
    )


def turned_page_numbers(document: Document) -> list[Any]:
    """References to footers that number a landscape page where upright ones have their number (clause 7.5).

    Held upright, such a page has it below its text area like the others: it stands in a turned text box.
    """
    found = []
    for style, kind in (("页码单", "default"), ("页码双", "even")):
        part, identifier = document.part.add_footer_part()  # type: ignore[no-untyped-call]
        root = part.element
        for element in list(root):
            root.remove(element)
        anchor = parse_xml(f'<w:p {DECLARED}><w:pPr><w:pStyle w:val="{STYLES["版记锚"][0]}"/></w:pPr></w:p>')
        anchor.append(parse_xml(_turned_box(page_number(style))))
        root.append(anchor)
        found.append(parse_xml(f'<w:footerReference {DECLARED} w:type="{kind}" r:id="{identifier}"/>'))
    return found


def _turned_box(content: str) -> str:
    """A text box in the left margin whose lines run from top to bottom, letters with their heads right."""
    left, top = FOOTER * EMU_PER_TWIP, LEFT * EMU_PER_TWIP
    width, height = NUMBER_LINE * EMU_PER_TWIP, TEXT_WIDTH * EMU_PER_TWIP
    return (
        f'<w:r {DECLARED}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="3" behindDoc="0" '
        'locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{left}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{top}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        '<wp:docPr id="9705" name="横页页码"/><wp:cNvGraphicFramePr/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        f'<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        "<a:ln><a:noFill/></a:ln></wps:spPr>"
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr vert="vert" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/>'
        "</wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        "</mc:AlternateContent></w:r>"
    )
