"""One zygote seen from the host: what it is asked, what it answers, and its own end."""

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
from dataclasses import dataclass
from typing import Any

from code_sandbox._processes.control import Control
from code_sandbox._processes.forked import ForkedWorker
from code_sandbox._processes.ready import START_SECONDS, ready
from code_sandbox._processes.spares import Spares
from code_sandbox._processes.spawn import exited, spawn
from code_sandbox.errors import SandboxError
from code_sandbox.isolation import Ending, Protection, Setup

logger = logging.getLogger(__name__)

REFILL_SECONDS = 0.02
"""A worker that was handed out is replaced after that time, or as soon as one ends: a fork slows its neighbours."""
FAILURES = 3
"""So many newborns that die in a row are no accident."""
LOST = Ending(exit_code=None, signal=None, cpu_seconds=0.0, peak_memory_bytes=0, lost=True)


class LostError(SandboxError):
    """The zygote is gone, and with it all its workers."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How a zygote is used."""

    entry: str
    """The module whose `main` it runs."""
    spare: int
    """Workers that wait for a program."""
    patience_seconds: float
    """One that says nothing for so long, though it was asked, hangs and is killed."""
    forks: int
    """After that many it is replaced: its children share a layout of memory and a seed of hashes."""
    age_seconds: float
    """After that time too."""


class Nursery:
    """Has workers forked by a process of its own, and hears from it how they end."""

    def __init__(self, *, setup: Setup, habits: Habits) -> None:
        """Starts the zygote. It takes orders at once, and carries them out when it is up.

        Raises:
            SandboxError: The interpreter cannot be started.
        """
        self._loop = asyncio.get_running_loop()
        self._habits = habits
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._process: subprocess.Popen[bytes] = spawn(theirs, entry=habits.entry)
        except BaseException:
            ours.close()
            raise
        self.pid = self._process.pid
        self.is_up = False
        """It has said that it is ready for orders."""
        self._control = Control(ours, on_message=self._hear, on_end=lambda: self._lose("it was ended from outside"))
        self._control.send_data(setup.frame)
        self._spares = Spares(most=habits.spare)
        self._protection: Protection | None = None
        self._started = self._heard = self._loop.time()
        self._forks = 0
        self._failures = 0
        self._endings: dict[int, asyncio.Future[Ending]] = {}
        """By the number of each worker that was ordered and is not known to be dead."""
        self._unborn: set[int] = set()
        self._condemned: set[int] = set()
        self._welcomes: set[asyncio.Task[None]] = set()
        self._nobody_runs = asyncio.Event()
        self._refill: asyncio.Handle | None = self._loop.call_soon(self._order_workers)
        self._alarm: asyncio.TimerHandle | None = None
        self._lost: str | None = None
        self._burial: asyncio.Task[None] | None = None

    @property
    def is_lost(self) -> bool:
        """It gives no worker any more."""
        if self._lost is None and self._control.is_deaf():
            self._lose("it was ended from outside")
        return self._lost is not None

    @property
    def is_worn(self) -> bool:
        """Another should take its place."""
        is_old = self._loop.time() - self._started >= self._habits.age_seconds
        return is_old or self._forks >= self._habits.forks

    async def take(self) -> ForkedWorker:
        """Hands out a worker that is ready for its program.

        Raises:
            LostError: The zygote is gone.
            SandboxError: It cannot fork.
        """
        if self.is_lost:
            raise self._loss()
        worker = self._spares.pop()
        if worker is None:
            self._loop.call_soon(self._refill_now)
            return await self._spares.wait()
        if self._spares.are_out:
            self._refill_now()
        elif self._refill is None:
            self._refill = self._loop.call_later(REFILL_SECONDS, self._order_workers)
        return worker

    async def protection(self) -> Protection:
        """Returns what its workers say about themselves, as soon as there is one."""
        if self._protection is None:
            self._spares.put(await self.take())
        assert self._protection is not None
        return self._protection

    async def retire(self) -> None:
        """Forks no more, waits for the programs that run, and closes."""
        self._spares.close()
        if self._endings:
            await self._nobody_runs.wait()
        await self.close()

    async def close(self) -> None:
        """Ends the zygote and its workers, and waits until they are gone."""
        self._spares.close()
        if self._burial is None:
            self._burial = self._loop.create_task(self._bury())
        await self._burial
        await asyncio.gather(*self._welcomes)

    async def _bury(self) -> None:
        self._control.close()
        if self._process.poll() is None:
            # It sees the end of the socket, ends its children, reaps them and goes.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._habits.patience_seconds):
                    await exited(self.pid)
            self._process.kill()
        if self._process.poll() is None:
            await exited(self.pid)
            self._process.wait()
        self._lose("it was closed")

    def _refill_now(self) -> None:
        if self._refill is not None:
            self._refill.cancel()
        self._order_workers()

    def _order_workers(self) -> None:
        self._refill = None
        count = self._spares.wanted - len(self._unborn) - len(self._welcomes)
        if count <= 0 or self._lost is not None:
            return
        self._expect_answers()
        first = self._forks + 1
        self._forks += count
        for number in range(first, first + count):
            self._unborn.add(number)
            self._endings[number] = self._loop.create_future()
        self._nobody_runs.clear()
        self._control.send("fork", first, count)

    def _order_kill(self, number: int) -> None:
        self._expect_answers()
        self._condemned.add(number)
        self._control.send("kill", number)

    def _expect_answers(self) -> None:
        if not self._unborn and not self._condemned:
            self._heard = self._loop.time()
        if self._alarm is None:
            self._alarm = self._loop.call_later(self._patience_seconds(), self._check)

    def _patience_seconds(self) -> float:
        return self._habits.patience_seconds if self.is_up else START_SECONDS

    def _check(self) -> None:
        self._alarm = None
        if not self._unborn and not self._condemned:
            return
        left = self._heard + self._patience_seconds() - self._loop.time()
        if left <= 0:
            self._lose("it did not answer any more")
        else:
            self._alarm = self._loop.call_later(left, self._check)

    def _hear(self, message: dict[str, Any], sender: int, handed: socket.socket | None) -> None:
        self._heard = self._loop.time()
        match message:
            case {"born": int(number)} if handed is not None:
                self._unborn.discard(number)
                task = self._loop.create_task(self._welcome(number, sender, handed))
                self._welcomes.add(task)
                task.add_done_callback(self._welcomes.discard)
            case {"ended": int(number), "status": int(status), "cpu": float(cpu), "peak": int(peak)}:
                if number in self._unborn:
                    self._miscarry(SandboxError("a worker did not live to say a word"))
                self._end(number, _ending(status, cpu, peak))
            case {"failed": int(number), "error": str(error)}:
                self._spares.disappoint(SandboxError(f"no worker can be forked: {error}. Run fewer programs at once."))
                self._end(number, LOST)
            case {"open": True}:
                self.is_up = True
                # Starting may last longer than any answer after that.
                if self._alarm is not None:
                    self._alarm.cancel()
                self._check()

    async def _welcome(self, number: int, pid: int, handed: socket.socket) -> None:
        """Makes a newborn a worker: it has locked itself in when it says its first word."""
        handed.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=handed)
        worker = ForkedWorker(
            reader=reader,
            writer=writer,
            pid=pid,
            order_kill=lambda: self._order_kill(number),
            ending=self._endings.get(number) or _known(LOST),
        )
        try:
            self._protection = await ready(worker)
            if worker.is_dead or worker.has_hung_up():
                worker.discard()
                raise SandboxError("a worker died before a program came")
        except SandboxError as exc:
            self._miscarry(exc)
        else:
            self._failures = 0
            worker.weigh()
            self._spares.put(worker)

    def _miscarry(self, error: SandboxError) -> None:
        """Lets who waits go on waiting, unless several newborns have died one after the other. At the end all die."""
        if self._burial is not None:
            return
        self._failures += 1
        if self._failures >= FAILURES:
            self._spares.disappoint(error)
        else:
            logger.warning("a worker died before it was ready: %s", error)
            self._loop.call_soon(self._refill_now)

    def _end(self, number: int, ending: Ending) -> None:
        self._unborn.discard(number)
        self._condemned.discard(number)
        future = self._endings.pop(number, None)
        if future is not None:
            future.set_result(ending)
        if not self._endings:
            self._nobody_runs.set()
        self._spares.forget_the_dead()
        self._refill_now()

    def _lose(self, reason: str) -> None:
        """Gives up the zygote: it is killed, and the kernel ends its children with it."""
        if self._lost is not None:
            return
        self._lost = reason
        if self._burial is None:
            logger.warning("the zygote %d is lost: %s", self.pid, reason)
            self._process.kill()
            self._burial = self._loop.create_task(self._bury())
        self._control.close()
        for handle in (self._alarm, self._refill):
            if handle is not None:
                handle.cancel()
        for number in list(self._endings):
            self._end(number, LOST)
        self._spares.close()
        self._spares.disappoint_all(self._loss())

    def _loss(self) -> LostError:
        return LostError(f"the process that starts workers is gone: {self._lost}. Is the system short of memory?")


def _ending(status: int, cpu_seconds: float, peak_memory_bytes: int) -> Ending:
    by_signal = os.WIFSIGNALED(status)
    return Ending(
        exit_code=None if by_signal else os.WEXITSTATUS(status),
        signal=os.WTERMSIG(status) if by_signal else None,
        cpu_seconds=cpu_seconds,
        peak_memory_bytes=peak_memory_bytes,
    )


def _known(ending: Ending) -> "asyncio.Future[Ending]":
    future: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
    future.set_result(ending)
    return future
