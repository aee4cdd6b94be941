"""Waits within a call's time budget and tells the client how things go meanwhile."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import anyio

from flora_mcp.executions import Runs, TrackedRun

Progress = Callable[[float, float | None, str | None], Awaitable[None]]
"""Sends one progress notification: a growing value, the total if known, and a line of text."""

NAMED_RUNS = 8
"""Up to so many runs are told of one by one; of more, only their number."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a call may take, and how often it tells of itself."""

    runs: Runs
    budget_seconds: float
    heartbeat_seconds: float = 5.0
    """Longest silence. Some clients give up on a call that is silent for longer than a minute."""

    pace_seconds: float = 0.2
    """Shortest distance of two notifications."""

    async def wait(
        self,
        until: Callable[[], Awaitable[None]],
        *,
        progress: Progress,
        watched: Callable[[], Sequence[TrackedRun]],
        idle: Callable[[], str],
    ) -> bool:
        """Awaits `until()`; returns False when the budget ends first, and leaves everything running.

        Args:
            until: what is waited for; cancelled when the budget ends.
            progress: where the news goes.
            watched: the runs of this call, asked anew each time.
            idle: the line to send while there is no run.
        """
        done = False
        with anyio.move_on_after(self.budget_seconds):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._tell, progress, watched, idle)
                await until()
                done = True
                tasks.cancel_scope.cancel()
        return done

    async def _tell(
        self, progress: Progress, watched: Callable[[], Sequence[TrackedRun]], idle: Callable[[], str]
    ) -> None:
        value = 0.0
        while True:
            runs = watched()
            value = max(value + 0.01, sum(run.progress for run in runs))
            total = 100.0 * len(runs) if runs else None
            await progress(value, max(total, value) if total is not None else None, tell(runs) if runs else idle())
            await anyio.sleep(self.pace_seconds)
            with anyio.move_on_after(self.heartbeat_seconds - self.pace_seconds):
                await self.runs.changed()


def tell(runs: Sequence[TrackedRun]) -> str:
    """Returns the state of the runs in a line, such as `run_a completed 100%, run_b running 40%`."""
    if len(runs) <= NAMED_RUNS:
        return ", ".join(f"{run.run_id} {run.status} {run.progress:.0f}%" for run in runs)
    terminal = sum(run.is_terminal for run in runs)
    return f"{terminal} of {len(runs)} runs finished"
