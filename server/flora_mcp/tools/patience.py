"""Waits within a call's time budget and tells the client how things go meanwhile."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import anyio

from flora_mcp.executions import Pulse, TrackedRun

Progress = Callable[[float, float | None, str | None], Awaitable[None]]
"""Sends one progress notification: a growing value, the total if known, and a line of text."""

NAMED_RUNS = 8
"""Up to so many runs are told of one by one; of more, only their number."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a call may take, and how often it tells of itself."""

    pulse: Pulse
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
        value, told, silent_since = 0.0, "", float("-inf")
        while True:
            runs = watched()
            message = tell(runs) if runs else idle()
            if message != told or anyio.current_time() - silent_since >= self.heartbeat_seconds:
                value = max(value + 0.01, sum(run.progress for run in runs))
                total = max(100.0 * len(runs), value) if runs else None
                await progress(value, total, message)
                told, silent_since = message, anyio.current_time()
            await anyio.sleep(self.pace_seconds)
            with anyio.move_on_after(self.heartbeat_seconds):
                await self.pulse.wait()


def tell(runs: Sequence[TrackedRun]) -> str:
    """Returns the state of the runs in a line, such as `run_a completed 100%, run_b running 40%`."""
    if len(runs) <= NAMED_RUNS:
        return ", ".join(f"{run.run_id} {run.status} {run.progress:.0f}%" for run in runs)
    terminal = sum(run.is_terminal for run in runs)
    return f"{terminal} of {len(runs)} runs finished"
