"""What a worker may use up: processor time, memory and the rest of what the system counts."""

import math
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from code_sandbox._lockdown.layers import RESOURCES, Layers

if sys.platform != "win32":
    import resource

MEMORY_LIMIT = "memory_limit"
CPU_LIMIT = "cpu_limit"
PROCESS_LIMIT = "process_limit"

CPU_GRACE_SECONDS = 0.5
"""The kernel counts in whole seconds, and kills this much or up to a second more after the limit."""
CPU_REPEAT_SECONDS = 0.1
"""A program that swallows the first error at the limit gets the next one after this much more processor time."""

NOTHING = ("FSIZE", "CORE", "NPROC", "MEMLOCK", "MSGQUEUE", "SIGPENDING", "NICE", "RTPRIO")
"""Files, dumps, processes, memory that cannot be paged out, queues, queued signals and better scheduling: none."""


def bound_use(layers: Layers, *, cpu_seconds: float, memory_bytes: int, size_bytes: int | None) -> None:
    """Sets the kernel's limits, as far as the system has them.

    Args:
        layers: Gets what is in force.
        cpu_seconds: From now on.
        memory_bytes: Address space above what the process has now.
        size_bytes: What it has now, as `own_size_bytes` tells.
    """
    if sys.platform == "win32":
        layers.lack(RESOURCES, "Windows has no limits that a process sets itself: its host does, with a job object")
        return
    layers.attempt(RESOURCES, _bound_counts)
    if os.geteuid() == 0:
        layers.lack(PROCESS_LIMIT, "RLIMIT_NPROC does not bind root")
    layers.attempt(CPU_LIMIT, lambda: _bound_cpu(cpu_seconds))
    if sys.platform == "darwin":
        layers.lack(MEMORY_LIMIT, "macOS takes RLIMIT_AS and does not enforce it")
    elif size_bytes is None:
        layers.lack(MEMORY_LIMIT, "the process cannot tell its own size: /proc/self/statm is not there")
    else:
        layers.attempt(MEMORY_LIMIT, lambda: _bound("AS", size_bytes + memory_bytes))


def bound_descriptors(count: int) -> None:
    """Lets no descriptor be opened at a number from this on.

    Raises:
        OSError: The system refuses.
    """
    _bound("NOFILE", count)


def at_cpu_limit(react: Callable[[FrameType | None], None]) -> None:
    """Calls back, in this process and its forks, whenever a clock that `start_cpu_clock` started has run down."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, lambda _, frame: react(frame))


def start_cpu_clock(cpu_seconds: float) -> None:
    """Starts the clock: it runs down when the processor time is used up, and again and again after that."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds, CPU_REPEAT_SECONDS)


def own_size_bytes() -> int | None:
    """Returns the address space that this process has, or None where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            pages = int(file.read().split()[0])
    except (OSError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _bound_counts() -> None:
    for name in NOTHING:
        _bound(name, 0)


def _bound_cpu(cpu_seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _bound("CPU", math.ceil(used.ru_utime + used.ru_stime + cpu_seconds + CPU_GRACE_SECONDS))


def _bound(name: str, value: int) -> None:
    kind = getattr(resource, f"RLIMIT_{name}", None)
    if kind is None:
        return
    try:
        resource.setrlimit(kind, (value, value))
    except ValueError as exc:
        raise ValueError(f"RLIMIT_{name} cannot be {value}: {exc}") from exc
    except OSError as exc:
        raise OSError(exc.errno, f"RLIMIT_{name} cannot be {value}") from exc
