"""A bundle when the disk fills, is read-only, or the process is killed: a whole package or none."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from dujian_docs.dossier import (
    Description,
    DossierPlan,
    ListLine,
    Row,
    Section,
    StoredFile,
    Use,
    Volume,
    package,
    verify_package,
    write_dossier,
)
from dujian_docs.errors import StorageFailed
from dujian_docs.filing import ExpectationState


def plan_of(archive: Path, contents: Sequence[bytes]) -> DossierPlan:
    archive.mkdir(exist_ok=True)
    folder = "A1 保障措施/B2 教育投入"
    files, lines, rows = [], [], []
    for number, content in enumerate(contents, start=1):
        (archive / f"{number}.bin").write_bytes(content)
        wanted = Use(f"C3-{number:02}", "材料", "C3", "D001", "县财政局", 2026)
        path = f"{folder}/C3 三个增长/{number}.bin"
        digest = hashlib.sha256(content).hexdigest()
        files.append(
            StoredFile(
                path, f"{number}.bin", (), len(content), digest, None, Description(title="材料"), (wanted,)
            )
        )
        lines.append(ListLine(number, path, "C3"))
        rows.append(Row(wanted, ExpectationState.PRESENT, "相符", "", paths=(path,)))
    box = Volume(
        "A1", "保障措施", "B2", "教育投入", folder, (Section("C3", "三个增长", tuple(rows)),), tuple(lines)
    )
    return DossierPlan("包", "YL", "目录", "", "督导室", datetime(2026, 3, 5, 9, 30), (box,), tuple(files))


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def test_a_full_disk_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    """A file system of 3 MB: the copies alone do not fit."""
    small = tmp_path / "small"
    small.mkdir()
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("不能挂载小磁盘（需要 root）")
    try:
        plan = plan_of(tmp_path / "archive", [os.urandom(2 * 1024**2) for _ in range(3)])
        with pytest.raises(StorageFailed, match="磁盘已满") as failed:
            write_dossier(plan, tmp_path / "archive", small / "包.zip", work=small)
        assert failed.value.remedy
        assert left_over(small) == []
        with pytest.raises(StorageFailed, match="磁盘已满"):
            write_dossier(plan, tmp_path / "archive", small / "包.zip", work=tmp_path)
        assert left_over(small) == []
        control = write_dossier(plan, tmp_path / "archive", tmp_path / "包.zip", work=tmp_path)
        assert verify_package(control.path).intact
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_disk_that_refuses_to_flush_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(code, os.strerror(code))

    plan = plan_of(tmp_path / "archive", [b"x"])
    (tmp_path / "out").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(StorageFailed):
            write_dossier(plan, tmp_path / "archive", tmp_path / "out" / "包.zip")
    assert left_over(tmp_path / "out") == []
    write_dossier(plan, tmp_path / "archive", tmp_path / "out" / "包.zip")
    assert left_over(tmp_path / "out") == ["包.zip"]


def test_a_zip_that_does_not_read_back_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes go bad on the way to the disk; the copy is proved before it is given out."""
    plan = plan_of(tmp_path / "archive", [os.urandom(4096)])
    honest = package._add

    def worn(target, member, stamp):  # type: ignore[no-untyped-def]
        sealed = honest(target, member, stamp)
        if member.path.endswith("1.bin"):
            target.fp.flush()
            place = target.fp.tell()
            target.fp.seek(place - 1000)
            target.fp.write(b"\0")
            target.fp.seek(place)
        return sealed

    with monkeypatch.context() as patched:
        patched.setattr(package, "_add", worn)
        with pytest.raises(StorageFailed, match="读回来与清单不符"):
            write_dossier(plan, tmp_path / "archive", tmp_path / "包.zip")
    assert not list(tmp_path.glob("*.zip"))
    assert write_dossier(plan, tmp_path / "archive", tmp_path / "包.zip").path.is_file()


def test_a_package_of_that_name_is_kept(tmp_path: Path) -> None:
    plan = plan_of(tmp_path / "archive", [b"x"])
    (tmp_path / "包.zip").write_bytes(b"mine")
    assert write_dossier(plan, tmp_path / "archive", tmp_path / "包.zip").path.name == "包(2).zip"
    assert (tmp_path / "包.zip").read_bytes() == b"mine"


_CHILD = """
import os, sys
from pathlib import Path
sys.path.insert(0, {here!r})
from test_bundle_faults import plan_of
from dujian_docs.dossier import write_dossier
root, stage, at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seen = 0
def tell(name, done, total, what):
    global seen
    if name == stage:
        seen += 1
        if seen == at:
            os.kill(os.getpid(), 9)
plan = plan_of(root / "archive", [bytes([number]) * 200_000 for number in range(6)])
write_dossier(plan, root / "archive", root / "out" / "包.zip", work=root / "work", progress=tell)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="没有 SIGKILL")
@pytest.mark.parametrize(
    ("stage", "at"),
    [("复制", 1), ("复制", 6), ("合订", 3), ("打包", 1), ("打包", 5), ("核对", 2), ("核对", 9)],
)
def test_killed_anywhere_there_is_no_half_package(tmp_path: Path, stage: str, at: int) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "work").mkdir()
    child = textwrap.dedent(_CHILD).format(here=str(Path(__file__).parent))
    done = subprocess.run(
        [sys.executable, "-c", child, str(tmp_path), stage, str(at)],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    assert left_over(tmp_path / "out") == []
    plan = plan_of(tmp_path / "archive", [bytes([number]) * 200_000 for number in range(6)])
    left = list((tmp_path / "work").iterdir())
    again = write_dossier(plan, tmp_path / "archive", tmp_path / "out" / "包.zip", work=tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == left  # it may still be at work, for all one knows
    assert verify_package(again.path, seal=again.seal).intact


def test_what_a_killed_process_left_goes_after_a_day(tmp_path: Path) -> None:
    """Unfinished folders and files a day old are cleared by the next dossier; anything else stays."""
    plan = plan_of(tmp_path / "archive", [b"x"])
    work = tmp_path / "work"
    for name, age in ((".~dujian-old", 2 * 86400), (".~dujian-new", 3600), ("old", 2 * 86400)):
        (work / name).mkdir(parents=True)
        (work / name / "copy").write_bytes(b"x")
        os.utime(work / name, (time.time() - age,) * 2)
    (tmp_path / ".~dujian-file").write_bytes(b"half")
    os.utime(tmp_path / ".~dujian-file", (0, 0))
    write_dossier(plan, tmp_path / "archive", tmp_path / "包.zip", work=work)
    assert sorted(path.name for path in work.iterdir()) == [".~dujian-new", "old"]
    assert not (tmp_path / ".~dujian-file").exists()
