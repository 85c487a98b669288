"""Live watching. An event is a doorbell: it only says "look again", and a sync looks. The only speaker of watchdog.

Events get lost (queues overflow, shares send none, watch limits are hidden), so a full look comes round every
``interval`` seconds whatever the doorbell says. Where events cannot be had, looking round is all there is.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from indexer.errors import IndexerError
from indexer.model import ProgressSink, SyncReport

QUIET_SECONDS = 0.5
"""How long nothing may happen before a sync begins, so that a burst of saves is one sync."""
LONGEST_WAIT_SECONDS = 5.0
"""A sync begins at the latest this long after the first ring, however busy the folder is."""
NETWORK_FILE_SYSTEMS = frozenset({"cifs", "smb3", "smbfs", "nfs", "nfs4", "9p", "fuse.sshfs", "davfs"})
_READ_ONLY_EVENTS = frozenset({"opened", "closed_no_write"})


class Watched(Protocol):
    """What is kept in step: ``ArchiveIndex``."""

    archive: Path

    def sync(self, *, progress: ProgressSink | None = None, accept_disappearance: bool = False) -> SyncReport:
        """The index shows the archive as it is now."""
        ...


class _Doorbell(FileSystemEventHandler):
    """Rings at any change; does nothing else, so that the observer's queue never fills."""

    def __init__(self) -> None:
        self.rung = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _READ_ONLY_EVENTS:
            self.rung.set()


def watch(
    index: Watched,
    stop: threading.Event,
    *,
    on_sync: Callable[[SyncReport], None],
    on_trouble: Callable[[IndexerError], None] = lambda _: None,
    polling: bool = False,
    interval: float = 60.0,
) -> None:
    """Syncs at once, after every change, and every ``interval`` seconds, until ``stop`` is set.

    A share that goes away is trouble, not the end: it is told and the next look tries again.

    Args:
        index: the index to keep in step.
        stop: ends the watching, within a second or after the sync under way.
        on_sync: told every report.
        on_trouble: told every sync that could not be done.
        polling: do without events.
        interval: seconds between full looks.
    """
    bell = _Doorbell()
    observer = None if polling or on_network(index.archive) else _observer(bell, index.archive)
    try:
        while not stop.is_set():
            bell.rung.clear()
            try:
                on_sync(index.sync())
            except IndexerError as error:
                on_trouble(error)
            if observer is not None and not observer.is_alive():
                observer = _observer(bell, index.archive)
            _wait(bell.rung, stop, interval)
    finally:
        if observer is not None:
            observer.stop()
            observer.join(timeout=5)


def on_network(folder: Path) -> bool:
    """Whether a folder lies on a network share, where no events of other machines' changes arrive."""
    if sys.platform == "win32":
        return str(folder.resolve()).startswith("\\\\")
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return False
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, found, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if len(point) >= len(best) and folder.resolve().is_relative_to(point):
            best, kind = point, found
    return kind in NETWORK_FILE_SYSTEMS


def _observer(bell: _Doorbell, folder: Path) -> BaseObserver | None:
    """A running observer; None where the system gives none (watch limits, folder gone), and looking round serves."""
    observer = Observer()
    try:
        observer.schedule(bell, str(folder), recursive=True)
        observer.start()
    except OSError:
        return None
    return observer


def _wait(rung: threading.Event, stop: threading.Event, interval: float) -> None:
    """Returns when it is time to look again: things have gone quiet after a ring, or the interval is over."""
    until = time.monotonic() + interval
    while not rung.is_set():
        left = until - time.monotonic()
        if stop.is_set() or left <= 0:
            return
        rung.wait(min(left, 0.25))
    latest = time.monotonic() + LONGEST_WAIT_SECONDS
    while rung.is_set() and time.monotonic() < latest and not stop.is_set():
        rung.clear()
        stop.wait(QUIET_SECONDS)
