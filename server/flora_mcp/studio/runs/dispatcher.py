"""Starts pending jobs, oldest first, in the process that leads."""

import asyncio
import gc
import importlib
import logging
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from flora_mcp.studio.renderers import RenderHost
from flora_mcp.studio.runs.leader import Leadership
from flora_mcp.studio.runs.work import Work
from flora_mcp.studio.store import Database

if TYPE_CHECKING:
    from flora_mcp.studio.runs.workflow import DurableWorkflows

POLL_SECONDS = 1.0
"""How often the leader looks for runs of other processes, and a follower for a dead leader."""

REST_SECONDS = 30.0
"""After so long without a run DBOS is stopped: its own polling costs about 1 % of a core."""

LAUNCHES = 3
"""Attempts to start DBOS, one a poll, before the runs that wait for it are failed."""

MOST_GIVEN_UP = 1000

WORKFLOW_MODULE = "flora_mcp.studio.runs.workflow"

logger = logging.getLogger(__name__)


class Dispatcher:
    """Sees to all work while this process leads.

    Args:
        database: Where jobs are found.
        works: The kinds of jobs.
        renderers: Told once a turn to let go of what is idle.
        leadership: Says whether this process may start jobs.
        poll_seconds: See `POLL_SECONDS`.
        rest_seconds: See `REST_SECONDS`.
        monotonic: The clock that rest is measured by, in seconds.
    """

    def __init__(
        self,
        *,
        database: Database,
        works: Sequence[Work],
        renderers: RenderHost,
        leadership: Leadership,
        poll_seconds: float = POLL_SECONDS,
        rest_seconds: float = REST_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._works = tuple(works)
        self._renderers = renderers
        self._leadership = leadership
        self._poll_seconds = poll_seconds
        self._rest_seconds = rest_seconds
        self._monotonic = monotonic
        self._woken = anyio.Event()
        self._workflows: DurableWorkflows | None = None
        self._took_up = False
        self._failed_launches = 0
        self._over: set[tuple[Work, str]] = set()
        self._busy_at = monotonic()

    def wake(self) -> None:
        """Makes the dispatcher look now; for the event loop's thread."""
        self._woken.set()

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            self._woken = anyio.Event()
            try:
                await self._turn()
            except Exception:  # the border between a job and the queue: the next turn tries again
                logger.exception("the studio could not look after its runs; it tries again")
            with anyio.move_on_after(self._poll_seconds):
                await self._woken.wait()

    async def close(self) -> None:
        """Stops DBOS and gives leadership up; the renderers must be closed before."""
        try:
            await self._rest()
        finally:
            await anyio.to_thread.run_sync(self._leadership.release)

    async def _turn(self) -> None:
        if not self._leadership.held and not await anyio.to_thread.run_sync(self._leadership.take):
            return
        if not self._took_up:
            self._took_up = await self._take_up()
        await self._conclude()
        await self._start_pending()
        await anyio.to_thread.run_sync(self._renderers.retire_idle)

    async def _take_up(self) -> bool:
        """Resumes what the leader before this one left; False when that must wait."""
        for work in self._works:
            for job_id, begun in await self._database.read(work.unfinished):
                workflows = await self._launched()
                if workflows is None:
                    return False
                resumed = await anyio.to_thread.run_sync(workflows.take_up, work, job_id)
                if resumed is False:
                    self._over.add((work, job_id))
                elif resumed is None and begun:
                    await anyio.to_thread.run_sync(workflows.start, work, job_id)
        return True

    async def _conclude(self) -> None:
        for work, job_id in tuple(self._over):
            await anyio.to_thread.run_sync(work.conclude, job_id)
            self._over.discard((work, job_id))

    async def _start_pending(self) -> None:
        busy = False
        for work in self._works:
            active = self._workflows.active(work) if self._workflows is not None else frozenset[str]()
            room = work.capacity - len(active)
            waiting: list[str] = []
            if room > 0:
                waiting = await self._database.read(partial(work.pending, limit=room, besides=tuple(active)))
            busy = busy or bool(active or waiting)
            for job_id in waiting:
                workflows = await self._launched()
                if workflows is None:
                    break
                await anyio.to_thread.run_sync(workflows.start, work, job_id)
        if busy:
            self._busy_at = self._monotonic()
        elif self._monotonic() - self._busy_at >= self._rest_seconds:
            await self._rest()

    async def _launched(self) -> "DurableWorkflows | None":
        if self._workflows is None:
            loop = asyncio.get_running_loop()

            def on_end(work: Work, job_id: str) -> None:
                loop.call_soon_threadsafe(self._end, work, job_id)

            try:
                await anyio.to_thread.run_sync(self._launch, on_end)
            except Exception:  # the border between a job and the queue: an engine that never starts ends its jobs
                self._failed_launches += 1
                if self._failed_launches >= LAUNCHES:
                    await self._give_up()
                raise
            self._failed_launches = 0
        return self._workflows

    async def _give_up(self) -> None:
        """Ends the jobs that wait for an engine which does not start: better an error than no end."""
        for work in self._works:
            for job_id in await self._database.read(partial(work.pending, limit=MOST_GIVEN_UP, besides=())):
                await anyio.to_thread.run_sync(work.give_up, job_id)

    def _launch(self, on_end: Callable[[Work, str], None]) -> None:
        workflows: DurableWorkflows = _workflow_module().DurableWorkflows(
            database_url=self._database.url, works=self._works, on_end=on_end
        )
        if workflows.launch():
            # Kept by the thread: when the task that waits for it is cancelled, `close` still finds it.
            self._workflows = workflows

    def _end(self, work: Work, job_id: str) -> None:
        self._over.add((work, job_id))
        self.wake()

    async def _rest(self) -> None:
        workflows, self._workflows = self._workflows, None
        if workflows is not None:
            # Shielded: a cancellation before the thread starts would leave DBOS running with nobody to stop it.
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(workflows.close)


def _workflow_module() -> Any:
    """Imports DBOS, when first needed and in a thread: it takes half a second that most sessions never need."""
    if WORKFLOW_MODULE in sys.modules:
        return sys.modules[WORKFLOW_MODULE]
    collecting = gc.isenabled()
    # The import makes 40 000 objects; the collections that they set off hold the interpreter, and with
    # it the event loop, for 70 to 150 ms. They stay for good, so they are also kept out of later ones.
    gc.disable()
    try:
        module = importlib.import_module(WORKFLOW_MODULE)
        gc.freeze()
    finally:
        if collecting:
            gc.enable()
    return module
