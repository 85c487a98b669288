"""The lock under which numbers are given and drafts are moved: one process after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from dujian_docs.errors import DujianError
from dujian_docs.publishing import storage_failure

LOCK_NAME = "issue.lock"
LOCK_SECONDS = 120.0
"""How long to wait for another process; one issue takes well under a second."""


@contextmanager
def issue_lock(home: Path) -> Iterator[None]:
    """Nobody else issues, or moves a draft, meanwhile.

    Raises:
        DujianError: another process held the lock for too long.
        StorageFailed: the workspace cannot be written to.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / LOCK_NAME, timeout=LOCK_SECONDS)
        lock.acquire()
    except Timeout as error:
        raise DujianError(
            "另一个窗口或另一台电脑正在签发，一直没有结束",
            remedy="等它结束后再签发；确认没有人在签发时重启电脑后再试",
        ) from error
    except OSError as error:
        raise storage_failure(error, home / LOCK_NAME) from error
    try:
        yield
    finally:
        lock.release()
