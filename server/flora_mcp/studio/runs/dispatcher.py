"""Starts pending runs, oldest first, in the process that leads."""

import asyncio
import gc
import importlib
import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from flora_mcp.studio.renderers import JSON, RenderHost
from flora_mcp.studio.runs.generation import Generation
from flora_mcp.studio.runs.leader import Leadership
from flora_mcp.studio.store import Database, runs

if TYPE_CHECKING:
    from flora_mcp.studio.runs.workflow import DurableWorkflow

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
    """Keeps the renderers busy while this process leads.

    Args:
        database: Where runs are found.
        generation: What a run does.
        renderers: Says how many runs go on at once.
        leadership: Says whether this process may start runs.
        poll_seconds: See `POLL_SECONDS`.
        rest_seconds: See `REST_SECONDS`.
        monotonic: The clock that rest is measured by, in seconds.
    """

    def __init__(
        self,
        *,
        database: Database,
        generation: Generation,
        renderers: RenderHost,
        leadership: Leadership,
        poll_seconds: float = POLL_SECONDS,
        rest_seconds: float = REST_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._generation = generation
        self._renderers = renderers
        self._leadership = leadership
        self._poll_seconds = poll_seconds
        self._rest_seconds = rest_seconds
        self._monotonic = monotonic
        self._woken = anyio.Event()
        self._workflow: DurableWorkflow | None = None
        self._took_up = False
        self._failed_launches = 0
        self._over: set[str] = set()
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
        left = await self._database.read(runs.unfinished)
        if not left:
            return True
        workflow = await self._launched()
        if workflow is None:
            return False
        for run_id, status in left:
            resumed = await anyio.to_thread.run_sync(workflow.take_up, run_id)
            if resumed is False:
                self._over.add(run_id)
            elif resumed is None and status == "running":
                await anyio.to_thread.run_sync(workflow.start, run_id)
        return True

    async def _conclude(self) -> None:
        for run_id in tuple(self._over):
            await anyio.to_thread.run_sync(self._generation.conclude, run_id)
            self._over.discard(run_id)

    async def _start_pending(self) -> None:
        active = self._workflow.active if self._workflow is not None else frozenset[str]()
        room = self._renderers.capacity - len(active)
        waiting: list[str] = []
        if room > 0:
            waiting = await self._database.read(partial(runs.pending, limit=room, besides=tuple(active)))
        if active or waiting:
            self._busy_at = self._monotonic()
        elif self._monotonic() - self._busy_at >= self._rest_seconds:
            await self._rest()
        for run_id in waiting:
            workflow = await self._launched()
            if workflow is None:
                return
            await anyio.to_thread.run_sync(workflow.start, run_id)

    async def _launched(self) -> "DurableWorkflow | None":
        if self._workflow is None:
            loop = asyncio.get_running_loop()

            def on_end(run_id: str) -> None:
                loop.call_soon_threadsafe(self._end, run_id)

            try:
                await anyio.to_thread.run_sync(self._launch, on_end)
            except Exception:  # the border between a job and the queue: an engine that never starts ends its jobs
                self._failed_launches += 1
                if self._failed_launches >= LAUNCHES:
                    await self._give_up()
                raise
            self._failed_launches = 0
        return self._workflow

    async def _give_up(self) -> None:
        """Ends the runs that wait for an engine which does not start: better an error than no end."""
        outcome: dict[str, JSON] = {
            "error_code": "GENERATION_FAILED_TO_START",
            "error_message": "The studio's workflow engine does not start; its log, on the server's stderr, says why.",
        }
        for run_id in await self._database.read(partial(runs.pending, limit=MOST_GIVEN_UP, besides=())):
            await anyio.to_thread.run_sync(self._generation.settle, run_id, outcome)

    def _launch(self, on_end: Callable[[str], None]) -> None:
        workflow: DurableWorkflow = _workflow_module().DurableWorkflow(
            database_url=self._database.url, generation=self._generation, on_end=on_end
        )
        if workflow.launch():
            # Kept by the thread: when the task that waits for it is cancelled, `close` still finds it.
            self._workflow = workflow

    def _end(self, run_id: str) -> None:
        self._over.add(run_id)
        self.wake()

    async def _rest(self) -> None:
        workflow, self._workflow = self._workflow, None
        if workflow is not None:
            # Shielded: a cancellation before the thread starts would leave DBOS running with nobody to stop it.
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(workflow.close)


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
