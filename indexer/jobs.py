"""Windows job objects: what bounds a process and all it starts, where there is no RLIMIT_AS. Pure ctypes.

A job is to Windows what a process group with limits is to POSIX: its memory limit makes allocations fail, its
end is the end of every process in it, and it ends when its last handle is closed, with this process if need
be. See JOBOBJECT_EXTENDED_LIMIT_INFORMATION in the Windows API, and docs/adr/0005.
"""

from __future__ import annotations

import ctypes
from typing import Any, ClassVar

EXTENDED_LIMITS = 9
"""JobObjectExtendedLimitInformation."""
PROCESS_MEMORY = 0x0100
JOB_MEMORY = 0x0200
DIE_ON_UNHANDLED_EXCEPTION = 0x0400
KILL_ON_JOB_CLOSE = 0x2000
KILLED = 1
"""The exit code of processes that were killed with their job."""


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_: ClassVar = [
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    ]


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; the six counters between are Windows' own."""

    _fields_: ClassVar = [
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    ]


class Job:
    """A job object: a process in it may have ``memory_bytes``, and with all it starts twice that.

    ``kernel32`` is the system's library.

    Raises:
        OSError: Windows refuses.
    """

    def __init__(self, kernel32: Any, memory_bytes: int) -> None:
        self._kernel32 = kernel32
        self._handle = self._sure(kernel32.CreateJobObjectW(None, None), "CreateJobObjectW")
        limits = ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = (
            PROCESS_MEMORY | JOB_MEMORY | DIE_ON_UNHANDLED_EXCEPTION | KILL_ON_JOB_CLOSE
        )
        limits.ProcessMemoryLimit, limits.JobMemoryLimit = memory_bytes, 2 * memory_bytes
        done = kernel32.SetInformationJobObject(
            ctypes.c_void_p(self._handle), EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        self._sure(done, "SetInformationJobObject")

    def add(self, process_handle: int) -> None:
        """The process is in the job; so is what it starts from now on."""
        done = self._kernel32.AssignProcessToJobObject(
            ctypes.c_void_p(self._handle), ctypes.c_void_p(process_handle)
        )
        self._sure(done, "AssignProcessToJobObject")

    def kill(self) -> None:
        """Every process in the job ends now."""
        if self._handle:
            self._kernel32.TerminateJobObject(ctypes.c_void_p(self._handle), KILLED)

    def close(self) -> None:
        """Lets go of the job, which ends what is still in it; a second time does nothing."""
        if self._handle:
            self._kernel32.CloseHandle(ctypes.c_void_p(self._handle))
            self._handle = 0

    def _sure(self, result: Any, call: str) -> int:
        if not result:
            code = getattr(ctypes, "get_last_error", int)()
            raise OSError(code, f"{call} failed")
        return int(result)


def kernel32() -> Any:
    """The system's library, with the types of what is called in it; Windows only."""
    library = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    library.CreateJobObjectW.restype = ctypes.c_void_p
    for name in (
        "SetInformationJobObject",
        "AssignProcessToJobObject",
        "TerminateJobObject",
        "CloseHandle",
    ):
        getattr(library, name).restype = ctypes.c_int
    return library
