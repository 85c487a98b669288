"""Publishing: whole or not at all, never over another file, never outside its folder."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dujian_docs.errors import ArchiveConflict, StorageFailed
from dujian_docs.publishing import TEMPORARY_PREFIX, confined, publish


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_stands_whole_and_no_temporary_is_left(tmp_path: Path) -> None:
    target = tmp_path / "发文" / "2026" / "通知.docx"
    assert publish(b"whole", target) == target
    assert target.read_bytes() == b"whole"
    assert names(target.parent) == ["通知.docx"]


def test_a_taken_name_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "通知.docx"
    target.write_bytes(b"old")
    assert publish(b"new", target) == tmp_path / "通知(2).docx"
    assert publish(b"newer", target) == tmp_path / "通知(3).docx"
    assert target.read_bytes() == b"old"


def test_many_at_once_lose_none(tmp_path: Path) -> None:
    target = tmp_path / "通知.docx"
    threads = [threading.Thread(target=publish, args=(str(i).encode(), target)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(path.read_bytes()) for path in tmp_path.iterdir()) == list(range(12))


def test_where_hard_links_are_missing_nothing_is_overwritten_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    target = tmp_path / "通知.docx"
    target.write_bytes(b"old")
    assert publish(b"new", target).name == "通知(2).docx"
    assert names(tmp_path) == ["通知(2).docx", "通知.docx"]
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize("step", ["fsync", "link"])
@pytest.mark.parametrize(
    ("code", "said"), [(errno.ENOSPC, "磁盘已满"), (errno.EIO, "磁盘出错"), (errno.EROFS, "只读")]
)
def test_a_failing_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int, said: str
) -> None:
    def fail(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(StorageFailed) as caught:
        publish(b"data", tmp_path / "通知.docx")
    assert said in caught.value.problem
    assert caught.value.remedy
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_flushed_takes_the_file_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.fsync, []

    def second_fails(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.EIO, "I/O error")
        real(handle)

    monkeypatch.setattr(os, "fsync", second_fails)
    with pytest.raises(StorageFailed):
        publish(b"data", tmp_path / "通知.docx")
    assert names(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 KB; only root can mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("需要 root 才能挂载小磁盘，跳过")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], check=False).returncode:
        pytest.skip("这里不允许挂载，跳过")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_really_full_disk(small_disk: Path) -> None:
    publish(b"a" * 100_000, small_disk / "一.docx")
    with pytest.raises(StorageFailed, match="磁盘已满"):
        publish(b"b" * 500_000, small_disk / "二.docx")
    assert names(small_disk) == ["一.docx"]


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "发文").write_bytes(b"")
    with pytest.raises(StorageFailed, match="是文件而不是文件夹"):
        publish(b"x", tmp_path / "发文" / "通知.docx")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="太长"):
        publish(b"x", tmp_path / ("长" * 100))


@pytest.mark.parametrize(
    "relative",
    [
        "",
        ".",
        "../外",
        "a/../../外",
        "/etc/passwd",
        "\\\\server\\x",
        "C:\\x",
        "c:x",
        "a\\..\\..\\b",
        "a\0b",
        "link/x",
        "ring",
    ],
)
def test_escapes_are_refused(tmp_path: Path, relative: str) -> None:
    root = tmp_path / "档案"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    (root / "ring").symlink_to(root / "ring")
    with pytest.raises(ArchiveConflict, match="不在允许的文件夹里"):
        confined(root, relative)


def test_a_path_inside_is_given_resolved(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "乙").symlink_to(tmp_path / "甲")
    assert confined(tmp_path, "乙/通知.docx") == (tmp_path / "甲" / "通知.docx").resolve()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["..", ".", "a", "通知", "", "C:", "~", "a\\b", "..\\"]), max_size=6).map(
        "/".join
    )
)
def test_what_is_let_through_lies_inside(tmp_path: Path, relative: str) -> None:
    try:
        found = confined(tmp_path, relative)
    except ArchiveConflict:
        return
    assert found.is_relative_to(tmp_path.resolve())


def test_temporary_names_are_those_the_indexer_ignores() -> None:
    assert TEMPORARY_PREFIX.startswith(".~")
