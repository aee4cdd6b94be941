"""Isolation by a fresh process for each program, over two pipes: what every system can do."""

import asyncio
import contextlib
import ctypes
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from code_sandbox._lockdown.job_object import JobObject
from code_sandbox._processes.bootstrap import command
from code_sandbox._processes.memory import resident_bytes
from code_sandbox._processes.ready import ready
from code_sandbox.errors import SandboxError
from code_sandbox.isolation import Ending, Protection, Setup, Worker
from code_sandbox.limits import Limits

JOB_OBJECT = "job_object"


class Job(Protocol):
    """What bounds a worker from outside."""

    def assign(self, process_id: int) -> None:
        """Puts a process into the job."""

    def close(self) -> None:
        """Ends what is in the job."""


def job_object(limits: Limits) -> Job:
    """Returns the job of one worker, where the system has such a thing.

    Raises:
        OSError: It has none.
    """
    return JobObject(cpu_seconds=limits.cpu_seconds, memory_bytes=limits.memory_bytes)


class PipedProcess:
    """Starts a process for each program where sockets cannot be handed down, as on Windows."""

    _setup: Setup

    def __init__(self, *, make_job: Callable[[Limits], Job] = job_object) -> None:
        """Takes what makes the job of each worker; a worker goes without where that raises `OSError`."""
        self._make_job = make_job

    async def open(self, setup: Setup) -> None:
        """Keeps what each worker is told first."""
        self._setup = setup

    async def protection(self) -> Protection:
        """Starts a worker to ask it, and ends it."""
        worker = await self._spawn()
        protection = await ready(worker)
        await worker.reap()
        if worker.missing_job:
            return replace(protection, missing={**protection.missing, JOB_OBJECT: worker.missing_job})
        return replace(protection, layers=(*protection.layers, JOB_OBJECT))

    async def start(self) -> Worker:
        """Starts a worker and waits until it has locked itself in."""
        worker = await self._spawn()
        await ready(worker)
        return worker

    async def _spawn(self) -> "PipedWorker":
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
        # Before it is sent a byte.
        worker.enter_job(self._make_job, self._setup.limits)
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
        self._job: Job | None = None
        self.missing_job = "it was not asked for"
        """Why the process is in no job; empty if it is in one."""

    def enter_job(self, make_job: Callable[[Limits], Job], limits: Limits) -> None:
        """Bounds the process by a job, if one can be had."""
        try:
            self._job = make_job(limits)
            self._job.assign(self.pid)
            self.missing_job = ""
        except OSError as exc:
            self.missing_job = str(exc)

    def memory_bytes(self) -> int:
        """Returns what the process holds now; 0 where the system does not tell."""
        return resident_bytes(self.pid) if self._process.returncode is None else 0

    def kill(self) -> None:
        """Kills the process. What it started, if it could, is not hit."""
        if self._process.returncode is None:
            self._killed = True
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def leave(self) -> Ending | None:
        """Leaves it to `reap`, which is told more."""
        return None

    async def reap(self, *, grace_seconds: float = 0.0) -> Ending:
        """Waits for the end, kills after the grace, and leaves neither process nor folder."""
        if grace_seconds and not self._killed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), grace_seconds)
        self.kill()
        code = await self._process.wait()
        self.writer.close()
        if self._job is not None:
            self._job.close()
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
