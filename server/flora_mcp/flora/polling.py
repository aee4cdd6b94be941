"""Waits for a run by reading it again and again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from flora_mcp.flora.errors import WaitTimeoutError
from flora_mcp.flora.types import RunState


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for a run, and how often to look."""

    timeout_seconds: float
    """The last look is at this time. A look in progress is not cut short: it has a timeout of its own."""
    interval_seconds: float


async def until_ended(
    look: Callable[[], Awaitable[RunState]],
    *,
    patience: Patience,
    sleep: Callable[[float], Awaitable[None]],
    clock: Callable[[], float],
    group: str = "generations",
    rest: str = "",
) -> RunState:
    """Returns the run once it has ended, completed or failed; the first look is at once.

    Args:
        look: Reads the run.
        patience: How long and how often.
        sleep: Waits between two looks.
        clock: Seconds.
        group: The methods that read such a run, for the error's advice.
        rest: Their further arguments, for the same.

    Raises:
        WaitTimeoutError: it has not ended in time.
    """
    deadline = clock() + patience.timeout_seconds
    while True:
        run = await look()
        if run.ended:
            return run
        remaining_seconds = deadline - clock()
        if remaining_seconds <= 0:
            raise WaitTimeoutError(
                f"run {run.run_id!r} is still {run.status!r} (progress {run.progress:g}) after "
                f"{patience.timeout_seconds:g} seconds. It goes on and is billed once: call "
                f"client.{group}.wait({run.run_id!r}{rest}) again, or client.{group}.retrieve({run.run_id!r}{rest}) "
                f"later. Do not create it again.",
                run_id=run.run_id,
                status=run.status,
                progress=run.progress,
            )
        await sleep(min(patience.interval_seconds, remaining_seconds))
