"""The seam between a program and the operating system: what starts, holds and ends a worker."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

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
    lost: bool = False
    """What held the workers went away itself, so nothing is known of how this one ended."""


Level = Literal["strong", "moderate", "weak"]
"""What stands between a program that has broken out of its language and the system.

strong: the kernel ends a worker at the first system call outside a list of some thirty. No file, no network, no other
process, no code but what was loaded; memory, processor time and one descriptor are bounded. What is left to an attacker
is the channel, and a fault of the kernel in one of those calls. Linux on x86-64 and arm64, in default containers too.

moderate: the system forbids files, and as far as its version can, network and signals (Landlock on Linux, seatbelt on
macOS), but the rest of the kernel's calls can be made. Resources are bounded as far as the system does that.

weak: bounds on resources, a process without environment and secrets, and where the system has them, namespaces and a
user that owns nothing. Where descriptors are bounded no file can be opened and no connection be made; on Windows a
program that has broken out reads what the user can read.
"""
LEVELS: tuple[Level, ...] = ("weak", "moderate", "strong")
PROMISES: dict[Level, str] = {
    "strong": "It can compute within its bounds, speak on its channel and look at the clock. The kernel ends it at the "
    "first other system call: no file, no network, no process.",
    "moderate": "The system forbids it files, and as far as its version can, network and signals; other system calls "
    "can be made, and bounds hold as far as the system keeps them.",
    "weak": "It runs as a process without environment and secrets, within bounds on resources as far as the system has "
    "them. On Windows it reads what the user can read.",
}


@dataclass(frozen=True, kw_only=True)
class Protection:
    """The layers around a worker, as the worker found them when it locked itself in."""

    level: Level
    layers: tuple[str, ...]
    """Names of the layers in force."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Name of each layer that could not be had, and why."""

    @property
    def promise(self) -> str:
        """What a program can still do that has broken out of its language."""
        return PROMISES[self.level]


class Worker(Protocol):
    """A started worker. It is the enemy: only bytes cross, and it may be ended at any moment."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def kill(self) -> None:
        """Kills the worker and all it started, at once. Does nothing the second time."""

    def memory_bytes(self) -> int:
        """Returns the memory it holds now and shares with nobody, about; 0 where the system does not tell."""

    def leave(self) -> Ending | None:
        """Ends one that has said its last word, and returns what it used; it is gone a moment later.

        Returns:
            None where the system does not tell before the end: `reap` does then.
        """

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
        """Gets ready to start workers. Does not wait for what can be waited for later."""

    async def protection(self) -> Protection:
        """Tells what protects from the workers, by asking one.

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
