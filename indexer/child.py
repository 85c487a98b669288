"""The worker process: reads one file at a time for ``workers`` and may be killed at any moment.

On POSIX it also limits itself: address space, processor time, no core files. Windows has no such call in the
standard library; there the parent's wall limit and its kill are what holds.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from indexer.extract import extract
from indexer.frames import as_answer, read_frame, write_frame
from indexer.model import Extraction, Limits

_QUESTION_BYTES = 1 << 20


def main(read: Callable[[Path, Limits], Extraction] = extract) -> None:
    """The child's life: limits first, then one extraction per frame, until standard input ends.

    ``read`` is what reads a file; tests put a reader there that hangs or crashes.
    """
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - whatever a library prints must not reach the pipe
        os.dup2(nowhere.fileno(), 1)
    questions: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    _serve(questions.get, answers, read)


def _listen(questions: queue.SimpleQueue[Any]) -> None:
    """Queues the parent's questions; ends the process at once when the parent is gone."""
    try:
        while (question := read_frame(sys.stdin.buffer, _QUESTION_BYTES)) is not None:
            questions.put(question)
    finally:
        os._exit(0)


def _serve(
    next_question: Callable[[], Any], answers: BinaryIO, read: Callable[[Path, Limits], Extraction]
) -> None:
    """Answers every question about a path with its extraction; the first tells the limits."""
    limits = Limits(**next_question()["limits"])
    _limit_memory(limits)
    write_frame(answers, {"ready": os.getpid()})
    while True:
        path = Path(next_question()["path"])
        _limit_processor_time(limits)
        try:
            write_frame(answers, as_answer(read(path, limits)))
        except MemoryError:
            os.abort()


def _limit_memory(limits: Limits) -> None:
    """No more address space than allowed, and no core files, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))


def _limit_processor_time(limits: Limits) -> None:
    """As much processor time for the next file as it may take by the clock; for when no parent watches."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.wall_seconds) + 2
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
