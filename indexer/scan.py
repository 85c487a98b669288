"""What files there are: one stamp each, by path. Reads names and stat only; opens nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ArchiveUnreachable
from indexer.model import FileStamp

MARKER_NAME = ".archive-root"
"""The file that says: this is the archive, it is there. Without it nothing is ever taken for deleted."""

_IGNORED = re.compile(
    r"(~\$.*|\.~.*|~WR[DL].*|~.*\.tmp|.*\.(?:tmp|part|crdownload)|\.lock\..*|Thumbs\.db|desktop\.ini|\.DS_Store"
    rf"|{re.escape(MARKER_NAME)})",
    re.IGNORECASE | re.DOTALL,
)
_IGNORED_FOLDERS = frozenset({".git", ".dujian", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "#recycle"})


@dataclass(frozen=True, slots=True)
class Walk:
    """One look at the archive; ``clean`` is false when some folder could not be read."""

    stamps: tuple[FileStamp, ...]
    warnings: tuple[str, ...]
    has_marker: bool

    @property
    def clean(self) -> bool:
        """Whether every folder could be read."""
        return not self.warnings


def is_ignored(name: str) -> bool:
    """Whether a file name is one of an editor's lock files, an unfinished download or the marker."""
    return _IGNORED.fullmatch(name) is not None


def walk(root: Path) -> Walk:
    """The stamps of every regular file under ``root``, by path; links are not followed.

    Raises:
        ArchiveUnreachable: ``root`` is missing, no folder, or cannot be read.
    """
    warnings: list[str] = []
    try:
        stamps = list(_under(str(root), "", warnings))
    except OSError as error:
        raise ArchiveUnreachable(
            f"档案文件夹 {root} 读不到（{error.strerror}）", remedy="检查共享盘是否连上、路径是否写对、有没有读取权限，然后再试"
        ) from error
    stamps.sort(key=lambda stamp: stamp.path)
    return Walk(tuple(stamps), tuple(warnings), (root / MARKER_NAME).is_file())


def _under(folder: str, prefix: str, warnings: list[str]) -> Iterator[FileStamp]:
    """The files of one folder and, after them, of those below it; unreadable ones below become warnings."""
    below: list[tuple[str, str]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            if entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _IGNORED_FOLDERS:
                    below.append((entry.path, path + "/"))
            elif not is_ignored(entry.name):
                stamp = _stamp(entry, path, warnings)
                if stamp:
                    yield stamp
    for child, child_prefix in below:
        try:
            yield from _under(child, child_prefix, warnings)
        except OSError as error:
            warnings.append(f"文件夹“{child_prefix[:-1]}”读不到（{error.strerror}），其中的文件这次没有核对")


def _stamp(entry: os.DirEntry[str], path: str, warnings: list[str]) -> FileStamp | None:
    try:
        entry.name.encode("utf-8")
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "replace").decode()
        warnings.append(f"文件名“{shown}”不是 UTF-8 编码，没有收录；请改名")
        return None
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return FileStamp(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
