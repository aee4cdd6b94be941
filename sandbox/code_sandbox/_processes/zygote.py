"""Isolation by forks of a process that has everything ready (Linux)."""

import asyncio
import contextlib

from code_sandbox._processes.nursery import Habits, LostError, Nursery
from code_sandbox.errors import SandboxError
from code_sandbox.isolation import Protection, Setup, Worker

ENTRY = "code_sandbox._worker.zygote"


class Zygote:
    """Starts each worker by a fork, ahead of time: 1 ms. Workers share memory, and no secret is in it.

    The process that forks is started by exec, never by a fork of the host. If it dies or hangs, its workers die with
    it and the next one that is asked for comes from a new process.
    """

    _setup: Setup

    def __init__(
        self,
        *,
        entry: str = ENTRY,
        spare: int = 4,
        patience_seconds: float = 5.0,
        forks: int = 10_000,
        age_seconds: float = 3600.0,
    ) -> None:
        """Takes how workers are kept.

        Args:
            entry: The module whose `main` forks workers.
            spare: Workers that wait for a program.
            patience_seconds: A zygote that answers nothing for so long is killed and replaced.
            forks: After that many, programs go to a new zygote. The old one ends with its last program.
            age_seconds: After that time too.
        """
        self._habits = Habits(
            entry=entry, spare=spare, patience_seconds=patience_seconds, forks=forks, age_seconds=age_seconds
        )
        self._is_open = False
        self._current: Nursery | None = None
        self._successor: Nursery | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._old: set[Nursery] = set()

    async def open(self, setup: Setup) -> None:
        """Starts a zygote, and does not wait until it is up. What goes wrong is told at the first use."""
        self._setup = setup
        self._is_open = True
        with contextlib.suppress(SandboxError):
            self._nursery()

    async def protection(self) -> Protection:
        """Returns what the first worker said about itself."""
        try:
            return await self._nursery().protection()
        except LostError:
            return await self._nursery().protection()

    async def start(self) -> Worker:
        """Hands out a worker that has locked itself in."""
        try:
            return await self._nursery().take()
        except LostError:
            return await self._nursery().take()

    async def close(self) -> None:
        """Ends all zygotes, and with them what they have forked."""
        self._is_open = False
        nurseries = {self._current, self._successor, *self._old} - {None}
        self._current = self._successor = None
        await asyncio.gather(*(each.close() for each in nurseries if each is not None))
        await asyncio.gather(*self._retiring)

    def _nursery(self) -> Nursery:
        """Returns the nursery that takes new programs.

        Raises:
            SandboxError: A zygote cannot be started.
        """
        if not self._is_open:
            raise SandboxError("the sandbox is closed")
        if self._successor is not None and (self._successor.is_up or self._successor.is_lost):
            self._retire(self._current)
            self._current, self._successor = self._successor, None
        if self._current is not None and self._current.is_lost:
            self._retire(self._current)
            self._current = None
        if self._current is None:
            self._current, self._successor = self._successor or self._new(), None
        elif self._current.is_worn and self._successor is None:
            self._successor = self._new()
        return self._current

    def _new(self) -> Nursery:
        return Nursery(setup=self._setup, habits=self._habits)

    def _retire(self, nursery: Nursery | None) -> None:
        if nursery is None:
            return
        self._old.add(nursery)
        task = asyncio.get_running_loop().create_task(nursery.retire())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
        task.add_done_callback(lambda _: self._old.discard(nursery))
