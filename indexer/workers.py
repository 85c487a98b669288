"""Reads files in worker processes that may hang, crash or eat memory without harm to the rest.

The parent sends one frame per file and waits at most ``Limits.wall_seconds`` for the answering frame; then
it kills the worker with all it started and takes another. One worker is a ``worker``, its side of the pipes
``child``, what crosses them ``frames``. The child ends when its standard input does: none outlives us.
"""

from __future__ import annotations

import os
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.model import Extraction, Limits
from indexer.worker import Task, Worker

MOST_WORKERS = 4
_TICK_SECONDS = 0.05
PROGRAM = ("-P", "-X", "utf8", "-m", "indexer.workers")
"""``-P``: a file of the current folder is never mistaken for a module."""

Result = tuple[str, Extraction]


def extract_file(path: Path, limits: Limits) -> Extraction:
    """What became of one file, read in a process of its own; never raises for what the file holds."""
    with WorkerPool(limits, size=1) as pool:
        return next(found for _, found in pool.extract_all([("", path)]))


class WorkerPool:
    """Extracts many files at once, each in a process that can be killed; starts no process without work.

    ``size`` processes at most, by default one per processor and no more than four. ``program`` is what the
    interpreter is told to run in each; tests put a misbehaving child there. ``scratch`` is a folder of the
    pool's own for what is unpacked, emptied when it closes; by default one of the system's.
    """

    def __init__(
        self,
        limits: Limits,
        size: int | None = None,
        program: Sequence[str] = PROGRAM,
        scratch: Path | None = None,
    ) -> None:
        self._scratch = scratch
        self._limits = limits
        self._program = tuple(program)
        self._size = max(1, size if size is not None else min(os.cpu_count() or 1, MOST_WORKERS))
        self._tasks: queue.SimpleQueue[_Errand | None] = queue.SimpleQueue()
        self._workers: list[Worker] = []
        self._threads: list[threading.Thread] = []
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def extract_all(self, files: Iterable[Task | tuple[str, Path]]) -> Iterator[Result]:
        """Yields (key, extraction) as files are finished; takes from ``files`` only a little ahead.

        One caller at a time.

        Raises:
            IndexerError: worker processes cannot be started on this machine.
            RuntimeError: the pool is closed.
        """
        results: queue.SimpleQueue[Result | BaseException] = queue.SimpleQueue()
        abandoned = threading.Event()
        source = iter(files)
        running = 0
        try:
            while True:
                if self._closed.is_set():
                    raise RuntimeError("the pool is closed")
                while running < 2 * self._size and (task := next(source, None)) is not None:
                    running += 1
                    self._employ(running)
                    self._tasks.put(_Errand(Task(*task), results, abandoned))
                if not running:
                    return
                result = results.get()
                running -= 1
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            abandoned.set()

    def close(self) -> None:
        """Ends every worker, also one in the middle of a file; returns when all are gone."""
        self._closed.set()
        for worker in self._workers:
            worker.kill()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _employ(self, wanted: int) -> None:
        """Starts another worker's thread while there is work for it, and with the first the watchdog."""
        if len(self._workers) >= min(wanted, self._size):
            return
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="indexer-"))
        self._scratch.mkdir(parents=True, exist_ok=True)
        worker = Worker(self._limits, self._program, self._scratch)
        threads = [threading.Thread(target=self._work, args=(worker,), daemon=True)]
        if not self._workers:
            threads.append(threading.Thread(target=self._watch, daemon=True))
        self._workers.append(worker)
        self._threads.extend(threads)
        for thread in threads:
            thread.start()

    def _work(self, worker: Worker) -> None:
        """One thread's life: errands until the pool closes."""
        try:
            while (errand := self._tasks.get()) is not None:
                if errand.abandoned.is_set() or self._closed.is_set():
                    errand.results.put(RuntimeError("the pool is closed"))
                    continue
                try:
                    errand.results.put((errand.task.key, worker.extract(errand.task)))
                except Exception as fault:  # noqa: BLE001 - raised again where the results are read
                    errand.results.put(fault)
        finally:
            worker.stop()

    def _watch(self) -> None:
        """Kills workers whose time is up."""
        while not self._closed.wait(_TICK_SECONDS):
            now = time.monotonic()
            for worker in tuple(self._workers):
                worker.expire(now)


@dataclass(frozen=True, slots=True)
class _Errand:
    """A file to read, where the result goes, and whether anyone still waits for it."""

    task: Task
    results: queue.SimpleQueue[Result | BaseException]
    abandoned: threading.Event


if __name__ == "__main__":
    from indexer.child import main

    main()
