"""Starts a process that has nothing of ours but one socket, and waits for its end (POSIX)."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile

from code_sandbox._processes.bootstrap import command
from code_sandbox.errors import SandboxError


def spawn(theirs: socket.socket, *, entry: str) -> subprocess.Popen[bytes]:
    """Starts the entry without environment, in a session of its own and in an empty folder.

    The folder is gone from the disk as soon as the process is in it: nothing can be made there, and nothing is left of
    it however the host ends.

    Args:
        theirs: The socket that becomes the process's descriptor 0. It is closed here.
        entry: The module whose `main` is run.

    Raises:
        SandboxError: The interpreter cannot be started.
    """
    folder = tempfile.mkdtemp(prefix="code-sandbox-")
    try:
        return subprocess.Popen(  # noqa: S603 - the command is ours
            command(channel="socket", entry=entry),
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={},
            start_new_session=True,
        )
    except OSError as exc:
        raise SandboxError(f"cannot start {sys.executable!r} as a worker: {exc.strerror}") from exc
    finally:
        theirs.close()
        os.rmdir(folder)  # the exec is done, so the process has entered it


async def exited(pid: int) -> None:
    """Waits until a child has ended, without reaping it. Only where the system has descriptors for processes."""
    loop = asyncio.get_running_loop()
    descriptor = os.pidfd_open(pid)
    ended = asyncio.Event()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
