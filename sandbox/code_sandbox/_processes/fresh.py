"""Isolation by a fresh process for each program, over one socket (POSIX)."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys

from code_sandbox._processes.bootstrap import ENTRY
from code_sandbox._processes.memory import peak_bytes, resident_bytes
from code_sandbox._processes.ready import ready
from code_sandbox._processes.spawn import exited, spawn
from code_sandbox.isolation import Ending, Protection, Setup, Worker

POLL_SECONDS = 0.005
"""Between two looks at a dying process, where the system has no descriptor for one."""


class FreshProcess:
    """Starts a process for each program. Costs 60 ms of processor time each, and shares nothing."""

    _setup: Setup

    def __init__(self, *, entry: str = ENTRY) -> None:
        """Takes the module whose `main` the workers run."""
        self._entry = entry

    async def open(self, setup: Setup) -> None:
        """Keeps what each worker is told first."""
        self._setup = setup

    async def protection(self) -> Protection:
        """Starts a worker to ask it, and ends it."""
        worker = await self._spawn()
        protection = await ready(worker)
        await worker.reap()
        return protection

    async def start(self) -> Worker:
        """Starts a worker and waits until it has locked itself in."""
        worker = await self._spawn()
        await ready(worker)
        return worker

    async def _spawn(self) -> Worker:
        ours, theirs = socket.socketpair()
        try:
            process = spawn(theirs, entry=self._entry)  # vfork and exec: it takes 2 ms
        except BaseException:
            ours.close()
            raise
        ours.setblocking(False)
        try:
            reader, writer = await asyncio.open_connection(sock=ours)
        except BaseException:
            ours.close()
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        writer.write(self._setup.frame)
        return SocketWorker(process, reader, writer)

    async def close(self) -> None:
        """Does nothing: every worker stands alone."""


class SocketWorker:
    """A process whose only descriptor is a socket to us."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.pid = process.pid
        self._process = process
        self._killed = False
        self._peak_memory_bytes = 0
        self._ending: Ending | None = None

    def memory_bytes(self) -> int:
        """Returns what the process holds now."""
        return resident_bytes(self.pid) if self._ending is None else 0

    def kill(self) -> None:
        """Kills the whole group. The number stays ours until it is reaped, so this cannot hit a stranger."""
        if self._killed or self._ending is not None:
            return
        self._killed = True
        self._peak_memory_bytes = peak_bytes(self.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def leave(self) -> Ending | None:
        """Leaves it to `reap`, which is told more."""
        return None

    async def reap(self, *, grace_seconds: float = 0.0) -> Ending:
        """Waits for the end, kills after the grace, and leaves no process."""
        ending = self._try_reap()
        if ending is None and grace_seconds and not self._killed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace_seconds):
                    await self._exited()
            ending = self._try_reap()
        if ending is None:
            self.kill()
            await self._exited()
            ending = self._try_reap()
        assert ending is not None
        return ending

    def _try_reap(self) -> Ending | None:
        """Returns the ending if the process is dead, and cleans up after it."""
        if self._ending is not None:
            return self._ending
        pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        # Popen must not wait for the number again: it may be another process by now.
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.writer.transport.abort()
        by_signal = os.WIFSIGNALED(status)
        on_macos = sys.platform == "darwin"
        self._ending = Ending(
            exit_code=None if by_signal else os.WEXITSTATUS(status),
            signal=os.WTERMSIG(status) if by_signal and not self._killed else None,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_memory_bytes=usage.ru_maxrss if on_macos else self._peak_memory_bytes,
        )
        return self._ending

    async def _exited(self) -> None:
        if self._ending is None and hasattr(os, "pidfd_open"):
            await exited(self.pid)
        while self._try_reap() is None:  # noqa: ASYNC110 - no event tells of it on such a system
            await asyncio.sleep(POLL_SECONDS)
