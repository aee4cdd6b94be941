"""Processes and their memory, as `/proc` tells of them."""

from pathlib import Path


def descendants(pid: int) -> set[int]:
    """Returns the processes that come from one, at any depth."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found: set[int] = set()
    pending = [pid]
    while pending:
        new = children.get(pending.pop(), [])
        found.update(new)
        pending += new
    return found


def private_bytes(pid: int) -> int | None:
    """Returns what would be free if the process were gone (USS); None where that may not be read."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))) * 1024
