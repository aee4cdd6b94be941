"""Finds the processes that belong to a test, and waits until they are gone (Linux)."""

import os
from collections.abc import Iterable
from pathlib import Path

import anyio

GONE_SECONDS = 15.0


def of(directory: Path) -> dict[int, str]:
    """Returns the command line of each process that was started for `directory`: by its environment or its folder.

    Those that they started are among them: a sandbox has neither.
    """
    parents = {int(folder.name): _parent(folder) for folder in Path("/proc").iterdir() if folder.name.isdigit()}
    alive = {pid for pid, parent in parents.items() if parent is not None and pid != os.getpid()}
    found = {pid for pid in alive if _belongs(Path(f"/proc/{pid}"), str(directory))}
    while more := {pid for pid in alive - found if parents[pid] in found}:
        found |= more
    return {pid: _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ") for pid in found}


async def gone(directory: Path, *, seen: Iterable[int] = ()) -> None:
    """Returns when no process of `directory` is left, and none of those that were seen before."""
    with anyio.fail_after(GONE_SECONDS):
        for pid in seen:
            await exited(pid)
        while left := of(directory):
            for pid in left:
                await exited(pid)


async def exited(pid: int) -> None:
    """Returns when the process has ended, reaped or not."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        await anyio.wait_readable(handle)
    finally:
        os.close(handle)


def _parent(folder: Path) -> int | None:
    """Returns the process's parent; None if it is gone, or dead and not yet reaped."""
    state, *rest = _read(folder / "stat").rpartition(")")[2].split()[:2] or ["Z"]
    return None if state == "Z" else int(rest[0])


def _belongs(folder: Path, directory: str) -> bool:
    try:
        home = str((folder / "cwd").readlink())
    except OSError:
        home = ""
    return home.startswith(directory) or f"={directory}" in _read(folder / "environ")


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode(errors="replace")
    except OSError:
        return ""
