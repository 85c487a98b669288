"""What files there are: one stamp each, by path. Reads names and stat only; opens nothing."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import ArchiveUnreachable, disk_words
from indexer.model import FileStamp

MARKER_NAME = ".archive-root"
"""The file that says: this is the archive, it is there. Without it nothing is ever taken for deleted."""

_IGNORED = re.compile(
    r"(~\$.*|\.~.*|~WR[DL].*|~.*\.tmp|.*\.(?:tmp|part|crdownload)|\.lock\..*|Thumbs\.db|desktop\.ini|\.DS_Store"
    rf"|{re.escape(MARKER_NAME)})",
    re.IGNORECASE | re.DOTALL,
)
_IGNORED_FOLDERS = frozenset(
    {".git", ".dujian", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "#recycle"}
)
_HAS_JUNCTIONS = sys.platform == "win32"
_HAS_INODES = sys.platform != "win32"
"""Windows tells a file's number to one way of asking and not to the other; there it is no part of the key."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One look at the archive.

    ``unread`` are the folders (with a closing ``/``) that could not be read.
    ``warnings`` are Chinese sentences about them and about what was passed over.
    """

    stamps: tuple[FileStamp, ...]
    warnings: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    folders: int = 1
    has_marker: bool = True

    @property
    def clean(self) -> bool:
        """Whether every folder could be read."""
        return not self.unread


@dataclass(slots=True)
class _Tally:
    """What a walk meets besides files."""

    warnings: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    folders: int = 0
    links: int = 0


def is_ignored(name: str) -> bool:
    """Whether a file name is one of an editor's lock files, an unfinished download or the marker."""
    return _IGNORED.fullmatch(name) is not None


def walk(root: Path, *, skip: Path | None = None) -> Walk:
    """The stamps of every regular file under ``root``, by path; links are counted, not followed.

    Args:
        root: the archive.
        skip: a folder that is passed over although it may lie in the archive, such as the index's own.

    Raises:
        ArchiveUnreachable: ``root`` is missing, no folder, or cannot be read.
    """
    tally = _Tally()
    try:
        stamps = list(_under(str(root), "", tally, str(skip) if skip else ""))
        has_marker = (root / MARKER_NAME).is_file()
    except OSError as error:
        raise ArchiveUnreachable(
            f"档案文件夹 {root} 读不到（{disk_words(error)}）",
            remedy="检查共享盘是否连上、路径是否写对、有没有读取权限，然后再试",
        ) from error
    stamps.sort(key=lambda stamp: stamp.path)
    if tally.links:
        tally.warnings.append(f"有 {tally.links} 个链接（快捷方式）没有跟进去；请把文件本身放进档案")
    return Walk(tuple(stamps), tuple(tally.warnings), tuple(tally.unread), tally.folders, has_marker)


def stamp_of(path: str, found: os.stat_result) -> FileStamp:
    """The stamp of the file at ``path`` (relative to the archive), which the system describes so."""
    inode = found.st_ino if _HAS_INODES else 0
    return FileStamp(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, inode)


def _under(folder: str, prefix: str, tally: _Tally, skip: str) -> Iterator[FileStamp]:
    """The files of one folder and, after them, of those below it; unreadable ones below become warnings."""
    below: list[tuple[str, str]] = []
    tally.folders += 1
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            if entry.is_symlink() or (_HAS_JUNCTIONS and _is_junction(entry)):
                tally.links += 1
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in _IGNORED_FOLDERS and entry.path != skip:
                    below.append((entry.path, path + "/"))
            elif not is_ignored(entry.name):
                stamp = _stamp(entry, path, tally)
                if stamp:
                    yield stamp
    for child, child_prefix in below:
        try:
            yield from _under(child, child_prefix, tally, skip)
        except OSError as error:
            tally.unread.append(child_prefix)
            shown = _shown(child_prefix[:-1])
            tally.warnings.append(f"文件夹“{shown}”读不到（{disk_words(error)}），其中的文件这次没有核对")


def _stamp(entry: os.DirEntry[str], path: str, tally: _Tally) -> FileStamp | None:
    if not _is_unicode(path):
        tally.warnings.append(f"文件名“{_shown(path)}”的编码不对，没有收录；请给它改名")
        return None
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        return stamp_of(path, entry.stat(follow_symlinks=False))
    except FileNotFoundError:
        return None


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether it is Windows' other kind of link; Python 3.11 cannot tell."""
    return bool(getattr(entry, "is_junction", bool)())


def _is_unicode(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    """The path with what is no Unicode replaced, fit for a message."""
    return path if path.isascii() else path.encode("utf-8", "replace").decode()
