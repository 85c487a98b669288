"""Watching: an event rings, a sync looks; lost events, lost shares and hidden limits are survived."""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import shutil
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from watchdog.events import FileMovedEvent, FileOpenedEvent, FileSystemEvent

from indexer import MARKER_NAME, ArchiveIndex, ArchiveUnreachable, State, SyncReport, on_network
from indexer import watch as front
from indexer.errors import IndexerError
from indexer.heartbeat import FILE, heartbeat, write_beat
from indexer.holding import NamedLock
from indexer.model import LookReport, ProgressSink
from indexer.watch import _Alarm, _Doorbell, watch, watched_folders

pytestmark = pytest.mark.xdist_group("watch")
linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify 只在 Linux 上有")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    folder.mkdir()
    (folder / MARKER_NAME).touch()
    return folder


def until(fact: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


class Watching:
    """A watch under way in a thread, with what it told."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.reports: list[SyncReport] = []
        self.errors: list[BaseException] = []

    @property
    def added(self) -> int:
        return sum(report.added for report in self.reports)


@contextmanager
def watching(run: Callable[[Watching], None]) -> Iterator[Watching]:
    under_way = Watching()

    def body() -> None:
        try:
            run(under_way)
        except BaseException as error:
            under_way.errors.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    try:
        yield under_way
    finally:
        under_way.stop.set()
        thread.join(30)
        assert not thread.is_alive()
        assert under_way.errors == []


@contextmanager
def watched(root: Path, home: Path, *, polling: bool = False, interval: float = 3600) -> Iterator[Watching]:
    with (
        ArchiveIndex.open(root, home) as index,
        watching(
            lambda it: index.watch(it.stop, on_sync=it.reports.append, polling=polling, interval=interval)
        ) as it,
    ):
        until(lambda: bool(it.reports))
        yield it


def test_changes_are_searchable_without_being_asked_for(root: Path, tmp_path: Path) -> None:
    (root / "旧.txt").write_text("早就在的督导", encoding="utf-8")
    with watched(root, tmp_path / "库") as it:
        assert it.added == 1
        (root / "新.txt").write_text("刚放进来的督导", encoding="utf-8")
        until(lambda: it.added == 2)
        (root / "子").mkdir()
        (root / "子" / "深.txt").write_text("新文件夹里的督导", encoding="utf-8")
        until(lambda: it.added == 3)
        (root / "新.txt").rename(root / "子" / "改名.txt")
        until(lambda: sum(report.moved for report in it.reports) == 1)
        with ArchiveIndex.open(root, tmp_path / "库") as reader:
            assert reader.search("督导").total == 3
            assert "正在运行" in reader.status().notes[-1]
    with ArchiveIndex.open(root, tmp_path / "库") as reader:
        assert reader.status().notes == ()


@pytest.mark.parametrize("name", ["Word", "WPS", "LibreOffice"])
def test_the_ways_editors_save_make_one_file_and_no_temporary_one(
    root: Path, tmp_path: Path, name: str
) -> None:
    """The original is renamed away and the new one put in its place; for a moment there is no file."""
    file = root / "通知.txt"
    file.write_text("第一版督导", encoding="utf-8")
    lock = {"Word": "~$通知.txt", "WPS": ".~通知.txt", "LibreOffice": ".~lock.通知.txt#"}[name]
    with watched(root, tmp_path / "库") as it:
        (root / lock).write_text("x", encoding="utf-8")
        (root / "~WRD0000.tmp").write_text("第二版督导", encoding="utf-8")
        if name == "Word":
            file.rename(root / "~WRL0001.tmp")
            time.sleep(0.05)
        (root / "~WRD0000.tmp").replace(file)
        (root / "~WRL0001.tmp").unlink(missing_ok=True)
        (root / lock).unlink()
        until(lambda: sum(report.changed for report in it.reports) == 1)
        assert it.added == 1
    with ArchiveIndex.open(root, tmp_path / "库") as reader:
        assert reader.search("第二版督导").total == 1
        assert [item.path for item in reader.items()] == ["通知.txt"]


def test_a_copy_that_takes_its_time_is_one_file_and_whole_in_the_end(root: Path, tmp_path: Path) -> None:
    """With pauses longer than the quiet that begins a sync; as a ZIP it cannot be read before it is whole."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        package.writestr("里面.txt", "拷贝完成的督导" * 100)
    content, piece = whole.getvalue(), len(whole.getvalue()) // 4 + 1
    with watched(root, tmp_path / "库") as it:
        with (root / "慢.zip").open("wb") as copy:
            for start in range(0, len(content), piece):
                copy.write(content[start : start + piece])
                copy.flush()
                time.sleep(0.8)
        with ArchiveIndex.open(root, tmp_path / "库") as reader:
            until(lambda: reader.search("拷贝完成").total == 1)
            assert {item.state for item in reader.items()} == {State.INDEXED}
        assert it.added == 1


@pytest.mark.filterwarnings("ignore:Callback with id:RuntimeWarning")  # watchdog, of a tree that comes back
def test_a_tree_moved_in_and_out_is_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "外"
    for number in range(10):
        (outside / "里").mkdir(parents=True, exist_ok=True)
        (outside / "里" / f"{number}.txt").write_text(f"第{number}份督导", encoding="utf-8")
    with watched(root, tmp_path / "库") as it:
        shutil.move(outside, root / "移入")
        until(lambda: it.added == 10)
        shutil.move(root / "移入", outside)
        until(lambda: it.reports[-1].missing == 10)
        shutil.move(outside, root / "又移入")
        until(lambda: sum(report.moved for report in it.reports) == 10)


def test_without_events_looking_round_finds_the_same(root: Path, tmp_path: Path) -> None:
    with watched(root, tmp_path / "库", polling=True, interval=0.3) as it:
        assert watched_folders() in {0, float("inf")}
        (root / "新.txt").write_text("督导", encoding="utf-8")
        until(lambda: it.added == 1)


def test_a_share_that_goes_and_returns_is_told_and_survived(root: Path, tmp_path: Path) -> None:
    (root / "旧.txt").write_text("督导", encoding="utf-8")
    away = tmp_path / "断开"
    with watched(root, tmp_path / "库", interval=0.3) as it:
        root.rename(away)
        until(lambda: any("读不到" in one for report in it.reports for one in report.warnings))
        assert "怎么办" in it.reports[-1].warnings[0]
        (away / "新.txt").write_text("断开时放进来的督导", encoding="utf-8")
        away.rename(root)
        until(lambda: it.added == 2)
        (root / "再.txt").write_text("之后的督导", encoding="utf-8")
        until(lambda: it.added == 3)
        until(lambda: watched_folders() in {1, float("inf")})  # the old observer is not left behind
        assert all(report.gone == 0 for report in it.reports)


class Counter:
    """Something to keep in step, of which only the looks are counted."""

    def __init__(self, archive: Path, *, folders: int = 1, slow: float = 0.0) -> None:
        self.archive = archive
        self.folders = folders
        self.slow = slow
        self.looks: list[float] = []

    def sync(self, *, progress: ProgressSink | None = None) -> SyncReport:
        self.looks.append(time.monotonic())
        time.sleep(self.slow)
        return SyncReport()

    def look_closer(self, *, stop: threading.Event, progress: ProgressSink | None = None) -> LookReport:
        return LookReport()


@contextmanager
def counting(counter: Counter, *, polling: bool = False, interval: float = 3600) -> Iterator[Watching]:
    with watching(
        lambda it: watch(
            counter,
            it.stop,
            on_sync=it.reports.append,
            on_trouble=lambda error: pytest.fail(str(error)),
            polling=polling,
            interval=interval,
        )
    ) as it:
        until(lambda: bool(it.reports))
        yield it


def test_a_burst_of_saves_is_one_look(root: Path) -> None:
    counter = Counter(root)
    with counting(counter):
        for number in range(200):
            (root / f"{number}.txt").touch()
        until(lambda: len(counter.looks) == 2)
        time.sleep(1.5)
    assert len(counter.looks) == 2


def test_a_folder_that_is_never_quiet_is_looked_at_all_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "LONGEST_WAIT_SECONDS", 1.0)
    counter = Counter(root)
    with counting(counter):
        for number in range(60):
            (root / f"{number % 3}.txt").write_text(str(number), encoding="utf-8")
            time.sleep(0.05)
    assert len(counter.looks) >= 3


def test_a_change_during_a_sync_is_not_forgotten(root: Path) -> None:
    counter = Counter(root, slow=0.5)
    with counting(counter):
        (root / "a.txt").touch()
        until(lambda: len(counter.looks) == 2)
        (root / "b.txt").touch()
        until(lambda: len(counter.looks) == 3)


def test_reading_a_file_or_an_editors_lock_rings_no_bell(root: Path) -> None:
    (root / "a.txt").write_text("督导", encoding="utf-8")
    counter = Counter(root)
    with counting(counter):
        (root / "a.txt").read_text(encoding="utf-8")
        (root / "~$a.docx").touch()
        (root / "下载.part").touch()
        time.sleep(1.5)
    assert len(counter.looks) == 1


@pytest.mark.parametrize(
    ("event", "rings"),
    [
        (FileOpenedEvent("/a/x.txt"), False),
        (FileMovedEvent("/a/~WRD1.tmp", "/a/~WRL2.tmp"), False),
        (FileMovedEvent("/a/~WRD1.tmp", "/a/x.docx"), True),
    ],
)
def test_what_rings(event: FileSystemEvent, *, rings: bool) -> None:
    bell = _Doorbell()
    bell.on_any_event(event)
    assert bell.rung.is_set() is rings


def test_a_warning_of_watchdog_rings_and_the_alarm_is_taken_down(root: Path) -> None:
    """A queue that overflowed is only ever logged."""
    counter = Counter(root)
    with counting(counter):
        logging.getLogger("watchdog.observers").warning("overflow")
        until(lambda: len(counter.looks) == 2)
    assert not [one for one in logging.getLogger("watchdog").handlers if isinstance(one, _Alarm)]


@linux
def test_folders_that_no_watch_reaches_are_looked_at_sooner(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """watchdog starts without a word when the system's watches run out."""
    monkeypatch.setattr(front, "POLLING_SECONDS", 0.3)
    counter = Counter(root, folders=10_000)
    with counting(counter):
        until(lambda: len(counter.looks) >= 3)


@linux
def test_watches_are_counted_by_folder(root: Path) -> None:
    for number in range(5):
        (root / str(number)).mkdir()
    before = watched_folders()
    with counting(Counter(root)):
        assert watched_folders() - before == 6
    assert watched_folders() == before


def test_an_observer_that_cannot_start_leaves_looking_round(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoObserver:
        def schedule(self, *_: object, **__: object) -> None:
            raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(front, "Observer", NoObserver)
    monkeypatch.setattr(front, "POLLING_SECONDS", 0.3)
    counter = Counter(root)
    with counting(counter):
        until(lambda: len(counter.looks) >= 3)


def test_an_observer_that_has_gone_deaf_is_replaced(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that finds changes nobody called for shows it."""
    started: list[object] = []
    begin = front._observer

    def deaf_at_first(bell: _Doorbell, folder: Path) -> object:
        started.append(bell)
        return begin(_Doorbell() if len(started) == 1 else bell, folder)

    monkeypatch.setattr(front, "_observer", deaf_at_first)
    with ArchiveIndex.open(root, root.parent / "库") as index:

        def run(it: Watching) -> None:
            watch(index, it.stop, on_sync=it.reports.append, on_trouble=it.errors.append, interval=0.5)

        with watching(run) as it:
            until(lambda: bool(it.reports))
            (root / "新.txt").write_text("督导", encoding="utf-8")
            until(lambda: len(started) == 2)
            looks = len(it.reports)
            until(lambda: len(it.reports) > looks + 1)
    assert len(started) == 2


def test_stopping_takes_less_than_a_second(root: Path) -> None:
    with counting(Counter(root)) as it:
        begun = time.monotonic()
        it.stop.set()
    assert time.monotonic() - begun < 1.0


def test_trouble_without_an_ear_is_told_as_a_report(tmp_path: Path) -> None:
    with (
        ArchiveIndex.open(tmp_path / "没有", tmp_path / "库") as index,
        watching(lambda it: index.watch(it.stop, on_sync=it.reports.append, interval=0.2)) as it,
    ):
        until(lambda: len(it.reports) >= 2)
    assert "读不到" in it.reports[0].warnings[0]


def test_trouble_with_an_ear_is_told_there(tmp_path: Path) -> None:
    heard: list[Exception] = []
    with (
        ArchiveIndex.open(tmp_path / "没有", tmp_path / "库") as index,
        watching(
            lambda it: index.watch(it.stop, on_sync=it.reports.append, on_trouble=heard.append, interval=0.2)
        ) as it,
    ):
        until(lambda: bool(heard))
    assert isinstance(heard[0], ArchiveUnreachable)
    assert it.reports == []


def test_the_heartbeat_tells_a_running_watch_from_one_that_died(tmp_path: Path) -> None:
    assert heartbeat(tmp_path, 0.0) == ""
    write_beat(tmp_path, 1_700_000_000.0, 60.0)
    assert f"进程 {os.getpid()}" in heartbeat(tmp_path, 1_700_000_100.0)
    assert "可能已经停了" in heartbeat(tmp_path, 1_700_000_400.0)
    for nonsense in ("", "[]", json.dumps({"process": None, "at": 1, "interval": 1})):
        (tmp_path / FILE).write_text(nonsense, encoding="utf-8")
        assert heartbeat(tmp_path, 0.0) == ""


def test_a_disk_that_takes_no_more_costs_the_sign_and_not_the_watching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_beat(tmp_path, 1.0, 60.0)

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as small:
        small.setattr(Path, "write_text", full)
        write_beat(tmp_path, 2.0, 60.0)
    assert json.loads((tmp_path / FILE).read_text(encoding="utf-8"))["at"] == 1.0


def test_a_lock_that_the_disk_refuses_is_trouble_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    lock = NamedLock(tmp_path / "x.lock", "更新检索库", clock=time.time)
    monkeypatch.setattr("indexer.holding.FileLock.acquire", refused)
    with pytest.raises(IndexerError, match="磁盘是只读的"), lock.held(0):
        pytest.fail("it was not taken")


def test_a_clock_that_was_set_back_is_said(tmp_path: Path) -> None:
    write_beat(tmp_path, 1_700_000_000.0, 60.0)
    assert "时钟调过" in heartbeat(tmp_path, 1_600_000_000.0)
    assert "正在运行" in heartbeat(tmp_path, 1_700_000_000.0 - 30)


def sign(root: Path, tmp_path: Path, **how: bool) -> str:
    """The last note of the status while a watch runs, as soon as it has looked once and said how."""
    with (
        watched(root, tmp_path / "库", interval=60, **how),
        ArchiveIndex.open(root, tmp_path / "库") as reader,
    ):
        until(lambda: "核对一次" in reader.status().notes[-1])
        assert reader.status().last_sync
        return reader.status().notes[-1]


@linux
def test_watches_that_ran_out_are_told_in_the_status(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "子").mkdir()
    monkeypatch.setattr(front, "watched_folders", lambda: 1)
    assert "监视名额（fs.inotify.max_user_watches）不够，改为每 15 秒核对一次" in sign(root, tmp_path)


def test_polling_that_was_asked_for_is_told_in_the_status(root: Path, tmp_path: Path) -> None:
    assert "按要求不用变动通知，每 60 秒核对一次" in sign(root, tmp_path, polling=True)


def test_a_share_is_polled_by_itself_and_the_status_says_so(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "on_network", lambda _: True)
    monkeypatch.setattr(front, "_observer", lambda *_: pytest.fail("a share sends no events"))
    assert "档案在共享盘上" in sign(root, tmp_path)


@linux
def test_a_share_inside_the_archive_is_looked_at_often(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "mounts_below", lambda _: {"分盘": True, "硬盘": False})
    assert "“分盘”等 1 处是共享盘，收不到变动通知，改为每 15 秒核对一次" in sign(root, tmp_path)
    monkeypatch.setattr(front, "POLLING_SECONDS", 0.3)
    counter = Counter(root)
    with counting(counter):
        until(lambda: len(counter.looks) >= 3)


def test_the_question_about_a_mass_disappearance_stands_in_the_status_until_it_is_answered(
    root: Path, tmp_path: Path
) -> None:
    for number in range(30):
        (root / f"{number}.txt").write_text("督导", encoding="utf-8")
    with (
        watched(root, tmp_path / "库", interval=0.3) as it,
        ArchiveIndex.open(root, tmp_path / "库") as reader,
    ):
        for number in range(25):
            (root / f"{number}.txt").unlink()
        until(lambda: "--accept-disappearance" in reader.status().notes[-1])
        assert reader.search("督导").total == 30
        assert all(report.gone == 0 for report in it.reports)
        reader.sync(accept_disappearance=True)
        until(lambda: "--accept-disappearance" not in reader.status().notes[-1])


def test_a_local_folder_is_no_share(tmp_path: Path) -> None:
    assert not on_network(tmp_path)
