"""What a package tells of its members, whatever program packed it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Protocol

from indexer.extract.endings import without_text
from indexer.model import Extraction, Member, Passage, State

LIST_LABEL = "压缩包目录"
_NOISE = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.I)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""Control characters, and those that make a name look like another one."""
_MOST_LETTERS = 200
"""What is kept of a name; file systems allow no more than 255 bytes."""


class Package(Protocol):
    """A file that holds others, open until it is closed; they are asked for by their positions."""

    def name(self, position: int) -> str:
        """The member's name; raises Unreadable when there is no such member."""

    def unpack(self, position: int, target: Path) -> None:
        """The member's content is in ``target``; raises Unreadable when it cannot be had."""

    def close(self) -> None:
        """Lets go of the file."""


def listed(members: Iterable[Member]) -> Extraction:
    """The names as text, and the members to be read; systems' litter left out.

    Raises:
        Unreadable: there are none.
    """
    kept = tuple(member for member in members if not _NOISE.search(member.name))
    if not kept:
        raise without_text("压缩包是空的")
    names = Passage("\n".join(member.name for member in kept), label=LIST_LABEL)
    return Extraction(State.INDEXED, (names,), members=kept)


def clean(name: str) -> str:
    """A path that leads nowhere but down, without what cannot be seen; never empty."""
    seen = _UNSEEN.sub("", name.replace("\\", "/").split("\0")[0])
    parts = [_short(part) for part in seen.split("/") if part not in {"", ".", ".."}]
    if parts and re.fullmatch(r"[A-Za-z]:", parts[0]):
        parts = parts[1:]
    return "/".join(parts) or "无名"


def each_once(names: Iterable[str]) -> list[str]:
    """The names in their order; one that was there before gets a number before its ending."""
    taken: set[str] = set()
    seen: Counter[str] = Counter()
    told: list[str] = []
    for name in names:
        one = name
        while one in taken:
            seen[name] += 1
            plain = PurePosixPath(name)
            one = str(plain.with_name(f"{plain.stem}({seen[name] + 1}){plain.suffix}"))
        taken.add(one)
        told.append(one)
    return told


def _short(part: str) -> str:
    """The name of a file or folder, cut in the middle when it is too long, so that its ending stays."""
    if len(part) <= _MOST_LETTERS:
        return part
    ending = PurePosixPath(part).suffix[:20]
    return part[: _MOST_LETTERS - len(ending)] + ending
