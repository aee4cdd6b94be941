"""The seam between a program and the operating system: what starts, holds and ends a worker."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from code_sandbox.limits import Limits


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a worker ended."""

    exit_code: int | None
    """None if a signal ended it."""
    signal: int | None
    """The signal that ended it, unless that was our own kill."""
    cpu_seconds: float
    peak_memory_bytes: int


class Worker(Protocol):
    """A started worker. It is the enemy: only bytes cross, and it may be ended at any moment."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def kill(self) -> None:
        """Kills the worker and all it started, at once. Does nothing the second time."""

    async def reap(self, *, grace_seconds: float = 0.0) -> Ending:
        """Waits for the end, kills after the grace, and leaves neither process nor folder."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What all workers of a sandbox have in common."""

    frame: bytes
    """What a worker reads before its program: the methods, errors and limits, with the frame's length."""
    limits: Limits


class Isolation(Protocol):
    """A way to start workers."""

    async def open(self, setup: Setup) -> None:
        """Gets ready to start workers.

        Raises:
            SandboxError: Workers cannot be started here.
        """

    async def start(self) -> Worker:
        """Starts a worker that has the setup and waits for its `start` frame.

        Raises:
            SandboxError: No worker can be started.
        """

    async def close(self) -> None:
        """Ends what serves all workers. Workers themselves are ended by who started them."""
