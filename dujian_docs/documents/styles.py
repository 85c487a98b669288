"""The page and the named styles of GB/T 9704-2012.

Every part of a document has a style of its own, so that a clerk may edit a template in WPS or Word and
``fitting`` still finds the parts. Lengths are in twips (1/20 pt) unless a name says otherwise; a character of
body text is 315 twips (16 pt less 0.25 pt), which makes 28 to a line of 156 mm. Source: clauses 5–7; that a
grid of lines with exact pitch and run spacing −5 gives 22 × 28 in LibreOffice was measured.
"""

from __future__ import annotations

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, RIGHT, BOTTOM, LEFT = 2098, 1474, 1984, 1587
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
PITCH = 579
"""22 lines in 225 mm: 28.95 pt."""
JOINT_WIDTH = TEXT_WIDTH * 3 // 4
"""Of the offices of a joint issue in its head; 文件 has the rest."""
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
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def faces(east_asian: str, *, latin: str = LATIN) -> str:
    """The fonts of a run; the hint makes quotation marks and dashes take the Chinese font."""
    western = " ".join(f'w:{slot}="{latin}"' for slot in ("ascii", "hAnsi", "cs"))
    return f'<w:rFonts {western} w:eastAsia="{east_asian}" w:hint="eastAsia"/>'


def size(half_points: int) -> str:
    """The size of a run, in half points."""
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def spacing(*, line: int = PITCH, before: int = 0, after: int = 0) -> str:
    """Exact line pitch and the space around, in twips."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="exact"/>'


def _right_inset(characters: int) -> str:
    return f'<w:ind w:rightChars="{characters * 100}" w:right="{characters * CHARACTER}"/>'


_FIRST_LINE = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_SMALL = f'<w:spacing w:val="0"/>{size(28)}'
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
        f'{spacing(line=1040, before=188)}<w:jc w:val="center"/>',
        f'{faces(BIAO, latin=BIAO)}<w:color w:val="FF0000"/><w:spacing w:val="0"/>{size(92)}',
    ),
    "发文字号": ("GwNumber", f'{_RULE}<w:jc w:val="center"/>', ""),
    "份号": ("GwCopyNumber", '<w:jc w:val="left"/>', ""),
    "密级": ("GwSecrecy", '<w:jc w:val="left"/>', f"{faces(HEI, latin=HEI)}{size(32)}"),
    "联合发文机关": (
        "GwJointMark",
        f'{spacing(line=760)}<w:jc w:val="distribute"/>',
        f'{faces(BIAO, latin=BIAO)}<w:color w:val="FF0000"/><w:spacing w:val="0"/>{size(64)}',
    ),
    "上行文字号": (
        "GwUpwardNumber",
        (
            f'{_RULE}<w:tabs><w:tab w:val="left" w:pos="{CHARACTER}"/>'
            f'<w:tab w:val="right" w:pos="{TEXT_WIDTH - CHARACTER}"/></w:tabs><w:jc w:val="left"/>'
        ),
        "",
    ),
    "信函标志": (
        "GwLetterMark",
        (
            '<w:pBdr><w:bottom w:val="thickThinSmallGap" w:sz="18" w:space="6" w:color="FF0000"/></w:pBdr>'
            f'{spacing(line=900)}<w:ind w:left="-397" w:right="-397"/><w:jc w:val="center"/>'
        ),
        f'{faces(BIAO, latin=BIAO)}<w:color w:val="FF0000"/><w:spacing w:val="0"/>{size(72)}',
    ),
    "信函下线": (
        "GwLetterFoot",
        (
            '<w:pBdr><w:bottom w:val="thinThickSmallGap" w:sz="18" w:space="0" w:color="FF0000"/></w:pBdr>'
            f'{spacing(line=20)}<w:ind w:left="-397" w:right="-397"/>'
        ),
        '<w:sz w:val="2"/><w:szCs w:val="2"/>',
    ),
    "信函字号": (
        "GwLetterNumber",
        (
            f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>{spacing(before=60)}'
            '<w:jc w:val="left"/>'
        ),
        "",
    ),
    "令号": ("GwOrderNumber", '<w:jc w:val="center"/>', ""),
    "红线下空行": ("GwBelowRule", spacing(line=PITCH - RULE_SPACE_PT * 20 - RULE_EIGHTHS * 20 // 8), ""),
    "公文标题": (
        "GwTitle",
        f'<w:keepNext/>{spacing()}<w:jc w:val="center"/>',
        f'{faces(BIAO, latin=BIAO)}<w:spacing w:val="0"/>{size(44)}',
    ),
    "主送机关": ("GwMainTo", "<w:keepNext/>", ""),
    "公文正文": ("GwBody", _FIRST_LINE, ""),
    "一级标题": ("GwLevel1", f"<w:keepNext/>{_FIRST_LINE}", f"{faces(HEI, latin=HEI)}{size(32)}"),
    "二级标题": ("GwLevel2Text", f"<w:keepNext/>{_FIRST_LINE}", f"{faces(KAI)}{size(32)}"),
    "题注": ("GwSubtitle", '<w:keepNext/><w:jc w:val="center"/>', f"{faces(KAI)}{size(32)}"),
    "文中标题": (
        "GwInnerTitle",
        f'<w:keepNext/>{spacing()}<w:jc w:val="center"/>',
        f'{faces(BIAO, latin=BIAO)}<w:spacing w:val="0"/>{size(44)}',
    ),
    "顶格正文": ("GwUnindented", "", ""),
    "出席人员": (
        "GwAttendance",
        (
            f'<w:ind w:leftChars="500" w:left="{5 * CHARACTER}" '
            f'w:hangingChars="300" w:hanging="{3 * CHARACTER}"/><w:jc w:val="left"/>'
        ),
        "",
    ),
    "签名章": ("GwSignet", f'<w:keepNext/>{_right_inset(4)}<w:jc w:val="right"/>', ""),
    "附件说明": ("GwAnnexNote", '<w:keepNext/><w:ind w:left="1811" w:hanging="236"/>', ""),
    "署名前空行": ("GwBeforeSign", "<w:keepNext/>", ""),
    "署名": ("GwSign", f'<w:keepNext/>{_right_inset(2)}<w:jc w:val="right"/>', ""),
    "成文日期": ("GwDate", f'{_right_inset(4)}<w:jc w:val="right"/>', ""),
    "附注": ("GwNote", _FIRST_LINE, ""),
    "附件标号": (
        "GwAnnexMark",
        '<w:keepNext/><w:pageBreakBefore/><w:jc w:val="left"/>',
        f"{faces(HEI, latin=HEI)}{size(32)}",
    ),
    "附件标题": (
        "GwAnnexTitle",
        f'<w:keepNext/>{spacing()}<w:jc w:val="center"/>',
        f'{faces(BIAO, latin=BIAO)}<w:spacing w:val="0"/>{size(44)}',
    ),
    "附件空行": ("GwAnnexBlank", "<w:keepNext/>", ""),
    "附表标题": (
        "GwTableTitle",
        f'<w:keepNext/>{spacing(before=145, after=80)}<w:jc w:val="left"/>',
        f"{faces(HEI, latin=HEI)}{size(32)}",
    ),
    "表头": (
        "GwTableHead",
        f'<w:keepNext/>{spacing(line=420)}<w:jc w:val="center"/>',
        f"{faces(HEI, latin=HEI)}{_SMALL}",
    ),
    "表格文字": ("GwTableText", f'{spacing(line=420)}<w:jc w:val="left"/>', f"{faces(FANG)}{_SMALL}"),
    "表格居中文字": (
        "GwTableCentred",
        f'{spacing(line=420)}<w:jc w:val="center"/>',
        f"{faces(FANG)}{_SMALL}",
    ),
    "版记抄送": (
        "GwCc",
        f"{spacing(line=COLOPHON_LINE)}{_CC_INDENT}",
        f"{faces(FANG)}{_SMALL}",
    ),
    "版记印发机关": (
        "GwPrinter",
        f'{spacing(line=COLOPHON_LINE)}<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>',
        f"{faces(FANG)}{_SMALL}",
    ),
    "版记印发日期": (
        "GwPrinted",
        f'{spacing(line=COLOPHON_LINE)}<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>',
        f"{faces(FANG)}{_SMALL}",
    ),
    "版记锚": ("GwAnchor", spacing(line=20), '<w:sz w:val="2"/><w:szCs w:val="2"/>'),
    "页码单": (
        "GwFooterOdd",
        f'{spacing(line=280)}<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>',
        f"{faces(SONG, latin=SONG)}{_SMALL}",
    ),
    "页码双": (
        "GwFooterEven",
        f'{spacing(line=280)}<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>',
        f"{faces(SONG, latin=SONG)}{_SMALL}",
    ),
}
KAI_RUN = "GwLevel2"
"""The character style of a level-two heading (（一）), which may stand at the head of a paragraph."""
