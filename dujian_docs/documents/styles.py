"""The page and the named styles of GB/T 9704-2012.

Every part of a document has a style of its own, so that a clerk may edit a template in WPS or Word and
``fitting`` still finds the parts. Lengths are in twips (1/20 pt) unless a name says otherwise; a character of
body text is 315 twips (16 pt less 0.25 pt), which makes 28 to a line of 156 mm. Source: clauses 5–7; that a
grid of lines with exact pitch and run spacing −5 gives 22 × 28 in LibreOffice was measured.
"""

from __future__ import annotations

from datetime import datetime

import docx
from docx.document import Document
from docx.oxml import parse_xml

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, RIGHT, BOTTOM, LEFT = 2098, 1474, 1984, 1587
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
PITCH = 579
"""22 lines in 225 mm: 28.95 pt."""
CHARACTER = 315
SMALL_CHARACTER = 280
"""One character of 14 pt (4号), with no run spacing."""
FOOTER = 1459
"""Puts the dash of the page number 7 mm below the text area."""
RULE_SPACE_PT, RULE_EIGHTHS = 9, 12
"""The red rule: distance below the 发文字号 and thickness in eighths of a point."""
COLOPHON_LINE = 500

LATIN, FANG, KAI, HEI = "Times New Roman", "仿宋_GB2312", "楷体_GB2312", "黑体"
SONG, BIAO = "宋体", "方正小标宋简体"

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def faces(east_asian: str, *, latin: str = LATIN) -> str:
    """The fonts of a run; the hint makes quotation marks and dashes take the Chinese font."""
    western = " ".join(f'w:{slot}="{latin}"' for slot in ("ascii", "hAnsi", "cs"))
    return f'<w:rFonts {western} w:eastAsia="{east_asian}" w:hint="eastAsia"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _spacing(*, line: int = PITCH, before: int = 0, after: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="exact"/>'


def _right_inset(characters: int) -> str:
    return f'<w:ind w:rightChars="{characters * 100}" w:right="{characters * CHARACTER}"/>'


_FIRST_LINE = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_SMALL = f'<w:spacing w:val="0"/>{_size(28)}'
_RULE = (
    f'<w:pBdr><w:bottom w:val="single" w:sz="{RULE_EIGHTHS}" w:space="{RULE_SPACE_PT}" w:color="FF0000"/>'
    "</w:pBdr>"
)
_CC_INDENT = (
    '<w:ind w:leftChars="400" w:left="1120" w:rightChars="100" w:right="280" '
    'w:hangingChars="300" w:hanging="840"/>'
)

STYLES: dict[str, tuple[str, str, str]] = {
    # style's name: identifier, paragraph properties, run properties (children in the schema's order)
    "发文机关标志": (
        "GwMark",
        f'{_spacing(line=1040, before=188)}<w:jc w:val="center"/>',
        f'{faces(BIAO, latin=BIAO)}<w:color w:val="FF0000"/><w:spacing w:val="0"/>{_size(92)}',
    ),
    "发文字号": ("GwNumber", f'{_RULE}<w:jc w:val="center"/>', ""),
    "红线下空行": ("GwBelowRule", _spacing(line=PITCH - RULE_SPACE_PT * 20 - RULE_EIGHTHS * 20 // 8), ""),
    "公文标题": (
        "GwTitle",
        f'<w:keepNext/>{_spacing()}<w:jc w:val="center"/>',
        f'{faces(BIAO, latin=BIAO)}<w:spacing w:val="0"/>{_size(44)}',
    ),
    "主送机关": ("GwMainTo", "<w:keepNext/>", ""),
    "公文正文": ("GwBody", _FIRST_LINE, ""),
    "一级标题": ("GwLevel1", f"<w:keepNext/>{_FIRST_LINE}", f"{faces(HEI, latin=HEI)}{_size(32)}"),
    "附件说明": ("GwAnnexNote", '<w:keepNext/><w:ind w:left="1811" w:hanging="236"/>', ""),
    "署名前空行": ("GwBeforeSign", "<w:keepNext/>", ""),
    "署名": ("GwSign", f'<w:keepNext/>{_right_inset(2)}<w:jc w:val="right"/>', ""),
    "成文日期": ("GwDate", f'{_right_inset(4)}<w:jc w:val="right"/>', ""),
    "附注": ("GwNote", _FIRST_LINE, ""),
    "附件标号": (
        "GwAnnexMark",
        '<w:keepNext/><w:pageBreakBefore/><w:jc w:val="left"/>',
        f"{faces(HEI, latin=HEI)}{_size(32)}",
    ),
    "附件标题": (
        "GwAnnexTitle",
        f'<w:keepNext/>{_spacing()}<w:jc w:val="center"/>',
        f'{faces(BIAO, latin=BIAO)}<w:spacing w:val="0"/>{_size(44)}',
    ),
    "附件空行": ("GwAnnexBlank", "<w:keepNext/>", ""),
    "附表标题": (
        "GwTableTitle",
        f'<w:keepNext/>{_spacing(before=145, after=80)}<w:jc w:val="left"/>',
        f"{faces(HEI, latin=HEI)}{_size(32)}",
    ),
    "表头": (
        "GwTableHead",
        f'<w:keepNext/>{_spacing(line=420)}<w:jc w:val="center"/>',
        f"{faces(HEI, latin=HEI)}{_SMALL}",
    ),
    "表格文字": ("GwTableText", f'{_spacing(line=420)}<w:jc w:val="left"/>', f"{faces(FANG)}{_SMALL}"),
    "表格居中文字": (
        "GwTableCentred",
        f'{_spacing(line=420)}<w:jc w:val="center"/>',
        f"{faces(FANG)}{_SMALL}",
    ),
    "版记抄送": (
        "GwCc",
        f"{_spacing(line=COLOPHON_LINE)}{_CC_INDENT}",
        f"{faces(FANG)}{_SMALL}",
    ),
    "版记印发机关": (
        "GwPrinter",
        f'{_spacing(line=COLOPHON_LINE)}<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>',
        f"{faces(FANG)}{_SMALL}",
    ),
    "版记印发日期": (
        "GwPrinted",
        f'{_spacing(line=COLOPHON_LINE)}<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>',
        f"{faces(FANG)}{_SMALL}",
    ),
    "版记锚": ("GwAnchor", _spacing(line=20), '<w:sz w:val="2"/><w:szCs w:val="2"/>'),
    "页码单": (
        "GwFooterOdd",
        f'{_spacing(line=280)}<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>',
        f"{faces(SONG, latin=SONG)}{_SMALL}",
    ),
    "页码双": (
        "GwFooterEven",
        f'{_spacing(line=280)}<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>',
        f"{faces(SONG, latin=SONG)}{_SMALL}",
    ),
}
KAI_RUN = "GwLevel2"
"""The character style of a level-two heading (（一）), which may stand at the head of a paragraph."""


def blank_document(made: datetime) -> Document:
    """An empty document with page, styles, page numbers and nothing of python-docx's own template left."""
    document = docx.Document()
    _clear(document)
    _define_styles(document)
    _set_page(document)
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
        f'<w:spacing w:val="-5"/><w:kern w:val="0"/>{_size(32)}'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        f'<w:style {DECLARED} w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        '<w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/>'
        f'<w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>{_spacing()}<w:jc w:val="both"/></w:pPr>'
        f"<w:rPr>{faces(FANG)}{_size(32)}</w:rPr></w:style>"
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


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.footer.is_linked_to_previous = False
    section.even_page_footer.is_linked_to_previous = False
    for footer, style in ((section.footer, "页码单"), (section.even_page_footer, "页码双")):
        root = footer._element  # noqa: SLF001 - python-docx gives no other way to a footer's XML
        for element in list(root):
            root.remove(element)
        root.append(parse_xml(_page_number(STYLES[style][0])))
    old = section._sectPr  # noqa: SLF001 - likewise
    for element in list(old):
        if not element.tag.endswith("}footerReference"):
            old.remove(element)
    margins = f'w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" w:footer="{FOOTER}"'
    for text in (
        f'<w:pgSz {DECLARED} w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/>',
        f'<w:pgMar {DECLARED} {margins} w:header="850" w:gutter="0"/>',
        f'<w:cols {DECLARED} w:space="720"/>',
        f'<w:docGrid {DECLARED} w:type="lines" w:linePitch="{PITCH}"/>',
    ):
        old.append(parse_xml(text))


def _page_number(style: str) -> str:
    """``— 1 —`` with the page's number."""

    def field(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def text(shown: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{shown}</w:t></w:r>'

    return (
        f'<w:p {DECLARED}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{text("— ")}{field("begin")}'
        f'<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>{field("separate")}{text("1")}'
        f"{field('end')}{text(' —')}</w:p>"
    )


def _set_settings(document: Document) -> None:
    document.settings.odd_and_even_pages_header_footer = True
    root = document.settings.element
    for name in ("themeFontLang", "characterSpacingControl"):
        for element in root.findall(f"w:{name}", NAMESPACES):
            root.remove(element)
