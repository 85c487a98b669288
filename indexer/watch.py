"""Live watching. An event is a doorbell: it only says "look again", and a sync looks.

The only speaker of watchdog. Events get lost (queues overflow, shares send none, watch limits are hidden), so
a full look comes round every ``interval`` seconds whatever the doorbell says; where fewer folders are watched
than there are, it comes round sooner.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from indexer.errors import IndexBusy, IndexerError
from indexer.model import LookReport, ProgressSink, SyncReport
from indexer.mounts import mounts_below, on_network
from indexer.scan import is_ignored

QUIET_SECONDS = 0.5
"""How long nothing may happen before a sync begins, so that a burst of saves is one sync."""
LONGEST_WAIT_SECONDS = 5.0
"""A sync begins at the latest this long after the first ring, however busy the folder is."""
POLLING_SECONDS = 15.0
"""How often to look at least where events ought to come and do not."""
_READ_ONLY_EVENTS = frozenset({"opened", "closed_no_write"})


class Watched(Protocol):
    """What is kept in step: ``ArchiveIndex``."""

    archive: Path
    folders: int

    def sync(self, *, progress: ProgressSink | None = None) -> SyncReport:
        """The index shows the archive as it is now."""
        ...

    def look_closer(self, *, stop: threading.Event, progress: ProgressSink | None = None) -> LookReport:
        """Pages that are pictures are looked at until ``stop`` is set."""
        ...


class _Doorbell(FileSystemEventHandler):
    """Rings at any change; does nothing else, so that the observer's queue never fills."""

    def __init__(self) -> None:
        self.rung = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _READ_ONLY_EVENTS or (event.is_directory and event.event_type == "modified"):
            return  # what changes in a folder has an event of its own
        names = [Path(str(path)).name for path in (event.src_path, event.dest_path) if path]
        if not all(is_ignored(name) for name in names):
            self.rung.set()


class _Until(threading.Event):
    """Is set when one of other events is, and from a moment on."""

    def __init__(self, moment: float, *others: threading.Event) -> None:
        super().__init__()
        self._moment = moment
        self._others = others

    def is_set(self) -> bool:
        return time.monotonic() >= self._moment or any(other.is_set() for other in self._others)


class _Pulse:
    """Beats, and says with every beat how changes are heard of and what went wrong last."""

    def __init__(self, beat: Callable[[str], None], on_trouble: Callable[[IndexerError], None]) -> None:
        self.deaf = ""
        self._trouble = ""
        self._beat = beat
        self._on_trouble = on_trouble

    def beat(self, _: object = None) -> None:
        """A sign of life."""
        self._beat("；".join(one for one in (self.deaf, self._trouble) if one))

    def trouble(self, error: IndexerError) -> None:
        """Tells it now, and with every beat until all is well."""
        self._trouble = f"最近一次没有做成：{error}"
        self._on_trouble(error)

    def well(self) -> None:
        """Forgets the trouble."""
        self._trouble = ""


class _Alarm(logging.Handler):
    """Rings when watchdog logs a warning: that is how it tells of a queue that overflowed."""

    def __init__(self, bell: _Doorbell) -> None:
        super().__init__(logging.WARNING)
        self._bell = bell

    def emit(self, record: logging.LogRecord) -> None:
        self._bell.rung.set()


def watch(
    index: Watched,
    stop: threading.Event,
    *,
    on_sync: Callable[[SyncReport], None],
    on_trouble: Callable[[IndexerError], None],
    beat: Callable[[str], None] = lambda _: None,
    polling: bool = False,
    interval: float = 60.0,
) -> None:
    """Syncs at once, after every change, and every ``interval`` seconds, until ``stop`` is set.

    Between, while nothing rings, pages that are pictures are looked at.

    A share that goes away is trouble, not the end: it is told and the next look tries again.

    Args:
        index: the index to keep in step.
        stop: ends the watching, within a second or after the sync under way.
        on_sync: told every report.
        on_trouble: told every sync that could not be done.
        beat: called at least every ``interval`` seconds, with what others should know, in Chinese: why there
            are no events, what went wrong last.
        polling: do without events.
        interval: seconds between full looks.
    """
    bell = _Doorbell()
    alarm = _Alarm(bell)
    pulse = _Pulse(beat, on_trouble)
    logging.getLogger("watchdog").addHandler(alarm)
    observer: BaseObserver | None = None
    was_called = True
    try:
        while not stop.is_set():
            bell.rung.clear()
            pulse.beat()
            eventful = not polling and not on_network(index.archive)
            if eventful and observer is None:
                observer = _observer(bell, index.archive)
            sound = _looked(index, on_sync, pulse, was_called=was_called)
            if not sound or not eventful:
                _end(observer)
                observer = None
            pause, pulse.deaf = _round(
                index, observer, interval, polling=polling, eventful=eventful, sound=sound
            )
            until = time.monotonic() + pause
            pulse.beat()
            if sound:
                _used_idle_time(index, _Until(until, bell.rung, stop), pulse)
            was_called = _wait(bell.rung, stop, until)
    finally:
        logging.getLogger("watchdog").removeHandler(alarm)
        _end(observer)


def watched_folders() -> float:
    """How many folders this process has watches on; endless where the system has no limit to hide.

    watchdog starts without a word when the limit of inotify watches is reached, and then misses events.
    """
    if sys.platform != "linux":
        return float("inf")
    count = 0
    for file in Path("/proc/self/fdinfo").iterdir():
        try:
            count += file.read_text(encoding="ascii", errors="replace").count("inotify wd:")
        except OSError:
            continue  # closed meanwhile
    return count


def _round(
    index: Watched,
    observer: BaseObserver | None,
    interval: float,
    *,
    polling: bool,
    eventful: bool,
    sound: bool,
) -> tuple[float, str]:
    """How many seconds may pass until the next look, and why there are no events, in Chinese."""
    often = min(interval, POLLING_SECONDS)
    if polling:
        return interval, f"按要求不用变动通知，每 {interval:g} 秒核对一次"
    if not eventful:
        return interval, f"档案在共享盘上，收不到别的电脑的变动通知，每 {interval:g} 秒核对一次"
    if observer is None and not sound:
        return often, ""  # it was given up, and there will be another one
    if observer is None:
        return often, f"系统没有给变动通知，改为每 {often:g} 秒核对一次"
    if watched_folders() < index.folders:
        return often, (
            f"文件夹太多，系统的监视名额（fs.inotify.max_user_watches）不够，改为每 {often:g} 秒核对一次；"
            "请管理员调大名额"
        )
    shares = [path for path, is_share in mounts_below(index.archive).items() if is_share]
    if shares:
        return often, f"“{shares[0]}”等 {len(shares)} 处是共享盘，收不到变动通知，改为每 {often:g} 秒核对一次"
    return interval, ""


def _looked(
    index: Watched, on_sync: Callable[[SyncReport], None], pulse: _Pulse, *, was_called: bool
) -> bool:
    """Syncs and tells; false when the observer can be trusted no more.

    What it watched may have been taken away under it, or there were changes and it did not call.
    """
    try:
        report = index.sync(progress=pulse.beat)
    except IndexerError as error:
        pulse.trouble(error)
        return False
    pulse.well()
    on_sync(report)
    return was_called or not (report.added or report.changed or report.moved)


def _used_idle_time(index: Watched, stop: threading.Event, pulse: _Pulse) -> None:
    """Pages that are pictures have been looked at, until there is something better to do."""
    try:
        index.look_closer(stop=stop, progress=pulse.beat)
    except IndexBusy:
        return  # another process does it
    except IndexerError as error:
        pulse.trouble(error)


def _observer(bell: _Doorbell, folder: Path) -> BaseObserver | None:
    """A running observer; None where the system gives none: a limit is reached, or the folder is gone."""
    observer = Observer()
    try:
        observer.schedule(bell, str(folder), recursive=True)
        observer.start()
    except OSError:
        return None
    return observer


def _end(observer: BaseObserver | None) -> None:
    """The observer, if there is one, has stopped."""
    if observer is not None:
        observer.stop()
        observer.join(timeout=5)


def _wait(rung: threading.Event, stop: threading.Event, until: float) -> bool:
    """Returns when it is time to look again: true once all is quiet after a ring, else at ``until``."""
    while not rung.is_set():
        left = until - time.monotonic()
        if stop.is_set() or left <= 0:
            return False
        rung.wait(min(left, 0.25))
    latest = time.monotonic() + LONGEST_WAIT_SECONDS
    while rung.is_set() and time.monotonic() < latest and not stop.is_set():
        rung.clear()
        stop.wait(QUIET_SECONDS)
    return True
