"""The searchable form of a text: one spelling for every way of writing the same thing. Pure.

Half width, small letters, simplified characters; blanks gone; every run of punctuation, and every line end,
one BREAK; the pinyin that some converters put after characters (``學(xué)``) gone, and the damage that they
did meanwhile undone where it is certain (``indexer.shifts``). The original is kept for display: ``normalise``
tells for every character where it stood.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from indexer.shifts import TONES, repairs

TEXT_VERSION = 2
"""Changes whenever the same text could come out differently; indexes of another version are rebuilt."""

BREAK = "\u2581"
"""What punctuation and line ends become; no word, name or number reaches across it."""

_PINYIN = re.compile(
    rf"(?<=[\u3400-\u9fff])\s?[(（](?=[a-zü\u00b7]*[{TONES}])[a-zü{TONES}]{{1,7}}\s?[)）]", re.IGNORECASE
)
_BREAKS = re.compile(f"{BREAK}{{2,}}")
_FOLDED_RANGES = ((0x0000, 0x3400), (0xFE00, 0x10000))
"""Where NFKC is applied; Han and all beyond the basic plane only go through the simplified table."""
_DELETED = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_SAME = {"○": "〇"}
"""Written alike by clerks: 二○二二 with a circle for the digit."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A searchable text and, for each of its characters, the span of the original that it came from."""

    text: str
    offsets: array[int]
    ends: array[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that ``text[start:end]`` came from, end exclusive."""
        if start >= end:
            return (0, 0)
        return (self.offsets[start], self.ends[end - 1])


def normalise_text(original: str) -> str:
    """The searchable form alone; never fails, whatever the string holds."""
    plain = original
    if _may_hold_pinyin(original):
        plain = _read_back(original) if "?" in original else _PINYIN.sub("", original)
    return _BREAKS.sub(BREAK, plain.translate(_table())).strip(BREAK)


def normalise(original: str) -> Normalised:
    """The searchable form with the place in ``original`` of every character."""
    table = _table()
    characters: list[str] = []
    offsets, ends = array("l"), array("l")
    at = 0
    for start, end, pieces in _noise(original) if _may_hold_pinyin(original) else ():
        _normalise_stretch(original, at, start, (characters, offsets, ends))
        for char, begin, finish in pieces:
            _normalise_one(table[ord(char)], begin, finish, (characters, offsets, ends))
        at = end
    _normalise_stretch(original, at, len(original), (characters, offsets, ends))
    if characters and characters[-1] == BREAK:
        characters.pop()
        offsets.pop()
        ends.pop()
    return Normalised("".join(characters), offsets, ends)


_Parts = tuple[list[str], "array[int]", "array[int]"]
"""Characters, and where each begins and ends in the original."""


def _normalise_stretch(original: str, start: int, end: int, parts: _Parts) -> None:
    """Adds a stretch in which there is no noise: what stays one character in runs, the rest one by one."""
    characters, offsets, ends = parts
    stretch = original[start:end]
    table = _table()
    odd = "".join(char for char in set(stretch) if len(table[ord(char)]) != 1 or table[ord(char)] == BREAK)
    at = start
    for found in re.finditer(f"[{re.escape(odd)}]", stretch) if odd else ():
        here = start + found.start()
        characters.extend(original[at:here].translate(table))
        offsets.extend(range(at, here))
        ends.extend(range(at + 1, here + 1))
        _normalise_one(table[ord(found[0])], here, here + 1, parts)
        at = here + 1
    characters.extend(original[at:end].translate(table))
    offsets.extend(range(at, end))
    ends.extend(range(at + 1, end + 1))


def _normalise_one(becomes: str, start: int, end: int, parts: _Parts) -> None:
    """Adds what one character becomes; a BREAK only where there is none before, and not at the beginning."""
    characters, offsets, ends = parts
    for one in becomes:
        if one == BREAK and (not characters or characters[-1] == BREAK):
            continue
        characters.append(one)
        offsets.append(start)
        ends.append(end)


def _may_hold_pinyin(original: str) -> bool:
    return "(" in original or "（" in original or "?" in original


def _read_back(original: str) -> str:
    """The text as it was once written."""
    parts: list[str] = []
    at = 0
    for start, end, pieces in _noise(original):
        parts += [original[at:start], *(char for char, _, _ in pieces)]
        at = end
    return "".join([*parts, original[at:]])


def _noise(original: str) -> list[tuple[int, int, tuple[tuple[str, int, int], ...]]]:
    """What a converter has put in or damaged, in order: start, end, and what once stood there."""
    damage = [(one.start, one.end, one.pieces) for one in repairs(original)]
    notes = ((found.start(), found.end(), ()) for found in _PINYIN.finditer(original))
    return sorted([*damage, *(note for note in notes if not any(a <= note[0] < b for a, b, _ in damage))])


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
