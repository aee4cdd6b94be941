"""How much memory a process holds and how long it has run, as the system tells (Linux)."""

import os


def resident_bytes(pid: int) -> int:
    """Returns the memory a process holds now, shared memory included; 0 where the system does not tell."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            pages = int(file.read().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak_bytes(pid: int) -> int:
    """Returns the most it ever held. The kernel's own sum would count the parent of a vfork, so it is read alive."""
    try:
        with open(f"/proc/{pid}/status", "rb") as file:
            return int(file.read().partition(b"\nVmHWM:")[2].split(maxsplit=1)[0]) * 1024
    except (OSError, ValueError, IndexError):
        return 0


def cpu_seconds(pid: int) -> float | None:
    """Returns the processor time of a process with one thread; None where the system does not tell."""
    try:
        with open(f"/proc/{pid}/schedstat", "rb") as file:
            return int(file.read().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return None
