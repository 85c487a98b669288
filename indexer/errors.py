"""What stops the indexer's work: a problem and its remedy, both in Chinese."""

from __future__ import annotations

import errno


class IndexerError(Exception):
    """Work cannot go on; ``problem`` says what happened, ``remedy`` what to do about it."""

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}。怎么办：{self.remedy}"


class ArchiveUnreachable(IndexerError):
    """The archive's root folder is missing or may not be read."""


class MassDisappearance(IndexerError):
    """So many files vanished at once that a lost share is likelier than a clean-up."""


class IndexBusy(IndexerError):
    """Another process is writing this index."""


class IndexDamaged(IndexerError):
    """An engine's files cannot be opened or do not answer; they are a cache and can be rebuilt."""


class ManifestDamaged(IndexerError):
    """The manifest turned out to be damaged in use; it is set aside when it is opened next."""


class QueryInvalid(IndexerError):
    """A query cannot be understood; ``position`` is the 0-based character where it goes wrong."""

    def __init__(self, problem: str, *, remedy: str, position: int) -> None:
        super().__init__(problem, remedy=remedy)
        self.position = position


class IndexOutdated(IndexDamaged):
    """An engine's files were made by another version of the program or with another lexicon."""


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
    """What the system says is wrong, in a few Chinese words; its number when there are none for it."""
    return _DISK_WORDS.get(error.errno or 0, f"系统错误 {error.errno}" if error.errno else "系统没有说明原因")
