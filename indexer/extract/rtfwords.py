"""The words and the character sets of RTF that shape its text (specification 1.9.1)."""

from __future__ import annotations

import re

HEADER, FOOTER, FOOTNOTE, ENDNOTE, COMMENT = "页眉", "页脚", "脚注", "尾注", "批注"
CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "big5hkscs",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
"""Character set of a font → codec; the others are those of the document."""
ASIDES = {
    **dict.fromkeys((b"header", b"headerl", b"headerr", b"headerf"), HEADER),
    **dict.fromkeys((b"footer", b"footerl", b"footerr", b"footerf"), FOOTER),
    b"footnote": FOOTNOTE,
    b"annotation": COMMENT,
}
SILENT = frozenset(
    b"colortbl stylesheet pict fldinst listtable listoverridetable revtbl rsidtbl themedata latentstyles "
    b"colorschememapping datastore xmlnstbl filetbl sp tc tcn xe rxe bkmkstart bkmkend ftnsep ftnsepc ftncn "
    b"aftnsep aftnsepc aftncn generator nonshppict nonesttables objdata objclass objname datafield template "
    b"private userprops pgdsctbl upr mmathPict background falt panose atnid atnauthor".split()
)
"""Destinations whose text nobody is shown."""
KNOWN = frozenset({b"shpinst", b"do", b"ud", b"annotation", b"moMath", b"nesttableprops"})
"""Destinations that are read although they are marked as ones that need not be."""
TOLD = {b"title": "title", b"author": "author", b"creatim": "created", b"revtim": "modified"}
CLOCK = {b"yr": 0, b"mo": 1, b"dy": 2, b"hr": 3, b"min": 4}
MARKS = {
    b"par": "\n",
    b"line": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"column": "\n",
    b"row": "\n",
    b"nestrow": "\n",
    b"tab": "\t",
    b"cell": "\t",
    b"nestcell": "\t",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emdash": "—",
    b"endash": "–",
    b"emspace": " ",
    b"enspace": " ",
}
SYMBOLS = {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n", b"\t": "\t"}
BREAKS = frozenset({b"par", b"line", b"sect", b"page", b"column"})
ACTIVE = frozenset(
    {
        b"u",
        b"f",
        b"plain",
        b"pard",
        b"intbl",
        b"deleted",
        b"ftnalt",
        b"uc",
        b"deff",
        b"ansicpg",
        b"fcharset",
        b"cpg",
    }
    | MARKS.keys()
    | CLOCK.keys()
)
"""Control words that mean something wherever they stand."""
NARROWER = {"gb18030": "gb2312", "big5hkscs": "big5", "cp932": "shift_jis", "cp949": "euc_kr"}
"""Codecs of two bytes a character, and those that read only what is in daily use."""
_PAIRS = re.compile(rb"(?>(?:[\x81-\xfe][\x80-\xfe]|[\x00-\x7f])*)")
_NESTING = re.compile(rb"\\bin(\d{1,10}) ?|\\.|[{}]", re.DOTALL)


def end_of_group(data: bytes, at: int) -> int:
    """Where the brace stands that closes the group around ``at``; the end when none does."""
    depth = 1
    while at < len(data):
        for found in _NESTING.finditer(data, at):
            depth += {b"{": 1, b"}": -1}.get(found[0], 0)
            if not depth:
                return found.start()
            if found[1]:
                at = found.end() + int(found[1])
                break
        else:
            break
    return len(data)


def fits(data: bytes, codec: str) -> bool:
    """Whether text in a font for Western letters may be in a document's codec of two bytes a character."""
    if codec not in NARROWER:
        return True
    for one in (NARROWER[codec], codec):
        try:
            data.decode(one)
        except UnicodeDecodeError:
            continue
        return one != codec or _PAIRS.fullmatch(data) is not None
    return False
