"""How much memory this machine has for us."""

import os
from pathlib import Path


def memory_bytes(root: Path = Path("/")) -> int | None:
    """Returns the machine's memory, or less if a control group allows less; None if the system does not tell."""
    try:
        physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
    return min([physical, *_group_bytes(root)])


def _group_bytes(root: Path) -> list[int]:
    """Returns the limits of the control groups that this process is in, both kinds, and of those around them."""
    limits = []
    for line in _text(root / "proc/self/cgroup").splitlines():
        controllers, group = line.split(":", 2)[1:]
        if not controllers:
            mount, name = root / "sys/fs/cgroup", "memory.max"
        elif "memory" in controllers.split(","):
            mount, name = root / "sys/fs/cgroup/memory", "memory.limit_in_bytes"
        else:
            continue
        parts = [part for part in group.split("/") if part and part != ".."]
        for depth in range(len(parts) + 1):
            text = _text(mount.joinpath(*parts[:depth]) / name).strip()
            if text.isdecimal():
                limits.append(int(text))
    return limits


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
