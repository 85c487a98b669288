"""What files there are: one stamp each, by path. Reads names and stat only; opens nothing."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import ArchiveUnreachable, disk_words
from indexer.model import FileStamp

MARKER_NAME = ".archive-root"
"""The file that says: this is the archive, it is there. Without it nothing is ever taken for deleted."""

_IGNORED = re.compile(
    r"(~\$.*|\.~.*|~\..*|~WR[ADFLS].*|~.*\.tmp|.*\.(?:tmp|part|crdownload)|\.lock\..*|Thumbs\.db|desktop\.ini|\.DS_Store"
    rf"|{re.escape(MARKER_NAME)})",
    re.IGNORECASE | re.DOTALL,
)
_IGNORED_FOLDERS = frozenset(
    {".git", ".dujian", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "#recycle"}
)
_HAS_JUNCTIONS = sys.platform == "win32"
_HAS_INODES = sys.platform != "win32"
"""Windows tells a file's number to one way of asking and not to the other; there it is no part of the key."""
_WORD = (1 << 64) - 1


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
class Look:
    """What a walk meets, just as it meets it, in columns: most looks only have to tell that nothing changed.

    ``numbers`` are four for every one of ``paths``: size, mtime_ns, ctime_ns and inode.
    """

    paths: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    folders: int = 0
    links: int = 0
    has_marker: bool = True

    def fingerprint(self) -> str:
        """Another one as soon as any stamp is another, or another folder unread; order may matter too."""
        digest = hashlib.blake2b("\0".join(self.paths).encode(), digest_size=32)
        digest.update("\0".join(["", *self.unread, ""]).encode("utf-8", "surrogateescape"))
        try:
            numbers = array("q", self.numbers)
        except OverflowError:  # inodes of some file systems
            numbers = array("Q", [one & _WORD for one in self.numbers])
        digest.update(numbers)
        return digest.hexdigest()

    def lacks(self, mounts: Iterable[str]) -> None:
        """File systems that were mounted at these paths are not: of what was in them nothing is known."""
        for one in mounts:
            self.unread.append(f"{one}/")
            self.warnings.append(
                f"“{_shown(one)}”原来是另外连上的盘，现在没有连上，其中的文件这次没有核对；"
                "确实不用它了，加 --accept-disappearance 再运行一次"
            )

    def walk(self) -> Walk:
        """The same as stamps, by path."""
        rest = iter(self.numbers)
        stamps = sorted(map(FileStamp, self.paths, rest, rest, rest, rest))
        return Walk(
            tuple(stamps), tuple(self.warnings), tuple(self.unread), self.folders, has_marker=self.has_marker
        )


def is_ignored(name: str) -> bool:
    """Whether a file name is one of an editor's lock files, an unfinished download or the marker."""
    return _IGNORED.fullmatch(name) is not None


def walk(root: Path, *, skip: Path | None = None) -> Walk:
    """The stamps of every regular file under ``root``; see ``look``."""
    return look(root, skip=skip).walk()


def look(root: Path, *, skip: Path | None = None) -> Look:
    """Every regular file under ``root``; links are counted, not followed.

    Args:
        root: the archive.
        skip: a folder that is passed over although it may lie in the archive, such as the index's own.

    Raises:
        ArchiveUnreachable: ``root`` is missing, no folder, or cannot be read.
    """
    seen = Look()
    try:
        _under(str(root), seen, str(skip) if skip else "")
        seen.has_marker = (root / MARKER_NAME).is_file()
    except OSError as error:
        raise ArchiveUnreachable(
            f"档案文件夹 {root} 读不到（{disk_words(error)}）",
            remedy="检查共享盘是否连上、路径是否写对、有没有读取权限，然后再试",
        ) from error
    _leave_out_unspeakable(seen)
    if seen.links:
        seen.warnings.append(f"有 {seen.links} 个链接（快捷方式）没有跟进去；请把文件本身放进档案")
    return seen


def stamp_of(path: str, found: os.stat_result) -> FileStamp:
    """The stamp of the file at ``path`` (relative to the archive), which the system describes so."""
    return FileStamp(path, *_numbers(found))


def _under(root: str, seen: Look, skip: str) -> None:
    """Adds the files of a folder and of all below it; those that cannot be read become warnings.

    Folders may lie deeper in each other than calls may.

    Raises:
        OSError: the folder itself cannot be read.
    """
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        seen.folders += 1
        try:
            waiting += reversed(_inside(folder, prefix, seen, skip))
        except OSError as error:
            if not prefix:
                raise
            seen.unread.append(prefix)
            shown = _shown(prefix[:-1])
            seen.warnings.append(f"文件夹“{shown}”读不到（{disk_words(error)}），其中的文件这次没有核对")


def _inside(folder: str, prefix: str, seen: Look, skip: str) -> list[tuple[str, str]]:
    """Adds the files of one folder; returns the folders in it, with what their files' paths begin with."""
    below: list[tuple[str, str]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                name = entry.name
                if _IGNORED.fullmatch(name):
                    continue
                try:
                    found = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                seen.paths.append(prefix + name)
                seen.numbers += _numbers(found)
            elif entry.is_symlink() or (_HAS_JUNCTIONS and _is_junction(entry)):
                seen.links += 1
            elif entry.is_dir(follow_symlinks=False) and _is_entered(entry, skip):
                below.append((entry.path, f"{prefix}{entry.name}/"))
    return below


def _numbers(found: os.stat_result) -> tuple[int, int, int, int]:
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino if _HAS_INODES else 0)


def _is_entered(entry: os.DirEntry[str], skip: str) -> bool:
    return entry.name not in _IGNORED_FOLDERS and entry.path != skip


def _leave_out_unspeakable(seen: Look) -> None:
    """Files whose names are no Unicode become warnings."""
    if _is_unicode("\0".join(seen.paths)):
        return
    numbers = zip(*[iter(seen.numbers)] * 4, strict=True)
    seen.paths, seen.numbers, found = [], [], list(zip(seen.paths, numbers, strict=True))
    for path, of_it in found:
        if _is_unicode(path):
            seen.paths.append(path)
            seen.numbers += of_it
        else:
            seen.warnings.append(f"文件名“{_shown(path)}”的编码不对，没有收录；请给它改名")


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
