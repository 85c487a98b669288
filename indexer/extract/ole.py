"""What a legacy Office file tells of itself: its property set ([MS-OLEPS]), and signatures."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from indexer.extract.codepages import decoded
from indexer.extract.compound import Compound
from indexer.extract.endings import Unreadable
from indexer.model import Facts

_SUMMARY = "\x05SummaryInformation"
_SIGNATURES = frozenset({"_signatures", "_xmlsignatures"})
_FIRST_SET = 44
"""Where a property set stream gives the offset of its first set ([MS-OLEPS] 2.21)."""
_MOST_PROPERTIES = 500
_CODEPAGE, _TITLE, _AUTHOR, _CREATED, _MODIFIED, _SECURITY = 1, 2, 4, 12, 13, 19
_SHORT, _STRING, _WIDE_STRING, _TIME = 0x02, 0x1E, 0x1F, 0x40
_LOCKED = 4 | 8
"""Bits of the security property: read-only enforced, locked for annotations."""
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def facts_of(compound: Compound) -> Facts:
    """Title, author and dates of the SummaryInformation stream ([MS-OLEPS]), and signatures.

    Its count of pages is not believed: it is that of the program which saved it last, or of a template.
    """
    signed = sum(path[0].lower() in _SIGNATURES for path in compound.paths())
    try:
        told = _properties(compound.stream(_SUMMARY))
    except (Unreadable, struct.error):
        told = {}
    return Facts(
        title=_text(told, _TITLE),
        author=_text(told, _AUTHOR),
        created=_time(told, _CREATED),
        modified=_time(told, _MODIFIED),
        signatures=signed,
        protected=bool(_number(told, _SECURITY) & _LOCKED),
    )


def _properties(stream: bytes) -> dict[int, tuple[int, bytes]]:
    """Property id → (type, bytes from its value on) of the first set; the first of each id."""
    if len(stream) < _FIRST_SET + 12:
        return {}
    (at,) = struct.unpack_from("<I", stream, _FIRST_SET)
    (count,) = struct.unpack_from("<I", stream, at + 4)
    count = min(count, _MOST_PROPERTIES, (len(stream) - at - 8) // 8)
    found: dict[int, tuple[int, bytes]] = {}
    for name, offset in struct.iter_unpack("<II", stream[at + 8 : at + 8 + 8 * count]):
        value = stream[at + offset : at + offset + 4]
        if len(value) == 4:
            found.setdefault(name, (int.from_bytes(value[:2], "little"), stream[at + offset + 4 :]))
    return found


def _number(told: dict[int, tuple[int, bytes]], name: int) -> int:
    """A whole number of 2 or 4 bytes; 0 when the property is not told."""
    kind, value = told.get(name, (0, b""))
    return int.from_bytes(value[: 2 if kind == _SHORT else 4], "little")


def _text(told: dict[int, tuple[int, bytes]], name: int) -> str:
    """A string property, one line, in the set's codepage; empty when it is not told."""
    kind, value = told.get(name, (0, b""))
    if kind not in {_STRING, _WIDE_STRING}:
        return ""
    length = int.from_bytes(value[:4], "little") * (2 if kind == _WIDE_STRING else 1)
    codepage = 1200 if kind == _WIDE_STRING else _number(told, _CODEPAGE)
    if codepage == 1200:
        text = value[4 : 4 + length].decode("utf-16-le", "replace").split("\0")[0]
    else:
        text = decoded(value[4 : 4 + length].split(b"\0")[0], codepage)
    return " ".join(text.split())


def _time(told: dict[int, tuple[int, bytes]], name: int) -> str:
    kind, value = told.get(name, (0, b""))
    return iso_time(int.from_bytes(value[:8], "little")) if kind == _TIME and len(value) >= 8 else ""


def iso_time(ticks: int) -> str:
    """A FILETIME (units of 100 ns since 1601, UTC) as ISO 8601; empty when it lies outside 1970…2200."""
    try:
        moment = _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if 1970 <= moment.year <= 2200 else ""
