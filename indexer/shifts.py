"""Text that a converter shifted by one byte, read back as it was. Pure.

Some converters put pinyin after the characters of GBK text, byte pair by byte pair. Where they lost step they
took the second byte of one character and the first of the next for a character, put its pinyin
between the two, and the first byte went lost with the bracket: 「向學生」 came out as 「向?qū)W生」. What
follows is read one byte off, up to a character whose second byte is an ASCII letter, or to the next such
accident. The lost byte can be told: with the byte before it, it is a traditional character of just that
pinyin. Where more than one byte would do, or what comes out is no common Chinese, nothing is changed.

Where a byte is lost and no pinyin stands by it (「學?!半p減」 for 「學校“雙減」), nothing is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_HAN = "\u3400-\u9fff"
_YIN = rf"(?=[a-zü]*[{TONES}])[a-zü{TONES}]{{1,7}}"
_SHIFTED = r"[^\x00-\x7f]|[,:;!()%]"
_MARKS = frozenset("，。、“”《》：；！？（）％　")
_FIRST_HAN = b"\xb0\xa1"
_FULL_WIDTH = {point: point + 0xFEE0 for point in b",:;!()%"}
_WITH_PINYIN = re.compile(
    rf"(?P<before>[{_HAN}])(?:\({_YIN}\s?\))?(?P<hole>\?)(?P<yin>{_YIN})\)"
    rf"(?P<rest>(?:{_SHIFTED}){{0,12}})(?P<last>[@-~]|\?(?P<again>{_YIN})\))"
)


@dataclass(frozen=True, slots=True)
class Repair:
    """``text[start:end]`` was once ``pieces``: each a character and the span that it came from."""

    start: int
    end: int
    pieces: tuple[tuple[str, int, int], ...]


def repairs(text: str) -> Iterator[Repair]:
    """What can be read back for certain, in order."""
    for hole in _WITH_PINYIN.finditer(text) if "?" in text else ():
        before = hole["before"].encode("gbk", "ignore")
        if len(before) == 2:
            read = [one for lead in _bytes_read(before[1], hole["yin"]) if (one := _read(lead, hole))]
            if len(read) == 1:
                yield _repair(hole, read[0])


def _bytes_read(first: int, yin: str) -> list[int]:
    """The second bytes that make with ``first`` a traditional character of this reading."""
    found = (char.encode("gbk") for char in _readings().get(yin, ""))
    return [pair[1] for pair in found if pair[0] == first]


def _read(lead: int, hole: re.Match[str]) -> str | None:
    """What the stretch says when its lost byte was ``lead``; None when that is no common Chinese."""
    shifted = bytes([lead]) + _shifted(hole["rest"])
    last = hole["last"]
    if last[0] != "?":
        return _decoded(shifted + last.encode())
    found = _decoded(shifted[:-1])
    ends = _bytes_read(shifted[-1], hole["again"])
    return found + bytes([shifted[-1], ends[0]]).decode("gbk") if found and len(ends) == 1 else None


def _shifted(rest: str) -> bytes:
    return rest.translate(_FULL_WIDTH).encode("gbk", "replace")


def _decoded(data: bytes) -> str | None:
    try:
        found = data.decode("gbk")
    except UnicodeDecodeError:
        return None
    return found if found and all(_is_common(char) for char in found) else None


def _is_common(char: str) -> bool:
    """Whether it is a mark or character that simplified (GB/T 2312) or traditional texts really have."""
    return char in _MARKS or char in _traditional() or char.encode("gb2312", "ignore") >= _FIRST_HAN


def _repair(hole: re.Match[str], read: str) -> Repair:
    """Each character with its span: the first from the hole on, the last to the end, one between each."""
    places = [hole.start("rest") + at for at in range(len(hole["rest"]))]
    starts = [hole.start("hole"), *places[1:], hole.start("last")][: len(read)]
    ends = [*starts[1:], hole.end()]
    pieces = tuple(zip(read, starts, ends, strict=True))
    return Repair(hole.start("hole"), hole.end(), pieces)


@cache
def _readings() -> dict[str, str]:
    lines = files("indexer").joinpath("data/readings.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines)


@cache
def _traditional() -> frozenset[str]:
    return frozenset("".join(_readings().values()))
