"""What a look at the archive sees, passes over, and says of what it could not see."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import ArchiveUnreachable
from indexer.scan import MARKER_NAME, Look, is_ignored, look, stamp_of, walk

posix = pytest.mark.skipif(sys.platform == "win32", reason="文件系统的这种情况只在 POSIX 上有")


def paths(root: Path, **options: Path) -> list[str]:
    return [stamp.path for stamp in walk(root, **options).stamps]


def test_files_come_sorted_by_path_with_their_whole_change_key(tmp_path: Path) -> None:
    for name in ("b/二.txt", "b/一.txt", "a.txt", "b/c/三.docx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")

    found = walk(tmp_path)

    assert [stamp.path for stamp in found.stamps] == sorted(["b/二.txt", "b/一.txt", "a.txt", "b/c/三.docx"])
    facts = (tmp_path / "a.txt").stat()
    first = found.stamps[0]
    assert (first.size_bytes, first.mtime_ns, first.ctime_ns) == (5, facts.st_mtime_ns, facts.st_ctime_ns)
    assert first == stamp_of("a.txt", facts)
    assert (found.folders, found.clean, found.warnings) == (3, True, ())


@pytest.mark.parametrize(
    "name",
    [
        "~$通知.docx", ".~通知.docx", "~WRD0001.tmp", "~WRL0002.tmp", "~DF12.tmp", "下载.part",
        "下载.crdownload", "x.TMP", "Thumbs.db", "desktop.ini", ".DS_Store", MARKER_NAME, ".~lock.通知.docx#",
        "~.知.docx", "~WRA0003.wbk", "lu1234abcd.tmp", ".~WPS0001.docx",
    ],
)  # fmt: skip
def test_what_editors_and_browsers_leave_is_no_evidence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert is_ignored(name)
    assert paths(tmp_path) == []


@pytest.mark.parametrize("name", ["通知.docx", "~通知.docx", "tmp", "thumbs.dbx", "part.txt", "模板.tmpl"])
def test_names_that_only_look_alike_are_seen(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert paths(tmp_path) == [name]


def test_service_folders_and_the_indexs_own_are_passed_over(tmp_path: Path) -> None:
    for folder in (".git", ".dujian", "@eaDir", "索引", "材料"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "f.txt").touch()
    assert paths(tmp_path, skip=tmp_path / "索引") == ["材料/f.txt"]


@posix
def test_links_are_counted_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "外面"
    outside.mkdir()
    (outside / "秘密.txt").touch()
    root = tmp_path / "档案"
    root.mkdir()
    (root / "链接").symlink_to(outside)
    (root / "链接.txt").symlink_to(outside / "秘密.txt")
    (root / "圈").symlink_to(root)

    found = walk(root)

    assert found.stamps == ()
    assert found.clean
    assert found.warnings == ("有 3 个链接（快捷方式）没有跟进去；请把文件本身放进档案",)


@posix
def test_a_pipe_is_no_file_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道.txt")
    assert paths(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="只有 Linux 允许任意字节的文件名")
def test_a_name_that_is_no_unicode_is_reported_and_spoils_nothing(tmp_path: Path) -> None:
    (tmp_path / "好.txt").touch()
    (tmp_path / os.fsdecode("坏.txt".encode("gb18030"))).touch()

    found = walk(tmp_path)

    assert [stamp.path for stamp in found.stamps] == ["好.txt"]
    assert found.clean
    assert len(found.warnings) == 1
    assert "编码不对" in found.warnings[0]
    found.warnings[0].encode("utf-8")


@posix
def test_names_as_long_as_they_may_be_and_with_any_character_are_seen(tmp_path: Path) -> None:
    names = [
        "长" * 85,
        "换\n行.txt",
        "A.txt",
        "a.txt",
        "e\u0301.txt",
        "\u00e9.txt",
        "空 格.txt",
        "反\\斜.txt",
    ]
    for name in names:
        (tmp_path / name).touch()
    assert paths(tmp_path) == sorted(names)


@posix
@pytest.mark.parametrize("mtime", [0, -1, 4_102_444_800, 8_583_753_600])
def test_odd_times_of_change_are_stamps_like_others(tmp_path: Path, mtime: int) -> None:
    file = tmp_path / "旧.txt"
    file.touch()
    os.utime(file, (mtime, mtime))
    assert walk(tmp_path).stamps[0].mtime_ns == mtime * 10**9


def test_a_root_that_is_not_there_stops_with_problem_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "文件").touch()
    for root in (tmp_path / "没有", tmp_path / "文件"):
        with pytest.raises(ArchiveUnreachable, match="读不到") as caught:
            walk(root)
        assert "共享盘" in caught.value.remedy


def test_a_folder_that_cannot_be_read_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights do not stop root, so the system's refusal is put in where it comes from."""
    (tmp_path / "锁着/里面").mkdir(parents=True)
    (tmp_path / "锁着/里面/a.txt").touch()
    (tmp_path / "b.txt").touch()
    scandir = os.scandir

    def refused(folder: str) -> object:
        if folder.endswith("锁着"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refused)
    found = walk(tmp_path)

    assert [stamp.path for stamp in found.stamps] == ["b.txt"]
    assert found.unread == ("锁着/",)
    assert not found.clean
    assert "“锁着”读不到" in found.warnings[0]


def test_the_marker_is_noticed(tmp_path: Path) -> None:
    assert not walk(tmp_path).has_marker
    (tmp_path / MARKER_NAME).touch()
    assert walk(tmp_path).has_marker


@pytest.mark.parametrize("at", range(4))
def test_a_fingerprint_tells_every_change_of_a_stamp(at: int) -> None:
    numbers = [10, 20, 30, 1 << 63, 1, -2, 3, 4]
    before = Look(["一/甲", "乙"], numbers).fingerprint()
    assert Look(["一/甲", "乙"], list(numbers)).fingerprint() == before
    for place in (at, at + 4):
        changed = [one + (place == number) for number, one in enumerate(numbers)]
        assert Look(["一/甲", "乙"], changed).fingerprint() != before


@pytest.mark.parametrize("paths", [["一", "甲/乙"], ["一/甲乙"], ["一/甲"], ["一/甲", "乙", ""], []])
def test_a_fingerprint_tells_names_and_where_they_end(paths: list[str]) -> None:
    assert Look(paths, [1] * 8).fingerprint() != Look(["一/甲", "乙"], [1] * 8).fingerprint()


def test_looking_twice_sees_the_same(tmp_path: Path) -> None:
    (tmp_path / "下").mkdir()
    for name in ("甲.txt", "乙.txt", "下/丙.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    before = look(tmp_path)
    assert look(tmp_path).fingerprint() == before.fingerprint()
    assert before.walk() == walk(tmp_path)
    (tmp_path / "下" / "丙.txt").write_text("另写", encoding="utf-8")
    assert look(tmp_path).fingerprint() != before.fingerprint()


def test_a_fingerprint_tells_which_folders_were_not_read(tmp_path: Path) -> None:
    """A folder that cannot be read and one that is no more hold the same files: none."""
    (tmp_path / "甲.txt").touch()
    clean, unclean = look(tmp_path), look(tmp_path)
    unclean.lacks(["分盘"])
    assert unclean.walk().unread == ("分盘/",)
    assert "没有连上" in unclean.walk().warnings[0]
    assert clean.fingerprint() != unclean.fingerprint()


@posix
def test_folders_deeper_than_calls_may_be_are_seen_or_named(tmp_path: Path) -> None:
    """What lies deeper than a path may be long is a warning."""
    home = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(2100):
            Path("d").mkdir()
            os.chdir("d")
        Path("太深.txt").touch()
        os.chdir(home)
        (tmp_path / Path(*["d"] * 1500) / "深.txt").touch()
        found = walk(tmp_path)
    finally:
        os.chdir(home)
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # shutil calls itself for every level

    assert [Path(one.path).name for one in found.stamps] == ["深.txt"]
    assert len(found.unread) == 1
    assert "太长" in found.warnings[0]
