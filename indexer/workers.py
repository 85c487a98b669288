"""Reads files in processes that may be killed: a hostile file costs its own process and one limit, no more.

A worker reads one file at a time and is told so over pipes, in frames of JSON behind a length. It is ended, with
all it may have started, when a file takes too long; it ends itself when its parent is gone. Processor time and
memory are limited by the kernel where there is one that does; on Windows the time limit alone holds.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeVar

from indexer.errors import IndexerError
from indexer.extract import READERS, extract
from indexer.model import Extraction, Limits, Passage, State

START_SECONDS = 60.0
MOST_WORKERS = 4
_FRAME_BYTES = 64 * 1024**2
_GRACE_SECONDS = 1.0
_PROGRAM = "import sys; sys.path.append(sys.argv[1]); from indexer.workers import serve; serve()"
_Key = TypeVar("_Key")


def extract_file(path: Path, limits: Limits = Limits()) -> Extraction:  # noqa: B008  frozen
    """What became of one file, read in a process of its own; never raises for what the file holds."""
    with WorkerPool(limits, size=1) as pool:
        ((_, found),) = pool.extract_all([(None, path)])
    return found


class WorkerPool:
    """A few worker processes, started when there is something to read and ended with the pool."""

    def __init__(
        self,
        limits: Limits,
        *,
        size: int | None = None,
        program: str = _PROGRAM,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._limits = limits
        self._size = size or max(1, min(os.cpu_count() or 1, MOST_WORKERS))
        self._program = program
        self._environment = environment
        self._idle: deque[_Worker] = deque()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(patient=kind is None)

    def extract_all(self, files: Iterable[tuple[_Key, Path]]) -> Iterator[tuple[_Key, Extraction]]:
        """Every file's key with what became of it, in the order given.

        Raises:
            IndexerError: no worker can be started.
        """
        threads = ThreadPoolExecutor(self._size, thread_name_prefix="indexer-worker")
        pending: deque[tuple[_Key, Future[Extraction]]] = deque()
        try:
            for key, path in files:
                pending.append((key, threads.submit(self._extract, path)))
                if len(pending) > 4 * self._size:
                    first, done = pending.popleft()
                    yield first, done.result()
            while pending:
                first, done = pending.popleft()
                yield first, done.result()
        except BaseException:
            self.close(patient=False)
            raise
        finally:
            threads.shutdown(wait=True, cancel_futures=True)

    def close(self, *, patient: bool = True) -> None:
        """No worker is left; at work or not."""
        with self._lock:
            self._closed = True
            workers = list(self._all)
            self._all.clear()
            self._idle.clear()
        for worker in workers:
            worker.end(patient=patient)

    def _extract(self, path: Path) -> Extraction:
        """One file, read by a worker; a worker that died of files before this one gets no say."""
        worker = self._take()
        was_fresh = worker.files == 0
        found = worker.extract(path)
        if found is None and not was_fresh and not worker.timed_out:
            self._give_back(worker)
            worker = self._take(fresh=True)
            found = worker.extract(path)
        ending = found or _ending_of(worker, self._limits)
        self._give_back(worker)
        return ending

    def _take(self, *, fresh: bool = False) -> _Worker:
        with self._lock:
            if self._closed:
                raise IndexerError("读取已经中止", remedy="重新运行一次")
            if self._idle and not fresh:
                return self._idle.pop()
        worker = _Worker(self._limits, self._program, self._environment)
        with self._lock:
            if not self._closed:
                self._all.add(worker)
                return worker
        worker.end(patient=False)
        raise IndexerError("读取已经中止", remedy="重新运行一次")

    def _give_back(self, worker: _Worker) -> None:
        """The worker waits for the next file, unless it is dead or has done its share."""
        keep = worker.alive and worker.files < self._limits.files_per_worker and not worker.tired
        with self._lock:
            if keep and not self._closed:
                self._idle.append(worker)
                return
            self._all.discard(worker)
        worker.end(patient=keep)


class _Worker:
    """One process that reads files one after the other."""

    def __init__(self, limits: Limits, program: str, environment: Mapping[str, str] | None) -> None:
        self.files = 0
        self.timed_out = False
        self.tired = False
        self._limits = limits
        self._process = _started(program, environment)
        self._most = _FRAME_BYTES + 4 * limits.text_chars
        ready = self._exchange(asdict(limits), START_SECONDS)
        if ready is None:
            self.end(patient=False)
            raise IndexerError(
                "读取文件的子程序启动不了",
                remedy="检查安装是否完整；把每个文件的内存上限调到 512 MB 以上再试",
            )

    @property
    def alive(self) -> bool:
        """Whether it can take another file."""
        return self._process.poll() is None

    @property
    def status(self) -> int | None:
        """How the process ended: negative for a signal."""
        return self._process.poll()

    def extract(self, path: Path) -> Extraction | None:
        """What became of the file, or None when the worker was killed over it or died."""
        self.files += 1
        answer = self._exchange({"path": str(path)}, self._limits.wall_seconds)
        if answer is None:
            self.end(patient=False)
            return None
        self.tired = bool(answer.pop("tired"))
        return _extraction(answer)

    def end(self, *, patient: bool) -> None:
        """The process, and all of its group, is gone."""
        process = self._process
        for pipe in (process.stdin, process.stdout):
            if pipe and patient:
                _close(pipe)
        if patient:
            try:
                process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                pass
        _kill_group(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                _close(pipe)

    def _exchange(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any] | None:
        """The answer to a request; None when the process dies, or does not answer in time and is killed."""
        timer = threading.Timer(seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            assert self._process.stdin and self._process.stdout  # noqa: S101  both are pipes
            _send(self._process.stdin, request)
            return _received(self._process.stdout, self._most)
        except (OSError, ValueError):
            return None
        finally:
            timer.cancel()

    def _time_out(self) -> None:
        self.timed_out = True
        _kill_group(self._process)


def serve() -> None:
    """The worker's side: limits come first, then one request a file; ends with its input."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the frames
    first = _received(requests, _FRAME_BYTES)
    if first is None:
        return
    limits = Limits(**first)
    _limit_process(limits)
    _send(answers, {"ready": True})
    while (request := _received(requests, _FRAME_BYTES)) is not None:
        _limit_time(limits.wall_seconds)
        found = extract(Path(request["path"]), limits, READERS)
        _limit_time(0)
        _send(answers, asdict(found) | {"tired": _memory_used() > limits.memory_bytes // 4})


def _started(program: str, environment: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    package_root = str(Path(__file__).resolve().parents[1])
    windows = sys.platform == "win32"
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", program, package_root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=None if environment is None else {**os.environ, **environment},
            start_new_session=not windows,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if windows else 0,
        )
    except OSError as error:
        raise IndexerError(
            f"读取文件的子程序启动不了（{error.strerror}）", remedy="关掉一些程序腾出内存，再试一次"
        ) from error


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """The process and what it started are gone; a process that has been waited for is left alone."""
    if process.returncode is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _limit_process(limits: Limits) -> None:
    """The kernel refuses more memory than allowed, and writes no core of a crash."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = limits.memory_bytes if hard == resource.RLIM_INFINITY else min(limits.memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: float) -> None:
    """The kernel ends this process ``seconds`` from now, by the clock and in processor time; 0 lifts it.

    The parent ends it sooner; this holds when the parent is gone and the file hangs.
    """
    if sys.platform == "win32":
        return
    import resource

    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS if seconds else 0)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(time.process_time() + seconds + 2) if seconds else hard
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _memory_used() -> int:
    """The most memory this process ever held, in bytes; 0 where that is not known."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _ending_of(worker: _Worker, limits: Limits) -> Extraction:
    """What is said of a file whose worker was killed or died."""
    if worker.timed_out or worker.status in {-signal.SIGALRM, -signal.SIGXCPU}:
        return Extraction(
            State.REFUSED,
            reason=f"读取超过 {limits.wall_seconds:g} 秒，已中止",
            remedy="检查文件是否异常；确实很大就拆成几份，或在设置里放宽每个文件的时间",
        )
    if worker.status in {-signal.SIGABRT, -signal.SIGKILL}:
        return Extraction(
            State.REFUSED,
            reason=f"读取时用掉的内存超过 {limits.memory_bytes // 2**20} MB，已中止",
            remedy="检查文件来源是否可靠；确实很大就拆成几份，或在设置里放宽每个文件的内存",
        )
    return Extraction(
        State.CORRUPT,
        reason="文件已损坏：读取时子程序崩溃",
        remedy="用原来的软件打开检查，打不开就向报送单位重新要一份",
    )


def _send(pipe: IO[bytes], value: Mapping[str, Any]) -> None:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    pipe.write(len(body).to_bytes(8, "big") + body)
    pipe.flush()


def _received(pipe: IO[bytes], most: int) -> dict[str, Any] | None:
    """The next frame; None at the end of the pipe or when it is longer than ``most`` bytes."""
    head = pipe.read(8)
    length = int.from_bytes(head, "big")
    if len(head) < 8 or length > most:
        return None
    body = pipe.read(length)
    if len(body) < length:
        return None
    value: dict[str, Any] = json.loads(body.decode("utf-8", "surrogatepass"))
    return value


def _extraction(answer: dict[str, Any]) -> Extraction:
    passages = tuple(Passage(**one) for one in answer.pop("passages"))
    return Extraction(state=State(answer.pop("state")), passages=passages, **answer)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        pass  # the other end is gone; what was buffered has no reader
