"""Starts pending jobs in the processes that do them."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
import sqlalchemy as sa

from flora_mcp.database import is_away, reason
from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.renderers import RenderHost
from flora_mcp.studio.runs.engine import Engine
from flora_mcp.studio.runs.membership import Membership
from flora_mcp.studio.runs.work import Work
from flora_mcp.studio.store import Database, workers

if TYPE_CHECKING:
    from flora_mcp.studio.runs.workflow import DurableWorkflows

POLL_SECONDS = 1.0
"""How often a worker looks for runs of other processes, and for the work of dead ones."""

LOOK_SECONDS = 0.05
"""While jobs go on, new ones are looked for no more often: a look costs as much as accepting a run."""

RECORD_SECONDS = 3.0
"""How long the engine may take to record that a workflow is over. One whose end could not be recorded, as the
database was away, is gone on with."""

REST_SECONDS = 30.0
"""After so long without a run DBOS is stopped: its own polling costs about 1 % of a core."""

MOST_GIVEN_UP = 1000

logger = logging.getLogger(__name__)


class Dispatcher:
    """Sees to this process's share of all work.

    A job is claimed before it is started, and the claim is given up when it is over: a crash at any moment leaves
    either a job that anybody may claim, or a claim of a worker that is gone, which another adopts.

    Args:
        database: Where jobs and claims are found.
        works: The kinds of jobs.
        renderers: Told once a turn to let go of what is idle.
        membership: Says whether this process may start jobs, and as whom.
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
        membership: Membership,
        poll_seconds: float = POLL_SECONDS,
        rest_seconds: float = REST_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._works = tuple(works)
        self._renderers = renderers
        self._membership = membership
        self._poll_seconds = poll_seconds
        self._rest_seconds = rest_seconds
        self._monotonic = monotonic
        self._woken = anyio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._later: asyncio.TimerHandle | None = None
        self._looked_at = monotonic()
        self._engine = Engine(database_url=database.url, works=works, membership=membership, on_end=self._tell_end)
        self._took_up = False
        # Of jobs that this process has claimed; touched by the event loop's thread alone.
        self._going: set[tuple[Work, str]] = set()
        self._undone: dict[tuple[Work, str], float] = {}
        self._done: set[tuple[Work, str]] = set()
        self._busy_at = monotonic()

    def wake(self) -> None:
        """Makes the dispatcher look for new jobs; for the event loop's thread."""
        early = self._looked_at + LOOK_SECONDS - self._monotonic() if self._going else 0.0
        if early <= 0:
            self._woken.set()
        elif self._loop is not None and self._later is None:
            self._later = self._loop.call_later(early, self._look_later)

    def _look_later(self) -> None:
        self._later = None
        self._woken.set()

    async def run(self) -> None:
        """Works until cancelled."""
        self._loop = asyncio.get_running_loop()
        async with anyio.create_task_group() as tasks:
            if self._membership.beat_seconds is not None:
                tasks.start_soon(self._beat, self._membership.beat_seconds)
            while True:
                self._woken = anyio.Event()
                await self._try("look after its runs", self._turn)
                with anyio.move_on_after(self._poll_seconds):
                    await self._woken.wait()

    async def close(self) -> None:
        """Stops DBOS and gives the jobs back; the renderers must be closed before."""
        try:
            await self._engine.rest()
        finally:
            await anyio.to_thread.run_sync(self._membership.release)

    async def _beat(self, seconds: float) -> None:
        while True:
            await anyio.sleep(seconds)
            if self._membership.held:
                await self._try("show that it lives", partial(anyio.to_thread.run_sync, self._membership.beat))

    async def _try(self, what: str, act: Callable[[], Awaitable[object]]) -> None:
        try:
            await act()
        except Exception as exc:  # the border between a job and the queue: the next turn tries again
            if is_away(exc):
                logger.warning("the studio could not %s: %s", what, reason(exc))
            else:
                logger.exception("the studio could not %s; it tries again", what)

    async def _turn(self) -> None:
        if not self._membership.held and not await anyio.to_thread.run_sync(self._membership.take):
            return
        if self._membership.alone and not self._took_up:
            await self._claim_begun()
            self._took_up = True
        await self._conclude()
        await self._start()
        await anyio.to_thread.run_sync(self._renderers.retire_idle)

    async def _claim_begun(self) -> None:
        """Claims what was begun by a program of a former version, which made no claims."""
        for work in self._works:
            claimed = await self._database.read(workers.claimed)
            unfinished = await self._database.read(work.unfinished)
            orphans = [job_id for job_id, begun in unfinished if begun and job_id not in claimed]
            if orphans:
                await self._database.write(partial(self._claim, work=work, job_ids=orphans))

    async def _begin(self, workflows: "DurableWorkflows", work: Work, job_id: str, *, fresh: bool) -> None:
        """Starts a claimed job, or takes it up when somebody may have started it."""
        job = (work, job_id)
        if job in self._done or job in self._undone:
            # Resumed by the engine as it started, and over since the claim was found.
            return
        # Before the engine is asked: the job may be over at once.
        self._going.add(job)
        try:
            found = "unknown" if fresh else await anyio.to_thread.run_sync(workflows.take_up, job_id)
            if found == "unknown":
                await anyio.to_thread.run_sync(workflows.start, work, job_id)
        except BaseException:
            self._going.discard(job)
            raise
        if found == "over" and job in self._going:
            self._going.discard(job)
            self._undone[job] = self._monotonic()

    async def _conclude(self) -> None:
        """Ends the jobs whose workflows are over without having ended them."""
        for (work, job_id), since in tuple(self._undone.items()):
            workflows = await self._launched()
            if workflows is None:
                return
            # Alone, nobody goes on with the workflow before the next start, which finds the job ended.
            if self._membership.alone or await anyio.to_thread.run_sync(workflows.is_over, job_id):
                await anyio.to_thread.run_sync(work.conclude, job_id)
                del self._undone[work, job_id]
                self._done.add((work, job_id))
            elif (work.name, job_id) not in await self._database.read(self._mine):
                # Another has adopted it, and goes on with it.
                del self._undone[work, job_id]
            elif self._monotonic() - since >= RECORD_SECONDS:
                del self._undone[work, job_id]
                await self._begin(workflows, work, job_id, fresh=False)

    def _mine(self, connection: sa.Connection) -> list[tuple[str, str]]:
        return workers.claims_of(connection, self._membership.worker_id)

    async def _start(self) -> None:
        self._looked_at = self._monotonic()
        done = frozenset(self._done)
        engaged = done | self._going | self._undone.keys()
        look = partial(self._assign, done=done, engaged=engaged, look=True)
        if done or len(await self._database.read(look)) > 0:
            workflows = await self._launched()
            if workflows is None:
                return
            assigned = await self._database.write(partial(self._assign, done=done, engaged=engaged, look=False))
            self._done -= done
            for work, job_id, fresh in assigned:
                await self._begin(workflows, work, job_id, fresh=fresh)
        if self._going or self._undone or self._done:
            self._busy_at = self._monotonic()
        elif self._monotonic() - self._busy_at >= self._rest_seconds:
            await self._engine.rest()

    def _assign(
        self,
        connection: sa.Connection,
        *,
        done: frozenset[tuple[Work, str]],
        engaged: frozenset[tuple[Work, str]],
        look: bool,
    ) -> list[tuple[Work, str, bool]]:
        """Claims jobs for the room there is: this worker's that are not started, orphans, then new ones.

        Args:
            connection: A transaction, writing unless `look`.
            done: The jobs whose claims are given up.
            engaged: These, and the jobs that this process is not through with.
            look: Whether only to see if there is something to claim.

        Returns:
            The jobs to start, each with whether it is new.
        """
        worker_id = self._membership.worker_id
        if not look:
            workers.release(connection, [job_id for _, job_id in done], worker_id=worker_id)
        mine = workers.claims_of(connection, worker_id)
        taken = workers.claimed(connection)
        assigned: list[tuple[Work, str, bool]] = []
        for work in self._works:
            known = {job_id for each, job_id in engaged if each is work}
            left = [job_id for name, job_id in mine if name == work.name and job_id not in known]
            assigned += [(work, job_id, False) for job_id in left]
            room = work.capacity - sum(each is work for each, _ in engaged - done) - len(left)
            if room > 0 and not self._membership.alone:
                orphans = workers.orphans(connection, work=work.name, limit=room, besides=known)
                if not look:
                    workers.adopt(connection, orphans, worker_id=worker_id, now_ms=wall_ms())
                assigned += [(work, job_id, False) for job_id in orphans]
                room -= len(orphans)
            if room > 0:
                fresh = work.pending(connection, limit=room, besides=taken)
                if not look:
                    self._claim(connection, work=work, job_ids=fresh)
                assigned += [(work, job_id, True) for job_id in fresh]
        return assigned

    def _claim(self, connection: sa.Connection, *, work: Work, job_ids: Sequence[str]) -> None:
        workers.claim(connection, job_ids, work=work.name, worker_id=self._membership.worker_id, now_ms=wall_ms())

    async def _launched(self) -> "DurableWorkflows | None":
        try:
            return await self._engine.launched()
        except Exception:  # the border between a job and the queue: an engine that never starts ends its jobs
            if self._engine.fails and not self._membership.others:
                await self._give_up()
            raise

    async def _give_up(self) -> None:
        """Ends the jobs that wait for an engine which does not start: better an error than no end."""
        for work in self._works:
            for job_id in await self._database.read(partial(work.pending, limit=MOST_GIVEN_UP, besides=())):
                await anyio.to_thread.run_sync(work.give_up, job_id)

    def _tell_end(self, work: Work, job_id: str, *, done: bool) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(partial(self._end, work, job_id, done=done))

    def _end(self, work: Work, job_id: str, *, done: bool) -> None:
        self._going.discard((work, job_id))
        if done:
            self._done.add((work, job_id))
        else:
            self._undone[work, job_id] = self._monotonic()
        self._woken.set()
