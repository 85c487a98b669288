"""Which codec reads 8-bit text that old Office formats mark with a Windows codepage or a language."""

from __future__ import annotations

import codecs

from indexer.extract.plain import encoding_of

WESTERN = "cp1252"
_WIDER = {
    932: "cp932",
    936: "gb18030",
    950: "big5hkscs",
    1200: "utf-16-le",
    1201: "utf-16-be",
    10000: "mac_roman",
    10002: "big5hkscs",
    10008: "gb18030",
    20127: "latin-1",
    20936: "gb18030",
    28591: WESTERN,
    50936: "gb18030",
    51932: "euc_jp",
    51936: "gb18030",
    52936: "hz",
    54936: "gb18030",
    65000: "utf-7",
    65001: "utf-8",
}
"""Codepage → Python codec where the name does not follow from the number, or a wider set does no harm."""
_SCRIPTS = {
    0x01: 1256,
    0x02: 1251,
    0x04: 936,
    0x05: 1250,
    0x08: 1253,
    0x0D: 1255,
    0x0E: 1250,
    0x11: 932,
    0x12: 949,
    0x15: 1250,
    0x18: 1250,
    0x19: 1251,
    0x1A: 1250,
    0x1B: 1250,
    0x1C: 1250,
    0x1E: 874,
    0x1F: 1254,
    0x20: 1256,
    0x22: 1251,
    0x23: 1251,
    0x24: 1250,
    0x25: 1257,
    0x26: 1257,
    0x27: 1257,
    0x29: 1256,
    0x2A: 1258,
    0x2F: 1251,
}
"""Primary language ([MS-LCID]) → Windows codepage, where it is not the western one."""
_TRADITIONAL = frozenset({0x0404, 0x0C04, 0x1404})
_SERBIAN_CYRILLIC = frozenset({0x0C1A, 0x1C1A})


def codec_of(codepage: int) -> str | None:
    """The Python codec of a Windows codepage; None when there is none or the number says nothing."""
    if codepage in _WIDER:
        return _WIDER[codepage]
    try:
        return codecs.lookup(f"cp{codepage}").name
    except LookupError:
        return None


def codec_of_language(language: int) -> str:
    """The codec that programs of that language wrote 8-bit text in."""
    if language in _TRADITIONAL:
        return "big5hkscs"
    if language in _SERBIAN_CYRILLIC:
        return "cp1251"
    return codec_of(_SCRIPTS.get(language & 0x3FF, 1252)) or WESTERN


def decoded(data: bytes, codepage: int) -> str:
    """The text of ``data`` in that codepage, or in the likeliest encoding when the codepage says nothing."""
    return data.decode(codec_of(codepage) or encoding_of(data) or WESTERN, "replace")
