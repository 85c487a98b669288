"""Which file systems the archive lies on: shares tell of no changes, and what was mounted may be gone."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

MOUNTS = Path("/proc/self/mounts")
NETWORK_FILE_SYSTEMS = frozenset(
    {
        "9p", "afs", "ceph", "cifs", "davfs", "drvfs", "fuse.gvfsd-fuse", "fuse.rclone", "fuse.s3fs",
        "fuse.sshfs", "fuse.vmhgfs-fuse", "glusterfs", "ncpfs", "nfs", "nfs4", "prl_fs", "smb3", "smbfs",
        "vboxsf", "virtiofs",
    }
)  # fmt: skip
_ESCAPED = re.compile(r"\\([0-7]{3})")
_REMOTE_DRIVE = 4


class Mount(NamedTuple):
    """A file system: the folder it is seen in, and its kind."""

    point: Path
    kind: str


def on_network(folder: Path) -> bool:
    """Whether a folder lies on a network share, where no events of other machines' changes arrive."""
    place = folder.resolve()
    if sys.platform == "win32":
        import ctypes

        shared = str(place).startswith("\\\\")
        return shared or ctypes.windll.kernel32.GetDriveTypeW(place.anchor) == _REMOTE_DRIVE
    around = [one for one in _mounts() if place.is_relative_to(one.point)]
    nearest = max(around, key=lambda one: len(one.point.parts), default=None)
    return nearest is not None and nearest.kind in NETWORK_FILE_SYSTEMS


def mounts_below(folder: Path) -> dict[str, bool]:
    """The file systems inside a folder, by their path from there: whether each is a network share.

    Empty where the system does not tell (anywhere but on Linux).
    """
    place = folder.resolve()
    return {
        one.point.relative_to(place).as_posix(): one.kind in NETWORK_FILE_SYSTEMS
        for one in _mounts()
        if one.point != place and one.point.is_relative_to(place)
    }


def lost_mounts(folder: Path, before: Iterable[str]) -> tuple[str, ...]:
    """Which of the file systems that once were inside a folder are not there now."""
    now = mounts_below(folder)
    return tuple(sorted(one for one in before if one not in now))


def _mounts() -> list[Mount]:
    """All that is mounted, the last one at a place after those it hides; see proc_pid_mounts(5)."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    fields = (line.split(" ") for line in lines)
    at = {Path(_plain(one[1])): one[2] for one in fields if len(one) > 2}
    return [Mount(point, kind) for point, kind in at.items()]


def _plain(point: str) -> str:
    """A path without the escapes for blanks, tabs, line ends and backslashes."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), point)
