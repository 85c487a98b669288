"""Windows job objects as far as they can be tried elsewhere: layouts, calls, and what refusals come to."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any

import pytest

from indexer import confinement, jobs
from indexer.jobs import ExtendedLimits, Job

on_64_bits = pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="布局按 64 位核对")


class Kernel32:
    """Stands in for the system's library: notes the calls and answers as told."""

    def __init__(self, **answers: int) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self._answers = {"CreateJobObjectW": 77} | answers
        self.limits = ExtendedLimits()

    def __getattr__(self, name: str) -> Any:
        def called(*arguments: Any) -> int:
            plain = tuple(getattr(one, "value", one) for one in arguments)
            if name == "SetInformationJobObject":
                ctypes.memmove(ctypes.byref(self.limits), arguments[2], arguments[3])
                plain = (*plain[:2], plain[3])
            self.calls.append((name, plain))
            return self._answers.get(name, 1)

        return called


@on_64_bits
def test_the_structures_are_those_of_the_windows_api() -> None:
    assert ctypes.sizeof(jobs.BasicLimits) == 64
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert jobs.BasicLimits.LimitFlags.offset == 16
    assert jobs.BasicLimits.Affinity.offset == 48
    assert ExtendedLimits.ProcessMemoryLimit.offset == 112
    assert ExtendedLimits.JobMemoryLimit.offset == 120


def test_a_job_limits_memory_and_ends_what_is_in_it() -> None:
    system = Kernel32()
    job = Job(system, 1 << 30)
    job.add(99)
    job.kill()
    job.close()
    job.close()
    job.kill()
    size = ctypes.sizeof(ExtendedLimits)
    assert system.calls == [
        ("CreateJobObjectW", (None, None)),
        ("SetInformationJobObject", (77, 9, size)),
        ("AssignProcessToJobObject", (77, 99)),
        ("TerminateJobObject", (77, 1)),
        ("CloseHandle", (77,)),
    ]
    assert system.limits.BasicLimitInformation.LimitFlags == 0x2000 | 0x0400 | 0x0200 | 0x0100
    assert system.limits.ProcessMemoryLimit == 1 << 30
    assert system.limits.JobMemoryLimit == 2 << 30


@pytest.mark.parametrize("call", ["CreateJobObjectW", "SetInformationJobObject"])
def test_a_job_that_windows_refuses_is_an_error(call: str) -> None:
    with pytest.raises(OSError, match=call):
        Job(Kernel32(**{call: 0}), 1 << 30)


def test_a_child_is_put_into_its_job_before_it_hears_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    system = Kernel32()
    monkeypatch.setattr(confinement, "_POSIX", False)
    monkeypatch.setattr(confinement, "_NO_WINDOW_IN_OWN_GROUP", 0)  # flags that only Windows takes
    monkeypatch.setattr(confinement, "kernel32", lambda: system)
    monkeypatch.setattr(subprocess.Popen, "_handle", 99, raising=False)
    child = confinement.start([sys.executable, "-c", "input()"], {}, 1 << 30)
    assert [name for name, _ in system.calls][-1] == "AssignProcessToJobObject"
    assert child.exit_code(0.1) is None
    child.questions.close()
    assert child.exit_code(20) == 1
    child.kill()
    child.close()
    assert [name for name, _ in system.calls][-2:] == ["TerminateJobObject", "CloseHandle"]


def test_a_child_that_no_job_takes_is_not_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    system = Kernel32(AssignProcessToJobObject=0)
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        _handle = 99

        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            started.append(self)

    monkeypatch.setattr(confinement, "_POSIX", False)
    monkeypatch.setattr(confinement, "_NO_WINDOW_IN_OWN_GROUP", 0)
    monkeypatch.setattr(confinement, "kernel32", lambda: system)
    monkeypatch.setattr(subprocess, "Popen", Noted)
    with pytest.raises(OSError, match="AssignProcessToJobObject"):
        confinement.start([sys.executable, "-c", "import time; time.sleep(60)"], {}, 1 << 30)
    (process,) = started
    assert process.returncode is not None
    assert system.calls[-1][0] == "CloseHandle"
