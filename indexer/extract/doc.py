"""Reads .doc and Kingsoft .wps: body, notes, headers, footers, comments and text boxes ([MS-DOC])."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from indexer.extract.compound import open_compound
from indexer.extract.endings import corrupt, encrypted, without_text
from indexer.extract.ole import facts_of
from indexer.extract.wordmarks import IN_CELL, ROW_END, marked
from indexer.extract.wordpieces import Header, PieceText, read_header, read_pieces
from indexer.model import Extraction, Limits, Passage, State

_STORIES = ("", "脚注", "页眉", "", "批注", "尾注", "文本框", "文本框")
"""Labels of the stories in the order the document keeps them; the fourth is of macros, and not text."""
_HEADERS, _MACROS = 2, 3
_ORDER = ("", "页眉", "页脚", "脚注", "尾注", "批注", "文本框")
_HEADER_PLACES = 11
_SEPARATORS, _KINDS = 6, 6
"""The first header stories are lines above notes; then come six of every section."""
_FOOTERS = frozenset({2, 3, 5})
_FIELD = re.compile("([\x13\x14\x15])")
_BEGIN, _SEPARATOR, _END = _FIELD_MARKS = "\x13", "\x14", "\x15"
_DEEPEST = 100
"""Fields this deep in each other are no fields any more."""
_OVERLAID = re.compile(r"\\o\\a[a-z]\((?:\\s\\up\s*\d*\([^()]*\)|[^(),;，；]*)[,;，；]([^()]*)\)", re.I)
"""The base text of pinyin above a character, or the character in a circle: Word keeps both as formulas."""
_PICTURES = "\x01\x08"
_CUT_OFF = ("文件不完整，只收录了读得到的部分", "向报送单位重新要一份")
_CELL = "\x07"
_CELL_BREAKS = re.compile(f"[{IN_CELL}\t\x0b\x0c\r\n ]+")
_UNEVEN = re.compile(rf"[{IN_CELL}\t\x0b\x0c\r\n]|  |^\s|\s{_CELL}|{_CELL}\s|\s$")
"""What a row whose cells are even has none of: breaks, and blanks but single ones inside a cell."""
_RARE = re.compile("[\0-\x08\x0b-\x1f\ufeff\ufffe\uffff]")
_CLEAN = dict.fromkeys(range(32)) | {
    ord("\t"): "\t",
    ord(_CELL): "\t",
    **dict.fromkeys((0x0A, 0x0B, 0x0C, 0x0D, 0x0E, ord(IN_CELL), ord(ROW_END)), "\n"),
    0x1E: "-",
    0xFEFF: None,
    0xFFFE: None,
    0xFFFF: None,
}


def read(path: Path, limits: Limits) -> Extraction:
    """The document's text; the body's passage has no label.

    Raises:
        Unreadable: the document is damaged, encrypted or empty.
    """
    with open_compound(path) as compound:
        facts = facts_of(compound)
        main = compound.stream("WordDocument")
        header = read_header(main)
        if header.encrypted:
            return encrypted().extraction(facts=facts)
        table = compound.stream(header.table) if header.table else main
    if header.reserved:
        facts = replace(facts, protected=True)
    text = PieceText(marked(main, table, header), read_pieces(header, table), header.codec)
    found: dict[str, list[str]] = {label: [] for label in _ORDER}
    pictures = False
    for label, raw in _raw_stories(text, table, header, limits.text_chars):
        pictures = pictures or any(mark in raw for mark in _PICTURES)
        found[label].append(_clean(raw))
    passages = tuple(
        Passage(joined, label=label)
        for label, texts in found.items()
        if (joined := "\n".join(one for one in dict.fromkeys(texts) if one))
    )
    if passages:
        reason, remedy = _CUT_OFF if text.cut_off else ("", "")
        return Extraction(State.INDEXED, passages, reason, remedy, facts)
    if text.cut_off:
        raise corrupt("正文不在文件里，可能没有传完")
    return without_text("文件里只有图片，没有文字" if pictures else "文件里没有文字").extraction(facts=facts)


def _raw_stories(text: PieceText, table: bytes, header: Header, most: int) -> Iterator[tuple[str, str]]:
    """(label, text with all its marks) of every story, ``most`` characters and a few more in all."""
    at = 0
    for number, length in enumerate(header.lengths):
        end = at + min(length, most + 1)
        most = max(most - (end - at), 0)
        if number == _HEADERS:
            yield from _raw_headers(text, table, header, at, end)
        elif number != _MACROS and at < end:
            yield _STORIES[number], text.between(at, end)
        at += length


def _raw_headers(
    text: PieceText, table: bytes, header: Header, start: int, end: int
) -> Iterator[tuple[str, str]]:
    """(label, text) of every header and footer ([MS-DOC] 2.3.3); one text when their list is missing."""
    offset, length = header.place(_HEADER_PLACES)
    listed = table[offset : offset + length]
    places = [place for (place,) in struct.iter_unpack("<I", listed[: len(listed) // 4 * 4])]
    if len(places) <= _SEPARATORS and start < end:
        yield "页眉", text.between(start, end)
    for number, (low, high) in enumerate(pairwise(places)):
        if low > high or start + high > end:
            break
        if number >= _SEPARATORS and low < high:
            label = "页脚" if (number - _SEPARATORS) % _KINDS in _FOOTERS else "页眉"
            yield label, text.between(start + low, start + high)


def _clean(raw: str) -> str:
    """A story as people read it: lines of paragraphs and table rows, no field codes, no marks."""
    text = _without_codes(raw) if _BEGIN in raw else raw
    if _CELL in text:
        text = _with_rows(text)
    text = text.replace("\r", "\n")
    if _RARE.search(text):
        text = text.translate(_CLEAN)
    return "\n".join(filter(None, map(str.rstrip, text.split("\n"))))


def _with_rows(text: str) -> str:
    """The text with every table row as a line, its cells between tabs."""
    if ROW_END not in text:  # Word 6/95: a row's end looks like a cell's, and follows one
        text = text.replace(_CELL * 2, _CELL + ROW_END)
    *rows, rest = text.split(ROW_END)
    return "".join([*(_with_row(row) for row in rows), rest])


def _with_row(text: str) -> str:
    """Paragraphs, then the cells of one row, which the text ends with."""
    first = max(text.find(_CELL), 0)
    start = max(text.rfind("\r", 0, first), text.rfind("\x0c", 0, first)) + 1
    row = text[start:]
    if _UNEVEN.search(row):
        row = _CELL.join(map(str.strip, _CELL_BREAKS.sub(" ", row).split(_CELL)))
    return text[:start] + row.replace(_CELL, "\t").rstrip() + "\r"


def _without_codes(text: str) -> str:
    """The text with the results of its fields and without their codes ([MS-DOC] 2.8.25); nested ones too."""
    frames: list[list[str]] = [[]]
    codes: list[bool] = [False]
    for part in _FIELD.split(text):
        if part == _BEGIN and len(frames) < _DEEPEST:
            frames.append([])
            codes.append(True)
        elif part == _SEPARATOR and codes[-1]:
            frames[-1].clear()
            codes[-1] = False
        elif part == _END and len(frames) > 1:
            inside = "".join(frames.pop())
            frames[-1].append("".join(_OVERLAID.findall(inside)) if codes.pop() else inside)
        elif part not in _FIELD_MARKS:
            frames[-1].append(part)
    return "".join("".join(frame) for frame in frames)
