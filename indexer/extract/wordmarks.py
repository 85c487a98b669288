"""What the formatting of a .doc says of its text: table rows, deletions, symbols ([MS-DOC] 2.8.5, 2.8.6).

Formatting is kept by byte, in pages of 512 bytes, so it is written into the bytes of the text itself before
that is decoded. Word 6/95 keeps it otherwise and is left as it is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from indexer.extract.wordpieces import MARKED_DELETED, Header, properties

ROW_END = "\x1d"
"""Stands for the mark that ends a table row, which Word writes like that of a cell."""
IN_CELL = "\x1c"
"""Stands for a paragraph's end inside a table cell."""
_RUNS, _PARAGRAPHS = 12, 13
"""The numbers of the lists of formatting pages among the header's places."""
_PAGE_BYTES = 512
_PARAGRAPH_BYTES = 13
"""Of the entry that says where a paragraph's formatting is."""
_ROW_END, _LONG = b"\x17\x24\x01", b"\x46\x66"
"""sprmPFTtp; and sprmPHugePapx, which only a row's end is long enough to need."""
_INSIDE = b"\x16\x24\x01"
_DELETION, _SYMBOL = b"\x00\x08\x01", b"\x09\x6a"
_SYMBOL_CODE = 0x6A09
_CELL_MARK, _PARAGRAPH_MARK = 0x07, 0x0D


def marked(main: bytes, table: bytes, header: Header) -> bytes | bytearray:
    """The stream with row ends and paragraphs in cells told apart, deleted text and symbols zeroed."""
    if header.old:
        return main
    out = bytearray(main)
    for place, telling, rewrite in (
        (_PARAGRAPHS, (_INSIDE, _ROW_END, _LONG), _mark_table),
        (_RUNS, (_DELETION, _SYMBOL), _blank),
    ):
        present = [mark for mark in telling if mark in main]
        for page in _pages(main, table, header.place(place)) if present else ():
            if any(mark in page for mark in present):
                rewrite(out, page)
    return out


def _pages(main: bytes, table: bytes, place: tuple[int, int]) -> Iterator[bytes]:
    """The formatting pages that a list in the table stream names, each once."""
    offset, length = place
    listed = table[offset : offset + length]
    count = max((len(listed) - 4) // 8, 0)
    numbers = struct.unpack_from(f"<{count}I", listed, 4 * count + 4) if count else ()
    for number in dict.fromkeys(one & 0x3FFFFF for one in numbers):
        page = main[number * _PAGE_BYTES : (number + 1) * _PAGE_BYTES]
        if len(page) == _PAGE_BYTES:
            yield page


def _runs(page: bytes) -> Iterator[tuple[int, int, int]]:
    """(start, end, offset of the formatting in the page) of every run of a page."""
    count = page[_PAGE_BYTES - 1]
    first = 4 * (count + 1)
    if not count or first + count >= _PAGE_BYTES:
        return
    bounds = struct.unpack_from(f"<{count + 1}I", page)
    for at in range(count):
        yield bounds[at], bounds[at + 1], page[first + at] * 2


def _mark_table(out: bytearray, page: bytes) -> None:
    """Rewrites the marks, in 8 bits or 16, that end the page's paragraphs in tables."""
    count = page[_PAGE_BYTES - 1]
    first = 4 * (count + 1)
    if first + _PARAGRAPH_BYTES * count >= _PAGE_BYTES:
        return
    rows = _ROW_END in page or _LONG in page
    inside = _INSIDE in page
    places = page[first : first + _PARAGRAPH_BYTES * count : _PARAGRAPH_BYTES]
    for place, end in zip(places, struct.unpack_from(f"<{count}I", page, 4), strict=True):
        if not place or not 2 <= end <= len(out):
            continue
        at = end - 1 if out[end - 1] else end - 2
        if (rows and out[at] == _CELL_MARK) or (inside and out[at] == _PARAGRAPH_MARK):
            size = 2 * page[2 * place] - 1 if page[2 * place] else 2 * page[2 * place + 1]
            group = page[2 * place + 1 : 2 * place + 2 + size]
            if _ROW_END in group or _LONG in group:
                out[at] = ord(ROW_END) if out[at] == _CELL_MARK else _PARAGRAPH_MARK
            elif _INSIDE in group and out[at] == _PARAGRAPH_MARK:
                out[at] = ord(IN_CELL)


def _blank(out: bytearray, page: bytes) -> None:
    """Zeroes runs marked as deleted, and symbols, whose characters in the text are mere placeholders."""
    for start, end, at in _runs(page):
        if not at or not start < end <= len(out):
            continue
        for code, operand in properties(page[at + 1 : at + 1 + page[at]]):
            if (code == MARKED_DELETED and operand[:1] == b"\x01") or code == _SYMBOL_CODE:
                out[start:end] = bytes(end - start)
