"""One worker as its parent sees it: a child that reads files, and is replaced when it ends or must end."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from indexer.confinement import OUT_OF_MEMORY, OUT_OF_TIME, Child, start
from indexer.errors import IndexerError
from indexer.frames import as_question, extraction_from, read_frame, write_frame
from indexer.model import Extraction, Limits, State

_START_SECONDS = 30.0
_STARTS_TRIED = 3
_DYING_SECONDS = 0.5
"""How long a child that has fallen silent may take to be gone by itself, so its exit code can be read."""
_FRAME_SPARE = 1 << 20
_BYTES_PER_CHARACTER = 6
"""The most that one character takes in JSON: a control character, escaped."""


class Task(NamedTuple):
    """A file to read under a key; ``inside`` are positions in packages, when it is a file inside a file.

    With a ``page`` (1-based) only that page is looked at, as a picture; with 0 all pages, for seals.
    """

    key: str
    path: Path
    inside: tuple[int, ...] = ()
    page: int | None = None


class Worker:
    """One child process, replaced when it dies, is killed or has read enough files. Used by one thread."""

    def __init__(self, limits: Limits, program: tuple[str, ...], scratch: Path) -> None:
        self._limits = limits
        self._scratch = scratch
        self._program = program
        self._child: Child | None = None
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
        if answer is None and not fresh and not self._expired and code not in OUT_OF_TIME:
            answer, code = self._read(task)
        return self._obituary(code) if answer is None else extraction_from(answer)

    def _read(self, task: Task) -> tuple[Any, int]:
        """The child's answer, or None and the exit code of a child that gave none."""
        child = self._ready()
        self._files += 1
        question = {"path": str(task.path), "inside": task.inside, "page": task.page}
        answer = self._asked(child, question, self._limits.wall_seconds)
        if answer is None or self._expired:
            return answer, self._end(child)
        if self._files >= self._limits.files_per_worker or answer["tired"]:
            self.stop()
        return answer, 0

    def kill(self) -> None:
        """Kills the child for good; no other takes its place. Callable from any thread."""
        with self._guard:
            self._killed = True
            if self._child is not None:
                self._child.kill()

    def expire(self, now: float) -> None:
        """Kills the child when the file at hand has had its time. Callable from any thread."""
        with self._guard:
            if self._child is not None and self._deadline is not None and now > self._deadline:
                self._expired = True
                self._deadline = None
                self._child.kill()

    def stop(self) -> None:
        """Ends the child, if there is one, by ending its standard input."""
        if self._child is not None:
            with contextlib.suppress(OSError):
                self._child.questions.close()
            self._end(self._child)

    def _ready(self) -> Child:
        """The child that waits for a file; started, and told the limits, when there is none."""
        for _ in range(_STARTS_TRIED):
            if self._child is not None:
                return self._child
            with self._guard:
                if self._killed:
                    raise RuntimeError("the pool is closed")
                child = self._child = self._started()
            if self._asked(child, as_question(self._limits, self._scratch), _START_SECONDS) is None:
                self._end(child)
        if self._child is None:
            raise _cannot_start()
        return self._child

    def _started(self) -> Child:
        """A child that finds this very package and talks over its pipes only."""
        package_home = str(Path(__file__).resolve().parents[1])
        paths = [package_home, *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
        try:
            return start([sys.executable, *self._program], environment, self._limits.memory_bytes)
        except OSError as fault:
            raise _cannot_start() from fault

    def _asked(self, child: Child, question: dict[str, Any], seconds: float) -> Any:
        """The answer to a question, or None when the child is gone, was killed or talks nonsense."""
        most = _FRAME_SPARE + _BYTES_PER_CHARACTER * self._limits.text_chars
        with self._guard:
            self._expired = False
            self._deadline = time.monotonic() + seconds
        try:
            write_frame(child.questions, question)
            return read_frame(child.answers, most)
        except (OSError, ValueError):
            return None
        finally:
            with self._guard:
                self._deadline = None

    def _end(self, child: Child) -> int:
        """Sees the child off, killing what still runs; its exit code, 0 when it had to be killed here."""
        code = child.exit_code(0 if self._expired else _DYING_SECONDS)
        with self._guard:
            child.kill()
            self._child = None
        child.close()
        self._files = 0
        return code or 0

    def _obituary(self, code: int) -> Extraction:
        """What the child's end says of the file it was reading."""
        if self._expired or code in OUT_OF_TIME:
            return Extraction(
                State.REFUSED,
                reason=f"读取超过 {self._limits.wall_seconds:g} 秒",
                remedy="检查文件来源是否可靠；确有需要就拆成几份，或另存为 docx、xlsx 再放进档案",
            )
        if code in OUT_OF_MEMORY:
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


def _cannot_start() -> IndexerError:
    """This machine gives no worker process."""
    return IndexerError(
        "读取文件的工作进程启动不了", remedy="检查内存是否够用、杀毒软件是否拦截了 Python，然后重试"
    )
