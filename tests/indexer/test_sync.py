"""Sync against real archives: what is new, changed, moved, missing, gone; and what happens in between."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import MARKER_NAME, ArchiveIndex, MassDisappearance, Progress, State, SyncReport
from indexer.errors import ArchiveUnreachable
from indexer.model import FileStamp, Limits
from indexer.sync import _Work

OLD = 1_600_000_000


def write(root: Path, name: str, text: str, *, at: int = OLD) -> Path:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at, at))
    return file


def counts(report: SyncReport) -> dict[str, int]:
    names = ("added", "changed", "moved", "missing", "gone", "unchanged")
    return {name: value for name in names if (value := getattr(report, name))}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    folder.mkdir()
    (folder / MARKER_NAME).touch()
    return folder


@pytest.fixture
def now() -> list[float]:
    """What the index's clock says: long after the files were written."""
    return [OLD + 10.0**9]


@pytest.fixture
def index(root: Path, tmp_path: Path, now: list[float]) -> Iterator[ArchiveIndex]:
    with ArchiveIndex.open(root, tmp_path / "库", clock=lambda: now[0]) as opened:
        yield opened


def found(index: ArchiveIndex, query: str) -> list[str]:
    return sorted(hit.path for hit in index.search(query, limit=1000).hits)


def test_new_changed_moved_and_unchanged_are_told_apart(index: ArchiveIndex, root: Path) -> None:
    for name in ("一.txt", "二.txt", "三.txt"):
        write(root, name, f"{name}的督导记录")
    assert counts(index.sync()) == {"added": 3}
    assert counts(index.sync()) == {"unchanged": 3}

    write(root, "一.txt", "换成了经费报告", at=OLD + 1)
    (root / "二.txt").rename(root / "二改名.txt")

    assert counts(index.sync()) == {"changed": 1, "moved": 1, "unchanged": 1}
    assert found(index, "督导记录") == ["三.txt", "二改名.txt"]
    assert found(index, "经费报告") == ["一.txt"]
    assert counts(index.sync()) == {"unchanged": 3}


def test_a_same_size_edit_with_the_time_set_back_is_noticed(index: ArchiveIndex, root: Path) -> None:
    file = write(root, "一.txt", "督导评估甲")
    index.sync()
    before = file.stat()
    file.write_text("督导评估乙", encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert counts(index.sync()) == {"changed": 1}
    assert found(index, "督导评估乙") == ["一.txt"]


def test_a_touched_file_is_hashed_and_nothing_more(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(root, "一.txt", "督导")
    index.sync()
    os.utime(file, (OLD + 5, OLD + 5))
    monkeypatch.setattr(_Work, "_commit", lambda *_: pytest.fail("nothing is to be written to the engine"))
    assert counts(index.sync()) == {"unchanged": 1}
    assert index.items()[0].mtime_ns == (OLD + 5) * 10**9


def test_a_file_too_young_for_its_stamp_is_looked_at_again(
    index: ArchiveIndex, root: Path, now: list[float]
) -> None:
    """Within one tick of the file system's clock a second edit leaves size, times and inode as they are."""
    file = write(root, "一.txt", "督导甲")
    now[0] = file.stat().st_ctime + 0.5
    index.sync()
    known = index._manifest.known()["一.txt"]
    assert known.stamp.ctime_ns == 0
    now[0] += 10
    assert counts(index.sync()) == {"unchanged": 1}
    assert index._manifest.known()["一.txt"].stamp.ctime_ns == file.stat().st_ctime_ns


@pytest.mark.parametrize("year", [1, 80])
def test_a_time_of_change_far_ahead_makes_no_file_young(
    index: ArchiveIndex, root: Path, now: list[float], monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    """Copy tools and broken clocks set such; it would be read again at every sync until then."""
    file = write(root, "一.txt", "督导")
    now[0] = file.stat().st_ctime + 10
    os.utime(file, (now[0] + year * 31_536_000,) * 2)
    index.sync()
    monkeypatch.setattr(_Work, "_hash", lambda *_: pytest.fail("it was read already"))
    assert counts(index.sync()) == {"unchanged": 1}


@pytest.mark.parametrize("step", [-(10**9), -3600, 3600, 10**9])
def test_a_step_of_the_clock_hides_no_change(
    index: ArchiveIndex, root: Path, now: list[float], step: int
) -> None:
    now[0] = write(root, "一.txt", "督导甲").stat().st_ctime + 10
    index.sync()
    now[0] += step
    write(root, "一.txt", "督导乙")
    write(root, "二.txt", "督导丙")
    assert counts(index.sync()) == {"added": 1, "changed": 1}
    assert found(index, "督导乙") == ["一.txt"]
    now[0] -= step
    assert index.sync().added == 0
    assert found(index, "督导") == ["一.txt", "二.txt"]


def test_a_moved_folder_is_moved_without_reading_a_file_again(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        write(root, f"旧/{number:02}.txt", f"第{number}号督导")
    index.sync()
    (root / "旧").rename(root / "新")
    monkeypatch.setattr("indexer.workers.WorkerPool._employ", lambda *_: pytest.fail("no worker is needed"))

    assert counts(index.sync()) == {"moved": 30}
    assert found(index, "第7号督导") == ["新/07.txt"]
    assert [item.path for item in index.items()] == [f"新/{number:02}.txt" for number in range(30)]


def test_of_two_equal_files_one_moved_and_one_lost_the_lost_one_is_missing(
    index: ArchiveIndex, root: Path
) -> None:
    write(root, "甲.txt", "一样的督导")
    write(root, "乙.txt", "一样的督导")
    index.sync()
    (root / "甲.txt").rename(root / "丙.txt")
    (root / "乙.txt").unlink()

    assert counts(index.sync()) == {"moved": 1, "missing": 1}
    assert counts(index.sync()) == {"gone": 1, "unchanged": 1}
    assert found(index, "一样的督导") == ["丙.txt"]


def test_a_copy_is_a_file_of_its_own_and_names_may_be_swapped(index: ArchiveIndex, root: Path) -> None:
    write(root, "甲.txt", "甲的内容")
    write(root, "乙.txt", "乙的内容")
    index.sync()
    shutil.copy2(root / "甲.txt", root / "甲副本.txt")
    (root / "甲.txt").rename(root / "暂")
    (root / "乙.txt").rename(root / "甲.txt")
    (root / "暂").rename(root / "乙.txt")

    assert counts(index.sync()) == {"added": 1, "changed": 2}
    assert found(index, "甲的内容") == ["乙.txt", "甲副本.txt"]
    assert found(index, "乙的内容") == ["甲.txt"]


def test_missing_is_vanished_at_once_and_gone_after_two_looks(index: ArchiveIndex, root: Path) -> None:
    write(root, "一.txt", "督导")
    write(root, "二.txt", "督导")
    index.sync()
    (root / "一.txt").unlink()

    assert counts(index.sync()) == {"missing": 1, "unchanged": 1}
    assert [item.state for item in index.items()] == [State.VANISHED, State.INDEXED]
    assert found(index, "督导") == ["二.txt"]
    assert index.search("督导").total == 1
    assert counts(index.sync()) == {"gone": 1, "unchanged": 1}
    assert [item.path for item in index.items()] == ["二.txt"]


def test_a_file_that_was_away_for_one_look_is_back_as_it_was(index: ArchiveIndex, root: Path) -> None:
    write(root, "一.txt", "督导")
    index.sync()
    (root / "一.txt").rename(root.parent / "别处")
    index.sync()
    (root.parent / "别处").rename(root / "一.txt")
    index.sync()

    assert index.items()[0].state is State.INDEXED
    assert found(index, "督导") == ["一.txt"]
    (root / "一.txt").unlink()
    assert counts(index.sync()) == {"missing": 1}, "the count begins anew"


def test_a_folder_that_was_away_for_one_look_is_back_without_being_read(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a share below the archive was not mounted: the stamps are the same."""
    write(root, "分盘/一.txt", "督导")
    write(root, "二.txt", "督导")
    index.sync()
    (root / "分盘").rename(root.parent / "分盘")
    assert counts(index.sync()) == {"missing": 1, "unchanged": 1}
    (root.parent / "分盘").rename(root / "分盘")
    monkeypatch.setattr(_Work, "_hash", lambda *_: pytest.fail("nothing is to be read"))

    assert counts(index.sync()) == {"unchanged": 2}
    assert [item.state for item in index.items()] == [State.INDEXED] * 2
    assert found(index, "督导") == ["二.txt", "分盘/一.txt"]


def test_without_the_marker_nothing_is_ever_given_up(index: ArchiveIndex, root: Path) -> None:
    write(root, "一.txt", "督导")
    write(root, "二.txt", "督导")
    index.sync()
    (root / MARKER_NAME).unlink()
    (root / "一.txt").unlink()
    write(root, "三.txt", "另一份督导")

    reports = [index.sync() for _ in range(3)]

    assert [report.added for report in reports] == [1, 0, 0]
    assert [report.gone for report in reports] == [0, 0, 0]
    assert [report.missing for report in reports] == [1, 1, 1]
    assert all(MARKER_NAME in report.warnings[0] for report in reports)
    (root / MARKER_NAME).touch()
    assert index.sync().gone == 1


def test_a_share_that_vanishes_and_returns_costs_nothing(index: ArchiveIndex, root: Path) -> None:
    for number in range(30):
        write(root, f"{number}.txt", f"第{number}号督导")
    index.sync()
    root.rename(root.with_name("断开"))
    with pytest.raises(ArchiveUnreachable):
        index.sync()
    root.mkdir()  # the empty mount point
    for _ in range(3):
        with pytest.raises(MassDisappearance):
            index.sync()
    assert len(index.search("督导", limit=100).hits) == 30
    root.rmdir()
    root.with_name("断开").rename(root)

    assert counts(index.sync()) == {"unchanged": 30}


def test_a_great_clean_up_goes_through_when_it_is_meant(index: ArchiveIndex, root: Path) -> None:
    for number in range(30):
        write(root, f"{number}.txt", "督导")
    index.sync()
    for number in range(25):
        (root / f"{number}.txt").unlink()
    with pytest.raises(MassDisappearance, match="少了 25 个文件（原有 30 个）"):
        index.sync()
    assert counts(index.sync(accept_disappearance=True)) == {"gone": 25, "unchanged": 5}
    assert index.search("督导").total == 5


@pytest.mark.parametrize("edits", [1, 99])
def test_a_file_that_changes_while_it_is_read_is_read_again(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch, edits: int
) -> None:
    file = write(root, "一.txt", "第0版督导")
    left = [edits]
    read_texts = _Work._read_texts

    def while_reading(work: _Work, hashed: object) -> frozenset[str]:
        if left[0]:
            left[0] -= 1
            file.write_text(f"第{left[0]}版督导，正在写", encoding="utf-8")
        return read_texts(work, hashed)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(_Work, "_read_texts", while_reading)
    report = index.sync()

    if edits == 1:
        assert counts(report) == {"added": 1}
        assert found(index, "第0版督导，正在写") == ["一.txt"]
    else:
        assert counts(report) == {}
        assert report.warnings == ("“一.txt”一直在改动，下次再收录",)
    left[0] = 0
    file.write_text("最后一版", encoding="utf-8")
    index.sync()
    assert found(index, "最后一版") == ["一.txt"]
    assert found(index, "督导") == []
    texts = index._manifest._db.execute("SELECT count(*) FROM texts").fetchone()
    assert texts == (1,), "no text of a version that was never there in whole"


def test_a_copy_that_is_edited_while_it_is_read_is_found_with_the_edit(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first content has been read before, from another file."""
    write(root, "原件.txt", "一样的督导")
    index.sync()
    copy = write(root, "副本.txt", "一样的督导")
    read_texts = _Work._read_texts

    def edited_once(work: _Work, hashed: object) -> frozenset[str]:
        if "一样" in copy.read_text(encoding="utf-8"):
            copy.write_text("改过的评估", encoding="utf-8")
        return read_texts(work, hashed)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(_Work, "_read_texts", edited_once)
    assert counts(index.sync()) == {"added": 1, "unchanged": 1}
    assert found(index, "改过的评估") == ["副本.txt"]


def test_a_file_that_goes_while_it_is_read_is_left_out(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(root, "一.txt", "督导")
    hashed = _Work._hash

    def gone_before(work: _Work, stamp: FileStamp) -> str | None:
        file.unlink()
        return hashed(work, stamp)

    monkeypatch.setattr(_Work, "_hash", gone_before)
    report = index.sync()
    assert (counts(report), report.warnings, index.items()) == ({}, (), ())


@pytest.mark.skipif(sys.platform == "win32", reason="权限位只在 POSIX 上有")
def test_a_file_that_may_not_be_opened_is_listed_and_tried_again(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(root, "一.txt", "督导")
    write(root, "二.txt", "督导")
    open_file = Path.open

    def refused(path: Path, *args: str, **named: str) -> object:
        if path == file:
            raise PermissionError(13, "Permission denied")
        return open_file(path, *args, **named)  # type: ignore[call-overload]  # handed through

    with monkeypatch.context() as locked:
        locked.setattr(Path, "open", refused)
        first = index.sync()
        second = index.sync()

    assert counts(first) == {"added": 2}
    assert counts(second) == {"unchanged": 2}
    for report in (first, second):
        assert [(item.path, item.state) for item in report.unreadable] == [("一.txt", State.REFUSED)]
        assert "打不开" in report.unreadable[0].reason
        assert report.unreadable[0].remedy
    assert counts(index.sync()) == {"changed": 1, "unchanged": 1}
    assert index.items()[0].state is State.INDEXED
    assert index.sync().unreadable == ()


def test_a_folder_that_cannot_be_read_keeps_its_files(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "锁/一.txt", "督导")
    write(root, "二.txt", "督导")
    index.sync()
    scandir = os.scandir

    def refused(folder: str) -> object:
        if folder.endswith("锁"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    with monkeypatch.context() as locked:
        locked.setattr(os, "scandir", refused)
        reports = [index.sync() for _ in range(3)]

    assert [counts(report) for report in reports] == [{"unchanged": 1}] * 3
    assert "“锁”读不到" in reports[0].warnings[0]
    assert found(index, "督导") == ["二.txt", "锁/一.txt"]


def test_a_folder_that_could_not_be_read_and_then_is_no_more_is_given_up(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looks meet the same files."""
    write(root, "锁/一.txt", "督导")
    write(root, "二.txt", "督导")
    index.sync()
    scandir = os.scandir

    def refused(folder: str) -> object:
        if folder.endswith("锁"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    with monkeypatch.context() as locked:
        locked.setattr(os, "scandir", refused)
        for _ in range(2):
            index.sync()
    shutil.rmtree(root / "锁")
    assert counts(index.sync()) == {"missing": 1, "unchanged": 1}
    assert counts(index.sync()) == {"gone": 1, "unchanged": 1}


def test_a_share_inside_the_archive_that_goes_takes_nothing_with_it(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few its files are; only who says that it is meant gives them up."""
    write(root, "分盘/一.txt", "督导")
    write(root, "二.txt", "督导")
    mounted = {"分盘": True}
    for place in ("indexer.index.mounts_below", "indexer.mounts.mounts_below"):
        monkeypatch.setattr(place, lambda _: mounted)
    index.sync()
    (root / "分盘").rename(root.parent / "分盘")
    (root / "分盘").mkdir()
    mounted = {}
    reports = [index.sync() for _ in range(3)]

    assert [counts(report) for report in reports] == [{"unchanged": 1}] * 3
    assert all("“分盘”原来是另外连上的盘" in report.warnings[0] for report in reports)
    assert found(index, "督导") == ["二.txt", "分盘/一.txt"]
    assert counts(index.sync(accept_disappearance=True)) == {"gone": 1, "unchanged": 1}
    assert index.sync().warnings == ()


@pytest.mark.parametrize(
    ("before", "after"), [("Notice.TXT", "notice.txt"), ("caf\u00e9.txt", "cafe\u0301.txt")]
)
def test_a_name_in_another_case_or_another_form_is_a_move(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    write(root, before, "督导")
    index.sync()
    (root / before).rename(root / "暂")
    (root / "暂").rename(root / after)
    monkeypatch.setattr("indexer.workers.WorkerPool._employ", lambda *_: pytest.fail("no worker is needed"))
    assert counts(index.sync()) == {"moved": 1}
    assert [item.path for item in index.items()] == [after]
    assert found(index, "督导") == [after]


def test_pages_that_were_recognised_stay_so_when_their_file_moves(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read from a picture is kept by content."""
    (root / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    index.sync()
    before = index.items()[0]
    (root / "图.png").rename(root / "改名.png")
    monkeypatch.setattr(_Work, "_with_looks", lambda *_: pytest.fail("it was read already"))
    assert counts(index.sync()) == {"moved": 1}
    assert (index.items()[0].sha256, index.items()[0].state) == (before.sha256, before.state)


def test_other_limits_make_unread_files_be_read_again(root: Path, tmp_path: Path) -> None:
    write(root, "大.txt", "督导" * 100)
    with ArchiveIndex.open(root, tmp_path / "库", limits=Limits(file_bytes=100)) as index:
        assert index.sync().unreadable[0].state is State.REFUSED
    with ArchiveIndex.open(root, tmp_path / "库") as index:
        report = index.sync()
        assert report.unreadable == ()
        assert found(index, "督导") == ["大.txt"]


def test_every_file_without_text_says_why_and_what_to_do(index: ArchiveIndex, root: Path) -> None:
    write(root, "空.txt", "")
    (root / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (root / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    (root / "片.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(40))

    report = index.sync()

    states = {item.path: item.state for item in report.unreadable}
    assert states == {
        "片.mp4": State.REFUSED, "图.png": State.PENDING_OCR, "坏.docx": State.CORRUPT, "空.txt": State.EMPTY,
    }  # fmt: skip
    assert all(item.reason and item.remedy for item in report.unreadable)
    assert index.status().unreadable == report.unreadable
    assert found(index, "坏") == ["坏.docx"], "a file without text is still found by its name"


def test_many_batches_and_progress(index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.sync.BATCH_FILES", 7)
    monkeypatch.setattr("indexer.sync.TEXTS_AT_ONCE", 3)
    for number in range(20):
        write(root, f"{number:02}.txt", f"第{number}号督导")
    told: list[Progress] = []

    assert counts(index.sync(progress=told.append)) == {"added": 20}

    reading = [event for event in told if event.stage == "读取文字"]
    assert [event.done for event in reading] == list(range(1, 21))
    assert {event.total for event in reading} == {20}
    assert index.search("督导", limit=50).total == 20


def test_an_interruption_keeps_what_was_read(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.sync.BATCH_FILES", 5)
    for number in range(20):
        write(root, f"{number:02}.txt", f"第{number}号督导")

    def stop_at_twelve(event: Progress) -> None:
        if event.done == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.sync(progress=stop_at_twelve)
    assert index.search("督导", limit=50).total == 10
    assert [thread.name for thread in threading.enumerate() if "indexer" in thread.name] == []
    assert counts(index.sync()) == {"added": 10, "unchanged": 10}


def test_the_index_may_lie_in_the_archive_without_indexing_itself(root: Path) -> None:
    write(root, "一.txt", "督导")
    with ArchiveIndex.open(root, root / "检索库") as index:
        assert counts(index.sync()) == {"added": 1}
        assert index.sync().added == 0


def test_texts_of_given_up_files_are_dropped(index: ArchiveIndex, root: Path) -> None:
    write(root, "一.txt", "督导")
    write(root, "二.txt", "评估")
    index.sync()
    (root / "一.txt").unlink()
    for _ in range(2):
        index.sync()
    rows = index._manifest._db.execute("SELECT count(*), (SELECT count(*) FROM texts) FROM files").fetchone()
    assert rows == (1, 1)
