"""Which file systems lie under and in an archive, from the system's own table of mounts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from indexer import mounts
from indexer.mounts import lost_mounts, mounts_below, on_network

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="挂载表只在 Linux 上有")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Writes lines with ``R`` for the archive's place."""
    file = tmp_path / "mounts"
    monkeypatch.setattr(mounts, "MOUNTS", file)
    return file


def write(table: Path, *lines: str) -> Path:
    root = table.with_name("档案")
    text = "".join(f"{line} rw 0 0\n" for line in ("none / ext4", *lines))
    table.write_text(text.replace(" R", f" {root}"), encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("lines", "shared"),
    [
        ([], False),
        (["//nas/x R cifs"], True),
        (["//nas/x R/.. nfs4"], False),
        (["nas:/ R nfs4", "/dev/sdb R ext4"], False),
        (["/dev/sdb R ext4", "nas:/ R nfs4"], True),
        (["nas:/ R/子 nfs4"], False),
        (["nas:/ R2 nfs4"], False),
    ],
)
def test_the_nearest_file_system_above_tells(table: Path, lines: list[str], *, shared: bool) -> None:
    assert on_network(write(table, *lines)) is shared


def test_a_share_above_is_one(table: Path) -> None:
    root = write(table)
    table.write_text(f"none / ext4 rw 0 0\nnas:/ {root.parent} nfs rw 0 0\n", encoding="utf-8")
    assert on_network(root)


def test_what_is_mounted_inside_is_told_with_its_kind_and_missed_when_it_goes(table: Path) -> None:
    root = write(
        table, "//nas/x R/有\\040空格 cifs", "/dev/sdb R/深/盘 ext4", "/dev/sdc R ext4", "proc /x proc"
    )
    assert mounts_below(root) == {"有 空格": True, "深/盘": False}
    assert lost_mounts(root, ["有 空格", "深/盘"]) == ()
    write(table, "/dev/sdb R/深/盘 ext4")
    assert lost_mounts(root, ["有 空格", "深/盘"]) == ("有 空格",)


def test_without_a_table_nothing_is_known(table: Path, tmp_path: Path) -> None:
    assert not on_network(tmp_path)
    assert mounts_below(tmp_path) == {}
