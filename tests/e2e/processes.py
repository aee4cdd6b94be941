"""Finds the processes that belong to a test, and waits until they are gone (Linux)."""

import os
from pathlib import Path

import anyio

GONE_SECONDS = 15.0


def of(directory: Path) -> dict[int, str]:
    """Returns the command line of each process that was started for `directory`: by its environment or its folder."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid() and _belongs(folder, str(directory)):
            found[int(folder.name)] = _read(folder / "cmdline").replace("\0", " ")
    return found


async def gone(directory: Path) -> None:
    """Returns when no process of `directory` is left."""
    with anyio.fail_after(GONE_SECONDS):
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


def _belongs(folder: Path, directory: str) -> bool:
    if _read(folder / "stat").rpartition(")")[2].split()[:1] in ([], ["Z"]):
        return False  # gone, or dead and not yet reaped
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
