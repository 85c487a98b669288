"""Putting a finished file into place: whole or not at all, on disk for sure, and never over another one."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from dujian_docs.errors import ArchiveConflict, StorageFailed, disk_words

TEMPORARY_PREFIX = ".~dujian-"
"""Names that start so are unfinished; the indexer does not look at them."""
MOST_NAMESAKES = 999
LEFT_OVER_SECONDS = 24 * 3600
"""Nothing of ours takes a day to finish: older unfinished files are of a process that was killed."""

_NO_LINKS = {
    errno.EPERM,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EMLINK,
    getattr(errno, "ENOTSUP", errno.ENOSYS),
}
_ADVICE = {
    errno.ENOSPC: ("磁盘已满", "清理磁盘或换一个位置，然后重新执行"),
    errno.EDQUOT: ("磁盘配额已用完", "清理不需要的文件或请管理员增加配额，然后重新执行"),
    errno.EROFS: ("磁盘是只读的", "检查共享或移动盘是否写保护，然后重新执行"),
    errno.EACCES: ("没有写入权限", "请管理员开放该文件夹的写入权限，然后重新执行"),
    errno.EPERM: ("没有写入权限", "请管理员开放该文件夹的写入权限，然后重新执行"),
    errno.ENAMETOOLONG: ("文件名或路径太长", "缩短标题，或把档案目录放到更浅的位置"),
    errno.ENOENT: ("文件夹不见了", "检查共享或移动盘是否断开，然后重新执行"),
    errno.ENOTDIR: ("路径中有一段是文件而不是文件夹", "把那个文件移走或改名，然后重新执行"),
    errno.EEXIST: ("路径中有一段是文件而不是文件夹", "把那个文件移走或改名，然后重新执行"),
}


def publish(data: bytes, target: Path) -> Path:
    """``data`` stands whole and flushed at the returned path: ``target``, or ``名称(2).docx`` when taken.

    Folders on the way are made. Nothing that was there is changed; after a failure nothing new is there.

    Raises:
        StorageFailed: the disk refused (full, read-only, gone, no permission).
        ArchiveConflict: every namesake up to ``名称(999)`` is taken.
    """
    try:
        _make_folders(target.parent)
        temporary = _written(data, target.parent)
        try:
            return _placed(temporary, target)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    except OSError as error:
        raise storage_failure(error, target) from error


def namesakes(target: Path) -> Iterator[Path]:
    """``target`` and then ``名称(2)``, ``名称(3)`` … beside it: the names ``publish`` tries, in order."""
    yield target
    for number in range(2, MOST_NAMESAKES + 1):
        yield target.with_name(f"{target.stem}({number}){target.suffix}")


def clear_leftovers(folder: Path, *, now: float) -> None:
    """What killed processes left unfinished in ``folder`` is gone; ``now`` in seconds, as file times are.

    What another process may still be writing stays, and so does what cannot be deleted.
    """
    for path in folder.glob(f"{TEMPORARY_PREFIX}*"):
        with contextlib.suppress(OSError):
            if now - path.stat().st_mtime < LEFT_OVER_SECONDS:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def storage_failure(error: OSError, target: Path) -> StorageFailed:
    """The two Chinese sentences for what the disk said."""
    problem, remedy = _ADVICE.get(
        error.errno or 0, (f"磁盘出错（{disk_words(error)}）", "检查磁盘和共享是否正常，然后重新执行")
    )
    return StorageFailed(f"写不进 {target}：{problem}", remedy=remedy)


def confined(root: Path, relative: str) -> Path:
    """The path ``relative`` under ``root``, both resolved; links that lead out of ``root`` are refused.

    Raises:
        ArchiveConflict: ``relative`` is empty, absolute, climbs with ``..`` or leads out of ``root``.
    """
    parts = PurePosixPath(relative).parts
    spellings = (PurePosixPath(relative), PureWindowsPath(relative))
    if (
        not parts
        or "\0" in relative
        or any(path.is_absolute() or path.anchor or ".." in path.parts for path in spellings)
        or re.match(r"[A-Za-z]:", relative)
    ):
        raise _escape(relative)
    base = root.resolve()
    try:
        found = base.joinpath(*parts).resolve()
    except (OSError, RuntimeError) as error:  # a ring of links
        raise _escape(relative) from error
    if not found.is_relative_to(base):
        raise _escape(relative)
    return found


def _escape(relative: str) -> ArchiveConflict:
    return ArchiveConflict(
        f"路径“{relative}”不在允许的文件夹里",
        remedy="只写档案目录内的相对路径，不要用“..”、盘符或指向外面的快捷链接",
    )


def _make_folders(folder: Path) -> None:
    made = list(itertools.takewhile(lambda path: not path.exists(), (folder, *folder.parents)))
    folder.mkdir(parents=True, exist_ok=True)
    for path in made:
        _flush_folder(path.parent)


def _written(data: bytes, folder: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":
            temporary.chmod(0o666 & ~_umask())
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _placed(temporary: Path, target: Path) -> Path:
    for path in namesakes(target):
        try:
            _take_name(temporary, path)
        except FileExistsError:
            continue
        try:
            _flush_folder(path.parent)
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
        return path
    raise ArchiveConflict(f"{target.name} 的重名文件太多", remedy="整理该文件夹，或换一个标题")


def _take_name(temporary: Path, path: Path) -> None:
    """The temporary file's content has the name ``path``; FileExistsError when the name is taken."""
    if os.name == "nt":
        temporary.rename(path)  # refuses an existing name there
        return
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        path.open("xb").close()  # no hard links here (FAT, some shares): hold the name, then replace our own
        try:
            temporary.replace(path)
        except OSError:
            path.unlink()
            raise


def _flush_folder(folder: Path) -> None:
    """The folder's entries are on disk; Windows flushes them with the file."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EBADF}:  # some shares cannot flush a folder
            raise
    finally:
        os.close(handle)
