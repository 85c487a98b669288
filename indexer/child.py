"""The worker process: reads one file at a time for ``workers`` and may be killed at any moment.

On POSIX it also limits itself: address space, processor time, no core files. On Windows its parent puts it
into a job that limits its memory (``confinement``).
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from indexer.errors import disk_words
from indexer.extract import Reader, extract
from indexer.extract.endings import Unreadable, corrupt
from indexer.extract.look import Looker, look_at_page
from indexer.extract.members import Unpacker
from indexer.frames import as_answer, read_frame, write_frame
from indexer.model import Extraction, Limits

_QUESTION_BYTES = 1 << 20
_GRACE_SECONDS = 1.0
_TIRED_SHARE = 4
"""A worker that still holds this part of the allowed memory after a file asks to be replaced."""
_TIRED_LOOKER_SHARE = 2
"""The same after a page, when a third is what the recogniser always holds."""


def main(read: Reader = extract, look: Looker = look_at_page) -> None:
    """The child's life: limits first, then one extraction per frame, until standard input ends.

    ``read`` is what reads a file, ``look`` what looks at one of its pages; tests put theirs there.
    """
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - whatever a library prints must not reach the pipe
        os.dup2(nowhere.fileno(), 1)
    questions: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    _serve(questions.get, answers, read, look)


def _listen(questions: queue.SimpleQueue[Any]) -> None:
    """Queues the parent's questions; ends the process at once when the parent is gone."""
    try:
        while (question := read_frame(sys.stdin.buffer, _QUESTION_BYTES)) is not None:
            questions.put(question)
    finally:
        os._exit(0)


def _serve(next_question: Callable[[], Any], answers: BinaryIO, read: Reader, look: Looker) -> None:
    """Answers every question about a path with its extraction; the first tells the limits."""
    told = next_question()
    limits = Limits(**told["limits"])
    tempfile.tempdir = told["scratch"]  # emptied by the parent, whatever ends this process
    unpacker = Unpacker(Path(told["scratch"]), limits)
    _limit_memory(limits)
    write_frame(answers, {"ready": os.getpid()})
    while True:
        question = next_question()
        path, inside, page = Path(question["path"]), question["inside"], question["page"]
        _limit_time(limits.wall_seconds)
        try:
            found = as_answer(
                _read(unpacker, path, inside, limits, read if page is None else partial(look, page))
            )
            _limit_time(0.0)
            most = limits.memory_bytes // (_TIRED_SHARE if page is None else _TIRED_LOOKER_SHARE)
            write_frame(answers, found | {"tired": _memory_held() > most})
        except MemoryError:
            os.abort()


def _read(unpacker: Unpacker, path: Path, inside: Sequence[int], limits: Limits, read: Reader) -> Extraction:
    """What is read from the file at ``path``, or from one inside it."""
    if not inside:
        return read(path, limits)
    try:
        with unpacker.member(path, inside) as file:
            return read(file, limits)
    except Unreadable as ending:
        return ending.extraction()
    except OSError as fault:
        return corrupt(f"压缩包里的这个文件取不出来（{disk_words(fault)}）").extraction()


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


def _limit_time(seconds: float) -> None:
    """The system ends this process ``seconds`` from now and a little, by either clock; 0 takes that back.

    The parent ends it sooner; this is for a file that hangs when the parent is gone.
    """
    try:
        import resource
    except ImportError:
        return
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS if seconds else 0)
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = int(time.process_time() + seconds + _GRACE_SECONDS) + 1 if seconds else hard
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _memory_held() -> int:
    """The memory this process holds now, in bytes; 0 where that is not told."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
