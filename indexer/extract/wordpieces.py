"""Where the text of a .doc stands: its header (FIB), and the pieces it was saved in ([MS-DOC] 2.4.1, 2.5).

Word 97 and later, WPS, and Word 6/95 (``old``), whose text is 8-bit in the codepage of the language.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.extract.codepages import WESTERN, codec_of_language
from indexer.extract.endings import corrupt

_WORDS_OWN = frozenset({0xA5, 0xA6})
"""High bytes of the numbers that open a Word document, by version and script."""
_LAST_OLD = 0x69
_OLD_LENGTHS, _OLD_PLACES, _OLD_HEADER = 0x34, 0x58, 0x168
_LENGTHS, _PLACES, _HEADER = 0x4C, 0x9A, 0x1AA
_STORIES = 8
CLX = 33
"""The number of the piece table among the places."""
_ENCRYPTED, _SECOND_TABLE, _RESERVED = 0x0100, 0x0200, 0x0800
_MACINTOSH = 256
_COMPRESSED = 0x4000_0000
_DELETED_BY_NUMBER = 0x41
"""sprmCFRMarkDel among the properties a piece can name by number ([MS-DOC] 2.9.219)."""
MARKED_DELETED = 0x0800
_OPERAND_BYTES = (1, 1, 2, 4, 2, 2, 0, 3)


@dataclass(frozen=True, slots=True)
class Header:
    """The parts of a FIB that say how and where text is kept; ``lengths`` are the stories', in characters.

    ``codec`` reads 8-bit text. ``start`` and ``end`` bound the text of files without a piece table.
    """

    old: bool
    codec: str
    encrypted: bool
    reserved: bool
    table: str
    start: int
    end: int
    lengths: tuple[int, ...]
    places: bytes

    def place(self, number: int) -> tuple[int, int]:
        """Offset and length of a structure in the table stream; (0, 0) when the header is too short."""
        at = number * 8
        return struct.unpack_from("<II", self.places, at) if len(self.places) >= at + 8 else (0, 0)


def read_header(main: bytes) -> Header:
    """The header of a WordDocument stream.

    Raises:
        Unreadable: the stream does not begin as a Word document does.
    """
    if len(main) < _OLD_HEADER or main[1] not in _WORDS_OWN:
        raise corrupt("正文开头不是 Word 的格式")
    version, language, flags = (struct.unpack_from("<H", main, at)[0] for at in (2, 6, 10))
    script, start, end = struct.unpack_from("<H2xII", main, 20)
    old = version <= _LAST_OLD
    if not old and len(main) < _HEADER:
        raise corrupt("正文开头不完整，可能没有传完")
    codec = WESTERN
    if old:
        codec = "mac_roman" if script == _MACINTOSH else codec_of_language(language)
    return Header(
        old=old,
        codec=codec,
        encrypted=bool(flags & _ENCRYPTED),
        reserved=bool(flags & _RESERVED),
        table="" if old else "1Table" if flags & _SECOND_TABLE else "0Table",
        start=start,
        end=end,
        lengths=struct.unpack_from(f"<{_STORIES}I", main, _OLD_LENGTHS if old else _LENGTHS),
        places=main[_OLD_PLACES:_OLD_HEADER] if old else main[_PLACES : _PLACES + 93 * 8],
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters ``start`` to ``end`` of the document stand at byte ``offset``; ``wide`` is UTF-16."""

    start: int
    end: int
    offset: int
    wide: bool
    deleted: bool = False


def read_pieces(header: Header, table: bytes) -> list[Piece]:
    """The pieces in the document's order, without gap or overlap; ``table`` is the table stream.

    Raises:
        Unreadable: there is a piece table and it makes no sense.
    """
    offset, length = header.place(CLX)
    clx = table[offset : offset + length]
    if not clx:
        return _one_piece(header)
    changes: list[bytes] = []
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        size = int.from_bytes(clx[at + 1 : at + 3], "little")
        changes.append(clx[at + 3 : at + 3 + size])
        at += 3 + size
    if at + 5 > len(clx) or clx[at] != 2:
        raise corrupt("文字位置表读不出来")
    return _listed(clx[at + 5 : at + 5 + int.from_bytes(clx[at + 1 : at + 5], "little")], header, changes)


def _one_piece(header: Header) -> list[Piece]:
    """The text of a file that was never saved in pieces."""
    count = sum(header.lengths)
    wide = not header.old and header.end - header.start >= 2 * count
    return [Piece(0, count, header.start, wide)]


def _listed(table: bytes, header: Header, changes: list[bytes]) -> list[Piece]:
    """The pieces of a PlcPcd ([MS-DOC] 2.8.35); the list ends where positions no longer grow."""
    count = (len(table) - 4) // 12
    if count < 1:
        raise corrupt("文字位置表是空的")
    starts = struct.unpack_from(f"<{count + 1}I", table)
    pieces: list[Piece] = []
    for at, (_, place, change) in enumerate(
        struct.iter_unpack("<HIH", table[4 * count + 4 : 12 * count + 4])
    ):
        start, end = starts[at], starts[at + 1]
        if end < start or start != (pieces[-1].end if pieces else 0):
            break
        narrow = header.old or bool(place & _COMPRESSED)
        offset = place if header.old else place & (_COMPRESSED - 1)
        if narrow and not header.old:
            offset //= 2
        pieces.append(Piece(start, end, offset, not narrow, deleted=_deletes(change, changes)))
    if not pieces:
        raise corrupt("文字位置表读不出来")
    return pieces


def _deletes(change: int, changes: list[bytes]) -> bool:
    """Whether a piece's property change ([MS-DOC] 2.9.217) marks its text as deleted."""
    if not change & 1:
        return (change >> 1) & 0x7F == _DELETED_BY_NUMBER and change >> 8 == 1
    number = change >> 1
    return number < len(changes) and (MARKED_DELETED, 1) in (
        (code, operand[0]) for code, operand in properties(changes[number]) if operand
    )


def properties(group: bytes) -> Iterator[tuple[int, bytes]]:
    """(code, operand) of every property of a group ([MS-DOC] 2.2.5), as far as it can be followed."""
    at = 0
    while at + 3 <= len(group):
        code = int.from_bytes(group[at : at + 2], "little")
        at += 2
        size = _OPERAND_BYTES[code >> 13]
        if not size and code == 0xD608:  # the only one whose length takes two bytes
            size = int.from_bytes(group[at : at + 2], "little") + 1
        elif not size:
            size = group[at] + 1
        yield code, group[at : at + size]
        at += size


class PieceText:
    """The document's characters by their position in it, whatever piece they stand in."""

    def __init__(self, main: bytes | bytearray, pieces: list[Piece], codec: str) -> None:
        self.cut_off = False
        self._main = main
        self._pieces = pieces
        self._codec = codec
        self._starts = [piece.start for piece in pieces]

    def between(self, start: int, end: int) -> str:
        """The text of the positions ``start`` to ``end``; notes when some of it is not in the file."""
        texts: list[str] = []
        for at in range(max(bisect_right(self._starts, start) - 1, 0), len(self._pieces)):
            piece = self._pieces[at]
            if piece.start >= end:
                break
            low, high = max(start, piece.start), min(end, piece.end)
            if low < high and not piece.deleted:
                texts.append(self._decoded(piece, low - piece.start, high - piece.start))
        return "".join(texts)

    def _decoded(self, piece: Piece, low: int, high: int) -> str:
        width = 2 if piece.wide else 1
        data = self._main[piece.offset + width * low : piece.offset + width * high]
        self.cut_off |= len(data) < width * (high - low)
        return data.decode("utf-16-le" if piece.wide else self._codec, "replace")
