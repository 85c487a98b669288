"""What stops a verb: a problem and its remedy, both in Chinese, and the exit status it means.

The statuses are those of docs/errors.md; the command line and the page show the same two sentences.
"""

from __future__ import annotations

import errno
from typing import ClassVar


class DujianError(Exception):
    """Work cannot go on; ``problem`` says what happened, ``remedy`` what to do about it."""

    exit_status: ClassVar[int] = 1

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}。怎么办：{self.remedy}"


class UsageInvalid(DujianError):
    """A word of the command is not one of those that exist (genre, kind, setting)."""

    exit_status = 2


class InputInvalid(DujianError):
    """Data handed in (a record, a workbook, a filing list) breaks a rule; nothing was stored."""

    exit_status = 4


class TemplateInvalid(DujianError):
    """A genre's folder or template cannot be used."""

    exit_status = 4


class RecordConflict(DujianError):
    """A change would break a link between records or overtake another change."""


class ArchiveConflict(DujianError):
    """A file cannot be placed into the archive without touching another one."""


class StorageFailed(DujianError):
    """The disk refused: full, read-only or gone."""

    exit_status = 5


class ProgramMissing(DujianError):
    """An optional program is needed for this and is not installed."""

    exit_status = 5


class PackageInvalid(DujianError):
    """A dossier package cannot be opened as one."""

    exit_status = 4


_DISK_WORDS = {
    errno.ENOENT: "找不到",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件太大",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正被别的程序占用",
    errno.EMFILE: "同时打开的文件太多",
    errno.ENAMETOOLONG: "名称或路径太长",
    errno.EISDIR: "它是文件夹",
    errno.ENOTDIR: "它不是文件夹",
    errno.ELOOP: "链接绕成了圈",
    errno.ETIMEDOUT: "连接超时",
    errno.ESTALE: "共享已断开",
}


def disk_words(error: OSError) -> str:
    """What the system says is wrong, in a few Chinese words; its number when there are none for it.

    ``indexer`` has its own: it stands without this package, and this room may not know it.
    """
    return _DISK_WORDS.get(error.errno or 0, f"系统错误 {error.errno}" if error.errno else "系统没有说明原因")
