"""Whatever an engine's library raises is sorted: the disk refuses, or the files are bad."""

from __future__ import annotations

import errno

import pytest

from indexer.engines import EngineDoc
from indexer.errors import IndexBusy, IndexDamaged, IndexerError
from indexer.guard import GuardedEngine


class Panic(BaseException):
    """As Rust's panics come: outside Exception."""


class Failing:
    name = "failing"

    def __init__(self, fault: BaseException) -> None:
        self.fault = fault

    def write(self, adds: object, deletes: object) -> None:
        raise self.fault

    def count(self) -> int:
        raise self.fault

    ids = close = release = count


def guarded(fault: BaseException) -> GuardedEngine:
    return GuardedEngine(Failing(fault))  # type: ignore[arg-type]  # just what is needed


@pytest.mark.parametrize(
    "fault",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EROFS, "Read-only file system"),
        PermissionError(errno.EACCES, "Permission denied"),
        ValueError("An IO error occurred: 'No space left on device (os error 28)'"),
        MemoryError(),
    ],
)
def test_a_disk_that_refuses_is_no_damage(fault: BaseException) -> None:
    with pytest.raises(IndexerError, match="检索库读写失败") as caught:
        guarded(fault).write([EngineDoc("1", "", "")], ())
    assert type(caught.value) is IndexerError
    assert "磁盘" in caught.value.remedy


@pytest.mark.parametrize(
    "fault",
    [
        FileNotFoundError(errno.ENOENT, "No such file"),
        ValueError("An IO error occurred: 'No such file (os error 2)'"),
        TypeError("ord() expected a character"),
        Panic("index out of bounds"),
    ],
)
def test_anything_else_is_damage(fault: BaseException) -> None:
    with pytest.raises(IndexDamaged, match="损坏"):
        guarded(fault).count()
    with pytest.raises(IndexDamaged):
        guarded(fault).ids()


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), SystemExit(1), IndexBusy("忙", remedy="等")])
def test_what_is_ours_or_the_users_passes(fault: BaseException) -> None:
    with pytest.raises(type(fault)):
        guarded(fault).release()


def test_closing_never_fails() -> None:
    guarded(OSError(errno.EIO, "Input/output error")).close()
    guarded(Panic()).close()
