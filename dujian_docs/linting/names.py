"""Names in a document against the registers of units and persons (K)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dujian_docs.linting.findings import Finding
from dujian_docs.linting.paper import Line
from dujian_docs.linting.roles import Parts

_LEAST = 5
"""Characters of a unit's name from which a slip of one can be told from another name."""
_POSTS = ("副局长", "局长", "副主任", "主任", "副校长", "校长", "副书记", "书记", "副县长", "县长", "副镇长",
          "镇长",           "副乡长", "乡长", "副园长", "园长", "科长", "股长")  # fmt: skip
_NUMERALS = "一二三四五六七八九十东西南北"
"""And the quarters of the sky: names of other schools differ by them."""
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the register has it."""

    name: str
    post: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the registers know: names of units (with 别名 and former names), and persons."""

    units: tuple[str, ...] = ()
    persons: tuple[Person, ...] = ()


def name_findings(parts: Parts, names: Names) -> Iterator[Finding]:
    """Names one character off a unit's, and persons whose post is not the register's."""
    known = frozenset(names.units)
    halves = _halves(names.units)
    for line in parts.lines:
        yield from _units(line, halves, known)
        yield from _persons(line, names.persons)


def _halves(units: Sequence[str]) -> list[tuple[str, int, str]]:
    """(a half, where it stands in the name, the name): one of them is whole where one character is off."""
    found = []
    for name in units:
        if len(name) >= _LEAST:
            middle = len(name) // 2
            found += [(name[:middle], 0, name), (name[middle:], middle, name)]
    return found


def _units(line: Line, halves: Sequence[tuple[str, int, str]], known: frozenset[str]) -> Iterator[Finding]:
    text = line.text
    told: set[str] = set()
    for half, offset, name in halves:
        at = text.find(half)
        while at >= 0:
            start = at - offset
            window = text[start : start + len(name)] if start >= 0 else ""
            if _one_off(window, name) and window not in told and not _known(text, start, window, known):
                told.add(window)
                yield Finding(
                    "K01", line.number, window, f"“{window}”与单位表里的“{name}”只差一个字", "核对单位名称"
                )
            at = text.find(half, at + 1)


def _one_off(window: str, name: str) -> bool:
    """As long, one character different, not the first and no numeral: 一小 is not 二小.

    What differs at the beginning is how much of a long name is said: 县政府办公室, 县人民政府办公室.
    """
    if len(window) != len(name):
        return False
    off = [at for at, (one, other) in enumerate(zip(window, name, strict=True)) if one != other]
    if len(off) != 1 or off[0] == 0:
        return False
    written = window[off[0]]
    return bool(_HAN.fullmatch(written)) and written not in _NUMERALS


def _known(text: str, start: int, window: str, known: frozenset[str]) -> bool:
    """Whether the words are, or are part of, a name that the register has."""
    around = text[max(0, start - 12) : start + len(window) + 12]
    return window in known or any(window in name and name in around for name in known)


def _persons(line: Line, persons: Sequence[Person]) -> Iterator[Finding]:
    for person in persons:
        if not person.post or len(person.name) < 2 or person.name not in line.text:
            continue
        for found in re.finditer(re.escape(person.name), line.text):
            before = line.text[max(0, found.start() - 4) : found.start()]
            post = next((one for one in _POSTS if before.endswith(one)), "")
            if post and not _holds(person.post, post):
                yield Finding(
                    "K02", line.number, f"{post}{person.name}",
                    f"人员表里{person.name}的职务是“{person.post}”，这里写“{post}”", "核对职务",
                )  # fmt: skip


def _holds(registered: str, post: str) -> bool:
    at = registered.find(post)
    return at >= 0 and (post.startswith("副") or at == 0 or registered[at - 1] != "副")
