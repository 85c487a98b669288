"""Reads files in worker processes that may hang, crash or eat memory without harm to the rest.

The parent sends one frame per file and waits at most ``Limits.wall_seconds`` for the answering frame; then
it kills the worker's whole group and starts another. The child's side is ``child``, what crosses between
them ``frames``. The child ends when its standard input does, so none outlives the parent.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self, cast

from indexer.errors import IndexerError
from indexer.frames import as_question, extraction_from, read_frame, write_frame
from indexer.model import Extraction, Limits, State

MOST_WORKERS = 4
_POSIX = os.name == "posix"
_START_SECONDS = 30.0
_STARTS_TRIED = 3
_TICK_SECONDS = 0.05
_DYING_SECONDS = 0.5
"""How long a child that has fallen silent may take to be gone by itself, so its exit code can be read."""
_FRAME_SPARE = 1 << 20
_BYTES_PER_CHARACTER = 6
"""The most that one character takes in JSON: a control character, escaped."""
PROGRAM = ("-P", "-X", "utf8", "-m", "indexer.workers")
"""``-P``: a file of the current folder is never mistaken for a module."""


class Task(NamedTuple):
    """A file to read under a key; ``inside`` are positions in packages, when it is a file inside a file.

    With a ``page`` (1-based) only that page is looked at, as a picture; with 0 all pages, for seals.
    """

    key: str
    path: Path
    inside: tuple[int, ...] = ()
    page: int | None = None


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
        self._workers: list[_Worker] = []
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
        worker = _Worker(self._limits, self._program, self._scratch)
        threads = [threading.Thread(target=self._work, args=(worker,), daemon=True)]
        if not self._workers:
            threads.append(threading.Thread(target=self._watch, daemon=True))
        self._workers.append(worker)
        self._threads.extend(threads)
        for thread in threads:
            thread.start()

    def _work(self, worker: _Worker) -> None:
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


class _Worker:
    """One child process, replaced when it dies, is killed or has read enough files. Used by one thread."""

    def __init__(self, limits: Limits, program: tuple[str, ...], scratch: Path) -> None:
        self._limits = limits
        self._scratch = scratch
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()
        self._deadline: float | None = None
        self._expired = False
        self._killed = False
        self._files = 0

    def extract(self, task: Task) -> Extraction:
        """What the child says of the file, or what its end says.

        A child that had read other files before gets no last word: the file is read again by a fresh one.
        """
        fresh = self._files == 0
        answer, code = self._read(task)
        if answer is None and not fresh and not self._expired and code not in _OUT_OF_TIME:
            answer, code = self._read(task)
        return self._obituary(code) if answer is None else extraction_from(answer)

    def _read(self, task: Task) -> tuple[Any, int]:
        """The child's answer, or None and the exit code of a child that gave none."""
        process = self._ready()
        self._files += 1
        question = {"path": str(task.path), "inside": task.inside, "page": task.page}
        answer = self._asked(process, question, self._limits.wall_seconds)
        if answer is None or self._expired:
            return answer, self._end(process)
        if self._files >= self._limits.files_per_worker or answer["tired"]:
            self.stop()
        return answer, 0

    def kill(self) -> None:
        """Kills the child for good; no other takes its place. Callable from any thread."""
        with self._guard:
            self._killed = True
            if self._process is not None:
                _kill_group(self._process)

    def expire(self, now: float) -> None:
        """Kills the child when the file at hand has had its time. Callable from any thread."""
        with self._guard:
            if self._process is not None and self._deadline is not None and now > self._deadline:
                self._expired = True
                self._deadline = None
                _kill_group(self._process)

    def stop(self) -> None:
        """Ends the child, if there is one, by ending its standard input."""
        if self._process is not None:
            with contextlib.suppress(OSError):
                cast("BinaryIO", self._process.stdin).close()
            self._end(self._process)

    def _ready(self) -> subprocess.Popen[bytes]:
        """The child that waits for a file; started, and told the limits, when there is none."""
        for _ in range(_STARTS_TRIED):
            if self._process is not None:
                return self._process
            with self._guard:
                if self._killed:
                    raise RuntimeError("the pool is closed")
                process = self._process = _started(self._program)
            if self._asked(process, as_question(self._limits, self._scratch), _START_SECONDS) is None:
                self._end(process)
        if self._process is None:
            raise _cannot_start()
        return self._process

    def _asked(self, process: subprocess.Popen[bytes], question: dict[str, Any], seconds: float) -> Any:
        """The answer to a question, or None when the child is gone, was killed or talks nonsense."""
        most = _FRAME_SPARE + _BYTES_PER_CHARACTER * self._limits.text_chars
        with self._guard:
            self._expired = False
            self._deadline = time.monotonic() + seconds
        try:
            write_frame(cast("BinaryIO", process.stdin), question)
            return read_frame(cast("BinaryIO", process.stdout), most)
        except (OSError, ValueError):
            return None
        finally:
            with self._guard:
                self._deadline = None

    def _end(self, process: subprocess.Popen[bytes]) -> int:
        """Sees the child off, killing what still runs; its exit code, 0 when it had to be killed here."""
        code = 0
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(0 if self._expired else _DYING_SECONDS)
        with self._guard:
            _kill_group(process)
            self._process = None
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                cast("BinaryIO", pipe).close()
        self._files = 0
        return code

    def _obituary(self, code: int) -> Extraction:
        """What the child's end says of the file it was reading."""
        if self._expired or code in _OUT_OF_TIME:
            return Extraction(
                State.REFUSED,
                reason=f"读取超过 {self._limits.wall_seconds:g} 秒",
                remedy="检查文件来源是否可靠；确有需要就拆成几份，或另存为 docx、xlsx 再放进档案",
            )
        if code in _OUT_OF_MEMORY:
            return Extraction(
                State.REFUSED,
                reason=f"读取它需要的内存超过 {self._limits.memory_bytes // 2**20} MB，读取程序中止",
                remedy="检查文件来源是否可靠；确有需要就拆成几份再放进档案",
            )
        return Extraction(
            State.CORRUPT,
            reason="文件已损坏：读取程序在这个文件上崩溃",
            remedy="用原来的软件打开检查，另存一份；打不开就向报送单位重新要一份",
        )


def _codes(*names: str) -> frozenset[int]:
    """The exit codes of a process that these signals end, where the system has them."""
    return frozenset(-getattr(signal, name) for name in names if hasattr(signal, name))


_OUT_OF_TIME = _codes("SIGXCPU", "SIGALRM")
_OUT_OF_MEMORY = _codes("SIGABRT", "SIGTRAP", "SIGILL", "SIGKILL") if _POSIX else frozenset()
"""How pdfium, calamine and the system end a process that may have no more memory."""


def _cannot_start() -> IndexerError:
    """This machine gives no worker process."""
    return IndexerError(
        "读取文件的工作进程启动不了", remedy="检查内存是否够用、杀毒软件是否拦截了 Python，然后重试"
    )


def _started(program: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """A child in a group of its own, that finds this very package and talks over its pipes only."""
    package_home = str(Path(__file__).resolve().parents[1])
    paths = [package_home, *filter(None, [os.environ.get("PYTHONPATH")])]
    group: dict[str, Any] = (
        {"start_new_session": True}
        if _POSIX
        else {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    )
    try:
        return subprocess.Popen(
            [sys.executable, *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            **group,
        )
    except OSError as fault:
        raise _cannot_start() from fault


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kills the child and whatever it started; nothing when it has been collected."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if _POSIX:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


if __name__ == "__main__":
    from indexer.child import main

    main()
