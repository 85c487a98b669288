"""Bodies of Outlook messages that are kept as HTML or as packed RTF only, as plain text.

RTF is unpacked as [MS-OXRTFCP] says; what it was made of, HTML or text ([MS-OXRTFEX]), is not put together
again: only the words are wanted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from lxml import etree

from indexer.extract.codepages import WESTERN, codec_of

_PREFILLED = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW_BYTES = 4096
_HEADER_BYTES = 16
_PACKED, _PLAIN = b"LZFu", b"MELA"
_TOKEN = re.compile(
    rb"\\(?:'([0-9a-fA-F]{2})|([a-zA-Z]{1,32})(-?\d{1,10})? ?|([^a-zA-Z]))|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SKIPPED = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"themedata"}
)
_BREAKS = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"tab": "\t",
    b"cell": "\t",
}
_QUOTES = {
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emdash": "—",
    b"endash": "–",
}
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_DEEPEST = 1_000
_BLOCKS = frozenset(
    {"address", "blockquote", "br", "center", "div", "dd", "dl", "dt", "form", "h1", "h2", "h3"}
)
_BLOCKS |= {"h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table", "tr", "ul"}
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style", "title"})


def unpacked_rtf(data: bytes) -> bytes:
    """The RTF of a packed body ([MS-OXRTFCP] 2.2), as far as it goes; empty when it is none."""
    kind = data[8:12]
    if kind == _PLAIN:
        return data[_HEADER_BYTES:]
    if kind != _PACKED:
        return b""
    window = bytearray(_PREFILLED.ljust(_WINDOW_BYTES, b"\0"))
    place, at, out = len(_PREFILLED), _HEADER_BYTES, bytearray()
    while at < len(data):
        control, at = data[at], at + 1
        for bit in range(8):
            if control >> bit & 1:
                pair, at = int.from_bytes(data[at : at + 2], "big"), at + 2
                start = pair >> 4
                if at > len(data) or start == place:
                    return bytes(out)
                fresh = [start + step for step in range((pair & 15) + 2)]
            elif at < len(data):
                window[place], fresh, at = data[at], [place], at + 1
            else:
                return bytes(out)
            for source in fresh:
                letter = window[source % _WINDOW_BYTES]
                window[place] = letter
                out.append(letter)
                place = (place + 1) % _WINDOW_BYTES
    return bytes(out)


class _RtfReader:
    """Hears the tokens of RTF and keeps the words."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._bytes = bytearray()
        self._codec = WESTERN
        self._groups: list[tuple[bool, int]] = []
        self._silent = False
        self._fallback = 1
        self._skip = 0
        self._unheard = False

    def flush(self) -> None:
        """The 8-bit characters so far become text."""
        if self._bytes:
            self.text.append(self._bytes.decode(self._codec, "replace"))
            self._bytes.clear()

    def brace(self, mark: bytes) -> None:
        """A group opens or closes."""
        self._skip = 0
        if mark == b"{" and len(self._groups) < _DEEPEST:
            self._groups.append((self._silent, self._fallback))
        elif mark == b"}" and self._groups:
            self._silent, self._fallback = self._groups.pop()

    def letters(self, data: bytes) -> None:
        """Characters of the codepage; those that stand in for a Unicode one before them are left out."""
        kept = data[self._skip :]
        self._skip = max(self._skip - len(data), 0)
        if not self._silent and not self._unheard:
            self._bytes += kept

    def word(self, name: bytes, number: bytes | None) -> None:
        """A control word."""
        value = int(number) if number else None
        if name == b"htmlrtf":  # what follows repeats HTML for readers of RTF
            self._unheard = value != 0
        elif name in _SKIPPED:
            self._silent = True
        elif name == b"ansicpg" and value:
            self._codec = codec_of(value) or self._codec
        elif name == b"uc" and value is not None:
            self._fallback = max(min(value, 8), 0)
        elif name == b"u" and value is not None:
            self._say(chr(value & 0xFFFF))
            self._skip = self._fallback
        elif name in _BREAKS and not self._silent:  # heard always: the HTML's own are not read
            self.flush()
            self.text.append(_BREAKS[name])
        else:
            self._say(_QUOTES.get(name, ""))

    def symbol(self, mark: bytes) -> None:
        """A control symbol; ``*`` opens what a reader need not know."""
        if mark == b"*":
            self._silent = True
        else:
            self._say(_SYMBOLS.get(mark, ""))

    def _say(self, text: str) -> None:
        if text and not self._silent and not self._unheard:
            self.flush()
            self.text.append(text)


def text_of_rtf(data: bytes) -> str:
    """The words of RTF, paragraphs as lines."""
    reader = _RtfReader()
    for found in _TOKEN.finditer(data):
        code, name, number, symbol, brace, letters = found.groups()
        if letters:
            reader.letters(letters)
        elif code:
            reader.letters(bytes((int(code, 16),)))
        elif name:
            reader.word(name, number)
        elif brace:
            reader.brace(brace)
        elif symbol:
            reader.symbol(symbol)
    reader.flush()
    joined = "".join(reader.text)
    return joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class _HtmlWords:
    """Hears HTML and keeps the words, blocks as lines and cells between tabs."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._unseen = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        """An element opens."""
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def end(self, tag: str) -> None:
        """An element closes."""
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _BLOCKS or tag in _CELLS:
            self.pieces.append("\t" if tag in _CELLS else "\n")

    def data(self, text: str) -> None:
        """Characters; line ends in HTML are blanks."""
        if not self._unseen:
            self.pieces.append(text.replace("\r", " ").replace("\n", " "))

    def close(self) -> str:
        """All words heard."""
        return "".join(self.pieces)


def text_of_html(html: str) -> str:
    """The words of HTML; without those of scripts, styles and the title."""
    parser = etree.HTMLParser(target=cast("Any", _HtmlWords()), no_network=True, remove_comments=True)
    if html.strip():
        parser.feed(html)
        return str(cast("Any", parser).close())
    return ""
