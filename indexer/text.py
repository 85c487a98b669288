"""The searchable form of a text: one spelling for every way of writing the same thing. Pure.

Half width, small letters, simplified characters; blanks gone; every run of punctuation, and every line end,
one BREAK; the pinyin that some converters put after characters (``學(xué)``) gone. The original is kept for
display: ``normalise`` tells for every character where it stood.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TEXT_VERSION = 1
"""Changes whenever the same text could come out differently; indexes of another version are rebuilt."""

BREAK = "\u2581"
"""What punctuation and line ends become; no word, name or number reaches across it."""

_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_PINYIN = re.compile(
    rf"(?<=[\u3400-\u9fff])\s?[(（](?=[a-zü\u00b7]*[{_TONES}])[a-zü{_TONES}]{{1,7}}\s?[)）]", re.IGNORECASE
)
_BREAKS = re.compile(f"{BREAK}{{2,}}")
_FOLDED_RANGES = ((0x0000, 0x3400), (0xFE00, 0x10000))
"""Where NFKC is applied; Han and all beyond the basic plane only go through the simplified table."""
_DELETED = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_SAME = {"○": "〇"}
"""Written alike by clerks: 二○二二 with a circle for the digit."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A searchable text and, for each of its characters, the index it came from in the original."""

    text: str
    offsets: array[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that ``text[start:end]`` came from, end exclusive."""
        if start >= end:
            return (0, 0)
        return (self.offsets[start], self.offsets[end - 1] + 1)


def normalise_text(original: str) -> str:
    """The searchable form alone; never fails, whatever the string holds."""
    plain = _PINYIN.sub("", original) if _may_hold_pinyin(original) else original
    return _BREAKS.sub(BREAK, plain.translate(_table())).strip(BREAK)


def normalise(original: str) -> Normalised:
    """The searchable form with the place in ``original`` of every character."""
    table = _table()
    hidden = _hidden_spans(original)
    characters: list[str] = []
    offsets = array("l")
    skip_to = -1
    for index, char in enumerate(original):
        if index in hidden:
            skip_to = hidden[index]
        if index < skip_to:
            continue
        for one in table[ord(char)]:
            if one == BREAK and (not characters or characters[-1] == BREAK):
                continue
            characters.append(one)
            offsets.append(index)
    if characters and characters[-1] == BREAK:
        characters.pop()
        offsets.pop()
    return Normalised("".join(characters), offsets)


def _may_hold_pinyin(original: str) -> bool:
    return "(" in original or "（" in original


def _hidden_spans(original: str) -> dict[int, int]:
    if not _may_hold_pinyin(original):
        return {}
    return {found.start(): found.end() for found in _PINYIN.finditer(original)}


class _Table(dict[int, str]):
    """Code point → what it becomes (nothing, one or several characters); filled as code points are met."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        if any(first <= point < last for first, last in _FOLDED_RANGES):
            found = "".join(_kept(one) for one in unicodedata.normalize("NFKC", char).lower())
        else:
            found = BREAK if unicodedata.category(char) == "Cs" else _simplified().get(char, char)
        self[point] = found
        return found


def _kept(char: str) -> str:
    """What a character is after NFKC: letters, digits and marks stay, blanks go, the rest is BREAK."""
    if char == "\n":
        return BREAK
    char = _SAME.get(char, _simplified().get(char, char))
    category = unicodedata.category(char)
    if category[0] in "LNM":
        return char
    return "" if category in _DELETED else BREAK


@cache
def _table() -> _Table:
    return _Table()


@cache
def _simplified() -> dict[str, str]:
    lines = files("indexer").joinpath("t2s.txt").read_text(encoding="utf-8").split("\n")
    return {line[0]: line[1] for line in lines if line}
