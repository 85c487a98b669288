"""The text of RTF (specification 1.9.1): groups, fonts with their character sets, Unicode with its stand-ins.

One pass over the bytes, without recursion; groups that are too deep share the settings of the one around.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from indexer.extract.codepages import WESTERN, codec_of
from indexer.extract.rtfwords import (
    ACTIVE,
    ASIDES,
    BREAKS,
    CHARSETS,
    CLOCK,
    ENDNOTE,
    FOOTNOTE,
    KNOWN,
    MARKS,
    NARROWER,
    SILENT,
    SYMBOLS,
    TOLD,
    end_of_group,
    fits,
)

_TOKEN = re.compile(
    rb"((?:\\'[0-9a-fA-F]{2})+)|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
)
_DEEPEST = 10_000
PROPERTY = "\0"
"""Begins the labels under which title and author are kept."""
IN_CELL = "\x1e"
"""Stands for a paragraph's end inside a table."""


@dataclass(slots=True)
class _Group:
    """What a group hands down to the groups in it; ``place`` names a table or a property under work."""

    silent: bool = False
    font: int | None = None
    stand_ins: int = 1
    deleted: bool = False
    in_table: bool = False
    label: str = ""
    place: str = ""

    def copy(self) -> _Group:
        """A group inside this one, as it begins."""
        return _Group(
            self.silent, self.font, self.stand_ins, self.deleted, self.in_table, self.label, self.place
        )


class RtfText:
    """Hears a document and keeps its text by label; the body's is empty.

    ``default`` reads the 8-bit text of fonts that name no character set, when the document does not say.
    """

    def __init__(self, most: int, default: str = WESTERN) -> None:
        self.texts: dict[str, list[str]] = {"": []}
        self.told: dict[str, str] = {}
        self.pictures = False
        self.undeclared: list[bytes] = []
        self._left = most
        self._codec = default
        self._named = default != WESTERN
        self._fonts: dict[int, str] = {}
        self._entry = 0
        self._default_font: int | None = None
        self._group = _Group()
        self._outer: list[_Group] = []
        self._beyond = 0
        self._fresh = self._optional = self._ignored = False
        self._skip = 0
        self._bytes = bytearray()
        self._bytes_codec: str | None = None

    def hear(self, data: bytes) -> None:
        """The whole document, or as much as there is room for."""
        at = 0
        while at < len(data) and self._left > 0:
            at = self._hear_from(data, at)
        self._flush()

    def _hear_from(self, data: bytes, at: int) -> int:
        """Tokens up to the end or to binary data; where the next one begins."""
        for found in _TOKEN.finditer(data, at):
            coded, word, number, symbol, brace, letters = found.groups()
            if letters:
                self._add(letters)
            elif coded:
                self._add(bytes.fromhex(coded.replace(b"\\'", b"").decode("ascii")))
            elif word == b"bin":
                return found.end() + max(int(number or 0), 0)
            elif word:
                if self._fresh or word in ACTIVE:
                    self._word(word, None if number is None else int(number))
                if self._ignored:
                    self._ignored = False
                    return end_of_group(data, found.end())
            elif brace:
                self._brace(brace)
            else:
                self._symbol(symbol)
            if self._left <= 0:
                break
        return len(data)

    def _brace(self, brace: bytes) -> None:
        """A group opens or closes."""
        self._skip = 0
        if brace == b"{":
            self._fresh, self._optional = True, False
            if len(self._outer) < _DEEPEST:
                self._outer.append(self._group)
                self._group = self._group.copy()
            else:
                self._beyond += 1
        elif self._beyond:
            self._beyond -= 1
        elif self._outer:
            self._turn(self._outer.pop())

    def _turn(self, group: _Group) -> None:
        """Goes on in another group; what was heard for another label is kept there first."""
        if group.label != self._group.label:
            self._flush()
        self._group = group

    def _add(self, data: bytes) -> None:
        """8-bit text; what stands in for a character before it is left out."""
        kept = data[self._skip :] if self._skip else data
        self._skip = max(self._skip - len(data), 0)
        self._fresh = False
        group = self._group
        if group.silent or group.deleted or not kept:
            return
        codec = self._fonts.get(group.font) if group.font is not None else None
        if codec != self._bytes_codec:
            self._flush()
            self._bytes_codec = codec
        self._bytes += kept

    def _flush(self) -> None:
        """The 8-bit text so far becomes characters."""
        if not self._bytes:
            return
        data, codec = bytes(self._bytes), self._bytes_codec
        self._bytes.clear()
        if codec is None and not data.isascii():
            if not self._named:
                self.undeclared.append(data)
            codec = self._codec if fits(data, self._codec) else WESTERN
        self._keep(data.decode(codec or "ascii", "replace"))

    def _say(self, text: str) -> None:
        """Characters that need no decoding."""
        if not (self._group.silent or self._group.deleted):
            self._flush()
            self._keep(text)

    def _keep(self, text: str) -> None:
        """Adds text where the group's belongs."""
        self.texts.setdefault(self._group.label, []).append(text)
        self._left -= len(text)

    def _symbol(self, mark: bytes) -> None:
        """A control symbol; ``*`` marks a destination that need not be known."""
        if mark == b"*" and self._fresh:
            self._optional = True
        elif self._skip:
            self._skip -= 1
        elif mark in SYMBOLS:
            self._fresh = False
            self._say(SYMBOLS[mark])

    def _word(self, word: bytes, number: int | None) -> None:
        """A control word."""
        if self._fresh:
            self._fresh = False
            self._open(word)
        group = self._group
        if word == b"u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self._skip = group.stand_ins
        elif word in MARKS:
            self._mark(word)
        elif word == b"f" and number is not None:
            group.font = self._entry = number
        elif word == b"plain":
            group.font, group.deleted = self._default_font, False
        elif word in {b"pard", b"intbl"}:
            group.in_table = word == b"intbl"
        elif word == b"deleted":
            group.deleted = number != 0
        elif word == b"ftnalt" and group.label == FOOTNOTE:
            self._turn(replace(group, label=ENDNOTE))
        elif number is not None:
            self._number(word, number)

    def _mark(self, word: bytes) -> None:
        """A break or a sign; a paragraph's end in a table is a blank."""
        if self._skip:
            self._skip -= 1
        else:
            self._say(IN_CELL if word in BREAKS and self._group.in_table else MARKS[word])

    def _number(self, word: bytes, number: int) -> None:
        """A setting."""
        if word == b"uc":
            self._group.stand_ins = max(min(number, 8), 0)
        elif word == b"deff":
            self._default_font = self._group.font = number
        elif word == b"ansicpg" and not self._named and (codec := codec_of(number)):
            self._codec = codec
            self._named = codec in NARROWER
        elif self._group.place == "fonttbl" and word in {b"fcharset", b"cpg"}:
            codec = CHARSETS.get(number) if word == b"fcharset" else codec_of(number)
            if codec:
                self._fonts[self._entry] = codec
        elif word in CLOCK and self._group.place in {"created", "modified"}:
            clock = self.told.setdefault(self._group.place, "0 0 0 0 0").split()
            clock[CLOCK[word]] = str(number)
            self.told[self._group.place] = " ".join(clock)

    def _open(self, word: bytes) -> None:
        """A group's first word may say that it is something apart."""
        group = self._group
        if word == b"fonttbl":
            group.silent, group.place = True, "fonttbl"
        elif word == b"info":
            group.silent, group.place = True, "info"
        elif word in TOLD and group.place == "info":
            group.place = TOLD[word]
            if word in {b"title", b"author"}:
                self._turn(replace(group, silent=False, label=f"{PROPERTY}{TOLD[word]}"))
        elif word == b"ud" and group.place == "upr" and len(self._outer) > 1:
            around = self._outer[-2]  # the group in which the whole is said twice
            group.silent, group.place = around.silent, around.place
        elif word in SILENT or (self._optional and word not in KNOWN):
            self.pictures |= word in {b"pict", b"shppict"} and not group.silent
            group.place = "upr" if word == b"upr" else group.place
            group.silent, self._ignored = True, word != b"upr"
        elif word in ASIDES and not group.silent:
            self._turn(replace(group, label=ASIDES[word]))
            self._say("\n")
