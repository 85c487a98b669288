"""A lock between processes that says who holds it."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import IndexBusy, IndexerError, disk_words

Clock = Callable[[], float]
"""Seconds since 1970."""


class NamedLock:
    """The lock in ``file``; beside it stands who took it last. Gone with its process, however that ends."""

    def __init__(self, file: Path, what: str, *, clock: Clock) -> None:
        self._lock = FileLock(file, thread_local=False)
        self._holder = file.with_suffix(".json")
        self._what = what
        self._clock = clock

    @contextlib.contextmanager
    def held(self, wait: float) -> Iterator[None]:
        """This process holds it meanwhile; inside, it may be taken again.

        Raises:
            IndexBusy: another process has held it for ``wait`` seconds; says which.
            IndexerError: the disk does not let it be taken.
        """
        try:
            self._lock.acquire(timeout=wait)
        except Timeout as error:
            raise IndexBusy(
                f"另一个程序正在{self._what}{self._who()}",
                remedy="等它做完再试；多开了就关掉那一个",
            ) from error
        except OSError as error:
            raise IndexerError(
                f"检索库写不进去（{disk_words(error)}）",
                remedy="检查磁盘是否已满、检索库所在文件夹能不能写入，然后再试",
            ) from error
        try:
            self._sign()
            yield
        finally:
            self._lock.release()

    def _sign(self) -> None:
        """Who holds it is on disk; where that cannot be written, nobody is told."""
        holder = {
            "process": os.getpid(),
            "computer": platform.node(),
            "user": _login(),
            "since": self._clock(),
        }
        with contextlib.suppress(OSError):
            self._holder.write_text(json.dumps(holder, ensure_ascii=False), encoding="utf-8")

    def _who(self) -> str:
        """The holder in brackets; empty when it did not sign."""
        try:
            told = json.loads(self._holder.read_text(encoding="utf-8"))
            process, since = int(told["process"]), spoken(float(told["since"]))
            return f"（电脑 {told['computer']}，用户 {told['user']}，进程 {process}，{since} 开始）"
        except (OSError, ValueError, KeyError, TypeError):
            return ""


def spoken(at: float) -> str:
    """A moment (seconds since 1970) in local time, as people read it."""
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return "？"
