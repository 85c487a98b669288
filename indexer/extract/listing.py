"""What a package tells of its members, whatever program packed it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.extract.endings import without_text
from indexer.model import Extraction, Member, Passage, State

LIST_LABEL = "压缩包目录"
_NOISE = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.I)


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
    """A path that leads nowhere but down; never empty."""
    parts = [
        part for part in name.replace("\\", "/").split("\0")[0].split("/") if part not in {"", ".", ".."}
    ]
    if parts and re.fullmatch(r"[A-Za-z]:", parts[0]):
        parts = parts[1:]
    return "/".join(parts) or "无名"
