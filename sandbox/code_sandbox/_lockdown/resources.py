"""What a worker takes from itself before it reads a program."""

import contextlib
import math
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38

CPU_GRACE_SECONDS = 0.5
"""The kernel counts in whole seconds, and kills this much or up to a second more after the limit."""
CPU_REPEAT_SECONDS = 0.1
"""A program that swallows the first error at the limit gets the next one after this much more processor time."""


def follow_parent(parent_id: int) -> None:
    """Makes the process end with its host, and forbids it new privileges (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    # Costs 4 ms of import: nobody else needs it, and other systems have no such call.
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_id:
        # It died before the kernel knew whom to follow.
        os._exit(0)


def bound_resources(*, cpu_seconds: float, memory_bytes: int) -> None:
    """Sets the kernel's limits, as far as the system has them."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = math.ceil(used.ru_utime + used.ru_stime + cpu_seconds + CPU_GRACE_SECONDS)
    bounds = [
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ]
    if (size := _own_size_bytes()) is not None:
        bounds.append((resource.RLIMIT_AS, size + memory_bytes))
    for kind, value in bounds:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


def close_files(*, keep: int) -> None:
    """Closes all descriptors from a number on, and lets no new one be opened."""
    os.closerange(keep, 64)
    # A late import would fail with a path of this machine in its message.
    sys.meta_path.clear()
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (keep, keep))


def at_cpu_limit(cpu_seconds: float, react: Callable[[FrameType | None], None]) -> None:
    """Calls back when the processor time is used up, and again and again after that."""
    if not hasattr(signal, "setitimer"):
        return
    signal.signal(signal.SIGPROF, lambda _, frame: react(frame))
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds, CPU_REPEAT_SECONDS)


def _own_size_bytes() -> int | None:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[0])
    except (OSError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
