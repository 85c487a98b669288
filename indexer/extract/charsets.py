"""Bytes that name their own encoding, as pages, XML and mail do, rightly or wrongly."""

from __future__ import annotations

import codecs

from indexer.extract.plain import encoding_of

WESTERN = "cp1252"
_WIDER = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gb2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "us-ascii": WESTERN,
    "ascii": WESTERN,
    "iso-8859-1": WESTERN,
    "latin1": WESTERN,
    "iso-8859-9": "cp1254",
    "utf-16": "utf-8",
}
"""Declared name → codec, where a wider one does no harm; a name in 8-bit bytes cannot mean UTF-16."""
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TOLERANT = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "cp1254", "cp1250", "cp1251"})
"""Codecs that also accept much that was written in UTF-8."""
_NO_CHARSETS = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)
_SEVEN_BIT = frozenset({"hz", "iso2022_jp", "iso2022_kr"})
_KANA_SHARE = 0.2
_ENOUGH = 4
"""So many letters outside ASCII are no valid UTF-8 by chance in a text that declares another encoding."""


def codec_named(name: str) -> str | None:
    """The codec of a declared encoding; None when there is none for text by that name."""
    low = name.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_WIDER.get(low, low))
    except (LookupError, ValueError):
        return None
    text = getattr(found, "_is_text_encoding", False) and found.name not in _NO_CHARSETS
    return found.name if text else None


def decoded_as(data: bytes, declared: str, sample: bytes | None = None) -> str:
    """The text of ``data``; what it declares is believed when the bytes agree with it.

    ``sample`` are those bytes of it that tell the encoding best, by default all.
    """
    if data.isascii() and b"\0" not in data and codec_named(declared) not in _SEVEN_BIT:
        return data.decode("ascii")
    codec = None if data.startswith(_MARKS) else codec_named(declared)
    if codec in _TOLERANT and _is_utf8(data):
        return data.decode("utf-8")
    told = encoding_of(data) if data.startswith(_MARKS) else None
    if codec is None or codec == WESTERN:
        told = told or _likeliest(data if sample is None else sample)
        return data.decode(told, "replace").removeprefix("\ufeff")
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        told = _likeliest(data if sample is None else sample)
        readings = (data.decode(one, "replace") for one in (codec, told))
        return min(readings, key=lambda text: text.count("\ufffd"))


def _likeliest(data: bytes) -> str:
    """The codec that reads undeclared bytes best; Shift JIS is told by its kana, which GBK hardly uses."""
    found = encoding_of(data) or WESTERN
    if found == "utf-8" or b"\0" in data:
        return found
    wide = [letter for letter in data.decode("cp932", "replace") if letter > "\x7f"]
    kana = sum("\u3041" <= letter <= "\u30fe" for letter in wide)
    japanese = kana > _KANA_SHARE * len(wide) and wide.count("\ufffd") < _KANA_SHARE * len(wide)
    return "cp932" if japanese else found


def _is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 beyond doubt."""
    try:
        return sum(letter > "\x7f" for letter in data.decode("utf-8")) >= _ENOUGH
    except UnicodeDecodeError:
        return False
