"""Reads .xls and Kingsoft .et: cells by calamine, comments and text boxes by their records ([MS-XLS])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from indexer.extract.compound import open_compound
from indexer.extract.endings import Unreadable, encrypted, over_limit, without_text
from indexer.extract.ole import facts_of
from indexer.extract.sheet import sheet_passages
from indexer.model import Extraction, Facts, Limits, Passage, State

_STREAMS = ("Workbook", "Book")
_COMMENT, _BOX = "批注", "文本框"
_END, _LOCKED, _CONTINUED, _OBJECT, _TEXT = 0x0A, 0x2F, 0x3C, 0x5D, 0x1B6
_MANY_NUMBERS = 0xBD
_CELLS = frozenset({0x06, 0xFD, 0x203, 0x204, 0x205, 0x27E, 0xD6, _MANY_NUMBERS})
"""Records of filled cells, whose content begins with row and column."""
_NOTE = 0x19
_SHEETS_FULL = 4
"""A sheet cannot be larger than 65536 × 256 cells, so a few times the limit bounds what a workbook costs."""


def read(path: Path, limits: Limits) -> Extraction:
    """One passage per sheet with its name as label; comments and text boxes apart.

    Raises:
        Unreadable: the workbook is damaged, encrypted, empty or passes a limit.
    """
    facts, records = Facts(), _Records(b"")
    with open_compound(path) as compound:
        facts = facts_of(compound)
        for name in _STREAMS:
            if compound.has(name):
                records = _Records(compound.stream(name))
                break
    if records.locked:
        return encrypted().extraction(facts=facts)
    if records.reach > _SHEETS_FULL * limits.sheet_cells:
        raise over_limit(f"工作表的范围超过 {_SHEETS_FULL * limits.sheet_cells} 个单元格")
    try:
        passages = (*sheet_passages(path, limits), *records.passages())
    except Unreadable as ending:
        return ending.extraction(facts=facts)
    if not passages:
        return without_text("工作簿里没有内容").extraction(facts=facts)
    return Extraction(State.INDEXED, passages, facts=facts)


class _Records:
    """What the records of a workbook stream tell besides the cells themselves.

    ``reach`` is how many cells the rectangles around all sheets' filled cells have.
    """

    def __init__(self, stream: bytes) -> None:
        self.locked = False
        self.reach = 0
        self._stream = stream
        self._texts: dict[str, list[str]] = {_COMMENT: [], _BOX: []}
        self._read()

    def passages(self) -> list[Passage]:
        """Comments, and what stands in shapes."""
        return [Passage("\n".join(texts), label=label) for label, texts in self._texts.items() if texts]

    def _read(self) -> None:
        """Walks the records once."""
        stream, size = self._stream, len(self._stream)
        top, bottom, left, right = 1 << 16, -1, 1 << 16, -1
        object_kind, at = 0, 0
        while at + 4 <= size:
            kind, length = struct.unpack_from("<HH", stream, at)
            at += 4
            if kind in _CELLS and length >= 4 and at + 4 <= size:
                row, first = struct.unpack_from("<HH", stream, at)
                last = first if kind != _MANY_NUMBERS else max(first + (length - 6) // 6 - 1, first)
                top, bottom = min(top, row), max(bottom, row)
                left, right = min(left, first), max(right, last)
            elif kind == _OBJECT and length >= 6:
                object_kind = int.from_bytes(stream[at + 4 : at + 6], "little")
            elif kind == _TEXT and length >= 12:
                self._keep_text(object_kind, at, length)
            elif kind == _LOCKED:
                self.locked = True
                return
            elif kind == _END and bottom >= 0:
                self.reach += (bottom - top + 1) * (right - left + 1)
                top, bottom, left, right = 1 << 16, -1, 1 << 16, -1
            at += length

    def _keep_text(self, object_kind: int, at: int, length: int) -> None:
        """The text of a shape ([MS-XLS] 2.4.329), which stands in the records that continue this one."""
        wanted = int.from_bytes(self._stream[at + 10 : at + 12], "little")
        text = "".join(_pieces(self._stream, at + length, wanted)).replace("\r", "\n").strip("\0 \n")
        if text:
            self._texts[_COMMENT if object_kind == _NOTE else _BOX].append(text)


def _pieces(stream: bytes, at: int, wanted: int) -> Iterator[str]:
    """Up to ``wanted`` characters of continued records; each says anew how wide its characters are."""
    while wanted > 0 and at + 5 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind != _CONTINUED or not length:
            return
        wide = stream[at + 4] & 1
        data = stream[at + 5 : at + 4 + length][: wanted * (2 if wide else 1)]
        text = data.decode("utf-16-le" if wide else "latin-1", "replace")
        yield text
        wanted -= len(text)
        at += 4 + length
