"""What a worker may use up: processor time, memory and the rest of what the system counts."""

import math
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

from code_sandbox._lockdown.layers import RESOURCES, Layers, Step

if sys.platform != "win32":
    import resource

MEMORY_LIMIT = "memory_limit"
CPU_LIMIT = "cpu_limit"
PROCESS_LIMIT = "process_limit"

CPU_GRACE_SECONDS = 0.5
"""The kernel counts in whole seconds, and kills this much or up to a second more after the limit."""
CPU_REPEAT_SECONDS = 0.1
"""A program that swallows the first error at the limit gets the next one after this much more processor time."""

NOTHING = ("FSIZE", "CORE", "MEMLOCK", "MSGQUEUE", "SIGPENDING", "NICE", "RTPRIO")
"""Files, dumps, memory that cannot be paged out, queues, queued signals and better scheduling: none."""


def bound_use(layers: Layers, *, memory_bytes: int, size_bytes: int | None) -> None:
    """Sets those of the kernel's limits that forks inherit, as far as the system has them.

    Args:
        layers: Gets what is in force.
        memory_bytes: Address space above what the process has now.
        size_bytes: What it has now, as `own_size_bytes` tells.
    """
    if sys.platform == "win32":
        layers.lack(RESOURCES, "Windows has no limits that a process sets itself: its host does, with a job object")
        return
    layers.attempt(RESOURCES, _bound_counts)
    if sys.platform == "darwin":
        layers.lack(MEMORY_LIMIT, "macOS takes RLIMIT_AS and does not enforce it")
    elif size_bytes is None:
        layers.lack(MEMORY_LIMIT, "the process cannot tell its own size: /proc/self/statm is not there")
    else:
        layers.attempt(MEMORY_LIMIT, ready_bound("AS", size_bytes + memory_bytes))


def own_bounds(layers: Layers, *, cpu_seconds: float, used_seconds: float) -> list[Step]:
    """Returns the steps to the limits that each process has to set for itself, and writes them down.

    Args:
        layers: Gets what will be in force.
        cpu_seconds: From the moment of the steps on.
        used_seconds: Processor time that the process will have used by then.
    """
    if sys.platform == "win32":
        return []
    if os.geteuid() == 0:
        layers.lack(PROCESS_LIMIT, "RLIMIT_NPROC does not bind root")
    layers.add(CPU_LIMIT)
    return [
        (CPU_LIMIT, partial(signal.setitimer, signal.ITIMER_PROF, cpu_seconds, CPU_REPEAT_SECONDS)),
        (CPU_LIMIT, ready_bound("CPU", math.ceil(used_seconds + cpu_seconds + CPU_GRACE_SECONDS))),
        (RESOURCES, ready_bound("NPROC", 0)),
    ]


def ready_bound(name: str, value: int) -> Callable[[], None]:
    """Returns what sets a limit. To set it touches little memory, which matters after a fork."""
    kind = getattr(resource, f"RLIMIT_{name}", None)
    return _nothing if kind is None else partial(_bound, kind, (value, value), f"RLIMIT_{name} cannot be {value}")


def at_cpu_limit(react: Callable[[FrameType | None], None]) -> None:
    """Calls back, in this process and its forks, whenever the clock of `own_bounds` has run down: again and again."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, lambda _, frame: react(frame))


def used_cpu_seconds() -> float:
    """Returns the processor time that this process has used."""
    return time.process_time()


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
        ready_bound(name, 0)()


def _bound(kind: int, bounds: tuple[int, int], complaint: str) -> None:
    try:
        resource.setrlimit(kind, bounds)
    except ValueError as exc:
        raise ValueError(f"{complaint}: {exc}") from exc
    except OSError as exc:
        raise OSError(exc.errno, complaint) from exc


def _nothing() -> None:
    """The system does not count this."""
