"""Runs that somebody waits for: read until each is terminal, then settled once."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import anyio
from anyio.abc import TaskGroup

from flora_mcp.executions.pulse import Pulse
from flora_mcp.flora import Flora
from flora_mcp.flora.errors import FloraError, NotFoundError
from flora_mcp.flora.types import RunState

logger = logging.getLogger(__name__)

LIST_FROM = 4
"""This many open runs of one workspace are read by one list call instead of one call each."""

LIST_PAGE = 100
LIST_DEPTH = 500
"""Newest runs that are searched for the open ones before they are read one by one."""

KEPT = 200
"""Runs that are remembered; beyond it the oldest that are over are read anew when asked for."""

COST_DELAYS_SECONDS = (2.0, 5.0, 10.0, 20.0, 50.0)
"""When the cost of a completed run is asked for again: it may come some time after the end (`skill`)."""

TROUBLE_SECONDS = 5.0
"""How long polling rests after FLORA could not be read."""

Changed = Callable[[str], Coroutine[Any, Any, None]]
"""Hears of a run by its id when its status or its cost has changed. Raises nothing."""

PROMPT_CHARACTERS = 200
"""Of a run's prompt, what its outputs are named by."""


@dataclass(kw_only=True, eq=False)
class TrackedRun:
    """One run and what has been heard of it so far."""

    run_id: str
    model_id: str | None = None
    workspace_id: str | None = None
    technique_id: str | None = None
    """Of a technique's run, which is read where the technique is (`sdk:resources/techniques/runs.ts`)."""
    prompt: str | None = None
    """The beginning of what it was asked for, if it was started here."""
    quoted_cost_usd: float | None = None
    state: RunState | None = None
    trouble: str | None = None
    """Why the run could not be read, once that is final."""
    settled: anyio.Event = field(default_factory=anyio.Event)
    """Set when the run is terminal and its outputs are stored, or when it cannot be read."""
    watched: bool = True
    """Something may still be heard of it, if only what it cost."""

    @property
    def status(self) -> str:
        if self.trouble is not None:
            return "unknown"
        return self.state.status if self.state is not None else "pending"

    @property
    def progress(self) -> float:
        """0 to 100; 100 once nothing more is to come."""
        if self.trouble is not None or self.is_terminal:
            return 100.0
        return self.state.progress if self.state is not None else 0.0

    @property
    def is_terminal(self) -> bool:
        return self.state is not None and self.state.ended

    @property
    def is_settled(self) -> bool:
        """What it costs will not change any more, as far as FLORA tells: a failed run costs nothing."""
        told = self.state is not None and self.state.charged_cost is not None
        return self.is_terminal and (told or self.status == "failed")

    @property
    def cost_usd(self) -> float:
        """What the run cost; the quote until FLORA tells; nothing for a failed run (`docs:errors`)."""
        if self.state is not None and self.state.charged_cost is not None:
            return self.state.charged_cost
        if self.status == "failed":
            return 0.0
        return self.quoted_cost_usd or 0.0


async def _nobody(run_id: str) -> None:
    """Where nobody wants to hear."""


Settle = Callable[[TrackedRun], Awaitable[None]]
"""Stores and announces the outputs of a run whose state is that of a completed one. Raises nothing."""


class Runs:
    """Watches runs for as long as it is open. A run goes on when its request, or its program, is gone."""

    def __init__(
        self,
        *,
        flora: Flora,
        settle: Settle,
        interval_seconds: float,
        pulse: Pulse,
        changed: Changed = _nobody,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self._flora = flora
        self._settle = settle
        self._changed = changed
        self._interval_seconds = interval_seconds
        self._sleep = sleep
        self._tracked: dict[str, TrackedRun] = {}
        self._settling: set[str] = set()
        self._wake = anyio.Event()
        self._pulse = pulse
        self._tasks: TaskGroup

    async def __aenter__(self) -> Self:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        self._tasks.start_soon(self._poll)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(kind, error, trace)

    @property
    def unsettled(self) -> int:
        """How many runs are under way, or not stored yet."""
        return sum(not run.settled.is_set() for run in self._tracked.values())

    def track(
        self,
        run_id: str,
        *,
        model_id: str | None = None,
        workspace_id: str | None = None,
        technique_id: str | None = None,
        prompt: str | None = None,
        quoted_cost_usd: float | None = None,
    ) -> TrackedRun:
        """Begins to watch a run, or adds what was not known of one that is watched."""
        run = self._tracked.get(run_id)
        if run is None or run.trouble is not None:
            # Also one that could not be read before: perhaps it had not been started then.
            run = self._tracked[run_id] = TrackedRun(run_id=run_id)
        run.model_id = run.model_id or model_id
        run.workspace_id = run.workspace_id or workspace_id
        run.technique_id = run.technique_id or technique_id
        run.prompt = run.prompt or (prompt or "")[:PROMPT_CHARACTERS] or None
        run.quoted_cost_usd = quoted_cost_usd if run.quoted_cost_usd is None else run.quoted_cost_usd
        self._forget()
        self._wake.set()
        return run

    def get(self, run_id: str) -> TrackedRun | None:
        return self._tracked.get(run_id)

    def observe(self, state: RunState) -> None:
        """Takes in what somebody else has read of a run; of an unwatched one, nothing is kept."""
        run = self._tracked.get(state.run_id)
        if run is None or (run.is_terminal and (run.is_settled or state.charged_cost is None)):
            return
        before = (run.status, run.cost_usd)
        run.state = state
        run.workspace_id = run.workspace_id or getattr(state, "workspace_id", None)
        if run.is_terminal and run.run_id not in self._settling:
            self._settling.add(run.run_id)
            self._tasks.start_soon(self._finish, run)
        if (run.status, run.cost_usd) != before:
            self._tasks.start_soon(self._changed, run.run_id)
        self._pulse.beat()

    async def settled(self, runs: Iterable[TrackedRun]) -> None:
        """Returns when each of the runs is settled."""
        for run in runs:
            await run.settled.wait()

    async def settle_again(self, run: TrackedRun) -> None:
        """Tries once more to store the outputs of a completed run; a download may have failed."""
        assert run.state is not None
        await self._settle(run)

    async def _poll(self) -> None:
        while True:
            waiting = [run for run in self._tracked.values() if not run.is_terminal and run.trouble is None]
            if not waiting:
                self._wake = anyio.Event()
                await self._wake.wait()
                continue
            try:
                await self._read(waiting)
            except FloraError as exc:
                logger.warning("Cannot read runs, trying again in %g s: %s", TROUBLE_SECONDS, exc)
                await self._sleep(TROUBLE_SECONDS)
            else:
                await self._sleep(self._interval_seconds)

    async def _read(self, waiting: Sequence[TrackedRun]) -> None:
        for workspace_id in {run.workspace_id for run in waiting}:
            group = {run.run_id: run for run in waiting if run.workspace_id == workspace_id}
            listed = {run_id: run for run_id, run in group.items() if run.technique_id is None}
            if workspace_id is not None and len(listed) >= LIST_FROM:
                await self._read_list(workspace_id, listed)
                group = {run_id: run for run_id, run in group.items() if run_id in listed or run.technique_id}
            for run in group.values():
                await self._read_one(run)

    async def _read_list(self, workspace_id: str, group: dict[str, TrackedRun]) -> None:
        """Reads what one workspace's list tells, and takes those runs out of the group."""
        seen = 0
        async for state in self._flora.own.generations.list(workspace_id=workspace_id, limit=LIST_PAGE):
            if group.pop(state.run_id, None) is not None:
                self.observe(state)
            seen += 1
            if not group or seen >= LIST_DEPTH:
                return

    async def _read_one(self, run: TrackedRun) -> None:
        try:
            if run.technique_id is None:
                state = await self._flora.own.generations.retrieve(run.run_id)
            else:
                state = await self._flora.own.techniques.runs.retrieve(run.run_id, technique_id=run.technique_id)
        except NotFoundError as exc:
            run.trouble = str(exc)
            run.watched = False
            run.settled.set()
            self._pulse.beat()
        else:
            self.observe(state)

    async def _finish(self, run: TrackedRun) -> None:
        assert run.state is not None
        if run.state.status == "completed":
            await self._settle(run)
        run.settled.set()
        self._pulse.beat()
        await self._await_cost(run)
        run.watched = False

    async def _await_cost(self, run: TrackedRun) -> None:
        """Reads a completed run again until FLORA tells what it cost, or for a minute and a half."""
        for delay_seconds in COST_DELAYS_SECONDS:
            if run.is_settled:
                return
            await self._sleep(delay_seconds)
            try:
                await self._read_one(run)
            except FloraError as exc:
                logger.info("The cost of %s cannot be read: %s", run.run_id, exc)

    def _forget(self) -> None:
        over = [run.run_id for run in self._tracked.values() if not run.watched]
        for run_id in over[: max(0, len(self._tracked) - KEPT)]:
            del self._tracked[run_id]
            self._settling.discard(run_id)
