"""Child processes on a leash: started so that they, and all they start, can be ended at once.

On _POSIX a child leads a session of its own and limits its memory and processor time itself (``child``). On
Windows it is put into a job object that limits its memory, before it is told of any file.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast

from indexer.jobs import Job, kernel32

_POSIX = os.name == "posix"
_NO_WINDOW_IN_OWN_GROUP = 0x08000000 | 0x00000200
"""CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP."""


class Child:
    """A running child: ``questions`` is its standard input, ``answers`` its output; its errors go nowhere."""

    def __init__(self, process: subprocess.Popen[bytes], job: Job | None) -> None:
        self._process = process
        self._job = job
        self.questions = cast("BinaryIO", process.stdin)
        self.answers = cast("BinaryIO", process.stdout)

    def exit_code(self, seconds: float) -> int | None:
        """How it ended; None when it has not, also after waiting that long."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """Ends the child and whatever it started; nothing when it has been collected."""
        if self._job is not None:
            self._job.kill()
        elif self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Collects the child, which has been killed or is about to end, and lets go of its pipes."""
        self._process.wait()
        for pipe in (self.questions, self.answers):
            with contextlib.suppress(OSError):
                pipe.close()
        if self._job is not None:
            self._job.close()


def start(command: Sequence[str], environment: Mapping[str, str], memory_bytes: int) -> Child:
    """The child that runs ``command``.

    ``memory_bytes`` is what it and all it starts may have together, where the child does not see to that.

    Raises:
        OSError: the system gives no process, or no job for it.
    """
    job = None if _POSIX else Job(kernel32(), memory_bytes)
    apart: dict[str, Any] = (
        {"start_new_session": True} if _POSIX else {"creationflags": _NO_WINDOW_IN_OWN_GROUP}
    )
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            **apart,
        )
    except OSError:
        if job is not None:
            job.close()
        raise
    child = Child(process, job)
    try:
        if job is not None:
            job.add(int(process._handle))  # type: ignore[attr-defined,unused-ignore]  # noqa: SLF001  no public way
    except OSError:
        process.kill()
        child.close()
        raise
    return child


def _codes(*names: str) -> frozenset[int]:
    """The exit codes of a process that these signals end, where the system has them."""
    return frozenset(-getattr(signal, name) for name in names if hasattr(signal, name))


OUT_OF_TIME = _codes("SIGXCPU", "SIGALRM") if _POSIX else frozenset[int]()
"""How the system ends a process that has used up its processor time."""
OUT_OF_MEMORY = (
    _codes("SIGABRT", "SIGTRAP", "SIGILL", "SIGKILL") if _POSIX else frozenset({3, 0xC0000409, 0xC0000017})
)
"""How a process ends that may have no more memory: aborted by itself, by a library or by the system."""
