"""Text as a screen or a page can show it: no control characters, widths in columns, lines that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from dujian_docs.wording import chinese_date, width_in_characters

_UNSHOWABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)

_PIECES = re.compile(r"[A-Za-z0-9.%-]+|.", re.DOTALL)
_CLOSING = "，。；：、”）》…"


def shown(text: str) -> str:
    """``text`` on one line, with every character that a screen or a file cannot hold shown as ``□``.

    File names may hold line breaks, terminal commands, marks that turn the writing direction, and bytes that
    are no text; none of them may act on a screen or break a workbook.
    """
    return _UNSHOWABLE.sub("□", text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))


def moment(as_of: date) -> str:
    """The day, with hour and minute when they are known: 2026年3月5日 9:05."""
    day = chinese_date(as_of)
    return f"{day} {as_of.hour}:{as_of.minute:02}" if isinstance(as_of, datetime) else day


def columns(text: str) -> int:
    """How many columns of a terminal the text takes; wide and ambiguous characters take two."""
    return int(2 * width_in_characters(text))


def fitted(text: str, width: int) -> str:
    """``text`` in exactly ``width`` columns: cut with ``…`` or filled up with blanks."""
    if columns(text) > width:
        kept = ""
        for char in text:
            if columns(kept + char) > width - 2:
                break
            kept += char
        text = kept + "…"
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int) -> Iterator[str]:
    """``text`` cut into lines of at most ``width`` columns, at the ends of Latin words and of hanzi.

    A closing mark takes the character before it along; a word longer than a line is cut.
    """
    line = ""
    for piece in _PIECES.findall(text):
        if columns(line + piece) > width:
            kept = line[:-1] if piece in _CLOSING and len(line) > 1 else line
            if kept.strip():
                yield kept.rstrip()
            line = line[len(kept) :]
        line += piece
        while columns(line) > width:
            cut = next(at for at in range(len(line), 0, -1) if columns(line[:at]) <= width)
            yield line[:cut]
            line = line[cut:]
    if line.strip():
        yield line.rstrip()
