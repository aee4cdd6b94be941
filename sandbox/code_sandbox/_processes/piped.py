"""Isolation by a fresh process for each program, over two pipes: what every system can do."""

import asyncio
import contextlib
import ctypes
import shutil
import sys
import tempfile
from pathlib import Path

from code_sandbox._processes.bootstrap import command
from code_sandbox._processes.memory import resident_bytes
from code_sandbox._processes.ready import ready
from code_sandbox.errors import SandboxError
from code_sandbox.isolation import Ending, Protection, Setup, Worker


class PipedProcess:
    """Starts a process for each program where sockets cannot be handed down, as on Windows."""

    _setup: Setup

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
        """Starts a worker in an empty folder, without environment."""
        folder = tempfile.mkdtemp(prefix="code-sandbox-")
        try:
            process = await asyncio.create_subprocess_exec(
                *command(channel="pipes"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=folder,
                env=_environment(),
            )
        except BaseException as exc:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(exc, OSError):
                raise SandboxError(f"cannot start {sys.executable!r} as a worker: {exc.strerror}") from exc
            raise
        worker = PipedWorker(process, Path(folder))
        worker.writer.write(self._setup.frame)
        return worker

    async def close(self) -> None:
        """Does nothing: every worker stands alone."""


class PipedWorker:
    """A process whose input and output are pipes to us."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        assert process.stdout is not None
        assert process.stdin is not None
        self.reader = process.stdout
        self.writer = process.stdin
        self.pid = process.pid
        self._process = process
        self._folder = folder
        self._killed = False

    def memory_bytes(self) -> int:
        """Returns what the process holds now; 0 where the system does not tell."""
        return resident_bytes(self.pid) if self._process.returncode is None else 0

    def kill(self) -> None:
        """Kills the process. What it started, if it could, is not hit."""
        if self._process.returncode is None:
            self._killed = True
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def reap(self, *, grace_seconds: float = 0.0) -> Ending:
        """Waits for the end, kills after the grace, and leaves neither process nor folder."""
        if grace_seconds and not self._killed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), grace_seconds)
        self.kill()
        code = await self._process.wait()
        self.writer.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        return Ending(
            exit_code=code if code >= 0 else None,
            signal=-code if code < 0 and not self._killed else None,
            cpu_seconds=0.0,
            peak_memory_bytes=0,
        )


def _environment() -> dict[str, str]:
    """Returns what the interpreter cannot start without: nothing, or on Windows the system folder."""
    if sys.platform != "win32":
        return {}
    buffer = ctypes.create_unicode_buffer(260)
    ctypes.windll.kernel32.GetSystemWindowsDirectoryW(buffer, len(buffer))
    return {"SYSTEMROOT": buffer.value}
