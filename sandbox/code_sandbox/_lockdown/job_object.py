"""Bounds the process of a worker from outside, by a job object (Windows). Untested on that system.

It bounds processes, memory, processor time, and the way to the desktop. It forbids neither files nor network.
"""

import ctypes
import sys
from types import TracebackType
from typing import Any, Self

EXTENDED_LIMITS = 9
UI_RESTRICTIONS = 4
"""Kinds of information, as the system numbers them."""

LIMIT_PROCESS_TIME = 0x0002
LIMIT_ACTIVE_PROCESS = 0x0008
LIMIT_PROCESS_MEMORY = 0x0100
LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x0400
LIMIT_KILL_ON_JOB_CLOSE = 0x2000
UI_ALL = 0x00FF
"""No handles of others, clipboard, system settings, display, global atoms, desktops, and no end of the session."""

PROCESS_SET_QUOTA_AND_TERMINATE = 0x0101
TICKS_PER_SECOND = 10_000_000
CPU_GRACE_SECONDS = 1.0
"""The worker says by itself that it reached its limit, where it can."""
IDLE_WORKER_BYTES = 64 * 1024 * 1024
"""What an interpreter that has loaded everything has committed, with room."""


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def extended_limits(*, cpu_seconds: float, memory_bytes: int) -> ExtendedLimits:
    """Returns the bounds of one worker: one process, that ends with the job.

    Args:
        cpu_seconds: Processor time, the worker's start included.
        memory_bytes: Committed memory above that of an idle worker.
    """
    limits = ExtendedLimits()
    basic = limits.BasicLimitInformation
    basic.LimitFlags = (
        LIMIT_PROCESS_TIME
        | LIMIT_ACTIVE_PROCESS
        | LIMIT_PROCESS_MEMORY
        | LIMIT_DIE_ON_UNHANDLED_EXCEPTION
        | LIMIT_KILL_ON_JOB_CLOSE
    )
    basic.PerProcessUserTimeLimit = round((cpu_seconds + CPU_GRACE_SECONDS) * TICKS_PER_SECOND)
    basic.ActiveProcessLimit = 1
    limits.ProcessMemoryLimit = IDLE_WORKER_BYTES + memory_bytes
    return limits


class JobObject:
    """A job that holds one worker, from before it is sent a byte. Leaving the block ends what is in it."""

    def __init__(self, *, cpu_seconds: float, memory_bytes: int) -> None:
        """Makes the job.

        Raises:
            OSError: The system refuses, or is not Windows.
        """
        self._kernel = _kernel32()
        # Handles are pointers, and ctypes would cut them to 32 bits.
        self._kernel.CreateJobObjectW.restype = ctypes.c_void_p
        self._kernel.OpenProcess.restype = ctypes.c_void_p
        self._handle: int | None = self._checked(self._kernel.CreateJobObjectW(None, None))
        try:
            limits = extended_limits(cpu_seconds=cpu_seconds, memory_bytes=memory_bytes)
            self._set(EXTENDED_LIMITS, limits)
            self._set(UI_RESTRICTIONS, ctypes.c_uint32(UI_ALL))
        except OSError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def assign(self, process_id: int) -> None:
        """Puts a process into the job.

        Raises:
            OSError: It is gone, or the system refuses.
        """
        process = self._checked(self._kernel.OpenProcess(PROCESS_SET_QUOTA_AND_TERMINATE, False, process_id))
        try:
            job = ctypes.c_void_p(self._handle)
            self._checked(self._kernel.AssignProcessToJobObject(job, ctypes.c_void_p(process)))
        finally:
            self._kernel.CloseHandle(ctypes.c_void_p(process))

    def close(self) -> None:
        """Ends what is in the job. Does nothing the second time."""
        handle, self._handle = self._handle, None
        if handle is not None:
            self._kernel.CloseHandle(ctypes.c_void_p(handle))

    def _set(self, kind: int, information: ctypes.Structure | ctypes.c_uint32) -> None:
        job = ctypes.c_void_p(self._handle)
        size = ctypes.sizeof(information)
        self._checked(self._kernel.SetInformationJobObject(job, kind, ctypes.byref(information), size))

    @staticmethod
    def _checked(result: int | None) -> int:
        if result:
            return result
        raise _last_error()


def _kernel32() -> Any:
    # `Any`: its functions have no types, and the class is there on Windows only.
    if sys.platform != "win32":
        raise OSError(f"{sys.platform} has no job objects")
    return ctypes.WinDLL("kernel32", use_last_error=True)


def _last_error() -> OSError:
    if sys.platform != "win32":
        return OSError("the system refused")
    return ctypes.WinError(ctypes.get_last_error())
