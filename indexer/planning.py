"""What a look at the archive means for the index. Pure; reads and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from indexer.errors import MassDisappearance
from indexer.manifest import Known
from indexer.model import FileStamp
from indexer.scan import Walk

MANY_MISSING = 20
MANY_MISSING_SHARE = 0.3
CLEAN_SCANS_TO_GO = 2


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What has to be done so that the index shows the archive.

    ``read`` are files to be hashed, with what was known of them at that path. ``absent`` are files that were
    not found where they were; those of ``gone`` (ids) are given up, those of ``missing`` (id → count of clean
    scans without them) are remembered as missing. ``found_again`` (ids) were missing and are there unchanged.
    """

    read: tuple[tuple[FileStamp, Known | None], ...]
    unchanged: int
    absent: tuple[Known, ...]
    missing: Mapping[int, int]
    gone: frozenset[int]
    found_again: tuple[int, ...]

    @classmethod
    def nothing(cls, unchanged: int) -> Self:
        """The plan for an archive that is as it was, with so many files."""
        return cls((), unchanged, (), {}, frozenset(), ())

    @property
    def is_nothing(self) -> bool:
        """Whether every file is where it was and as it was."""
        return not (self.read or self.absent or self.found_again)


def plan_sync(before: Mapping[str, Known], now: Walk, *, accept_disappearance: bool = False) -> SyncPlan:
    """What has to be done so that the index shows the archive as ``now``.

    A file is unchanged when its whole change key is. It is given up after two scans that read every folder,
    under a root with its marker; of folders that could not be read nothing is concluded.

    Raises:
        MassDisappearance: more than 20 files and 30 % of all vanished since the last look.
    """
    read: list[tuple[FileStamp, Known | None]] = []
    again: list[int] = []
    here = set()
    for stamp in now.stamps:
        here.add(stamp.path)
        known = before.get(stamp.path)
        if known is None or known.stamp != stamp or not known.is_read:
            read.append((stamp, known))
        elif known.missing:
            again.append(known.id)
    absent = tuple(
        known for path, known in before.items() if path not in here and not path.startswith(now.unread)
    )
    if not accept_disappearance:
        _brake(before.values(), absent, [stamp for stamp, known in read if known is None])
    counts = {known.id: _count_after(known, now) for known in absent}
    enough = 1 if accept_disappearance else CLEAN_SCANS_TO_GO
    sure = now.clean and now.has_marker
    gone = frozenset(one for one, count in counts.items() if sure and count >= enough)
    missing = {known.id: counts[known.id] for known in absent if counts[known.id] != known.missing}
    return SyncPlan(
        read=tuple(read),
        unchanged=len(now.stamps) - len(read),
        absent=absent,
        missing={one: count for one, count in missing.items() if one not in gone},
        gone=gone,
        found_again=tuple(again),
    )


def _count_after(known: Known, now: Walk) -> int:
    """How many clean scans in a row have not found the file; an unclean one only says that it is missing."""
    return known.missing + 1 if now.clean and now.has_marker else max(known.missing, 1)


def _brake(before: Iterable[Known], absent: Iterable[Known], new: Iterable[FileStamp]) -> None:
    """Raises MassDisappearance when too many have vanished that no new file looks to have come from."""
    present = sum(1 for known in before if not known.missing)
    vanished = Counter(
        (known.stamp.size_bytes, known.stamp.mtime_ns) for known in absent if not known.missing
    )
    arrived = Counter((stamp.size_bytes, stamp.mtime_ns) for stamp in new)
    lost = (vanished - arrived).total()
    if lost > max(MANY_MISSING, MANY_MISSING_SHARE * present):
        raise MassDisappearance(
            f"档案里一下子少了 {lost} 个文件（原有 {present} 个），没有更新检索库",
            remedy="先检查共享盘是否连好；确实是自己清理掉的，加 --accept-disappearance 再运行一次",
        )
