"""Timeouts, semaphores, events and groups hold the loop and the tasks that wait."""

import pytest

PROGRAMS = [
    "getattr(asyncio.timeout(1), '_loop')",
    "getattr(asyncio.Semaphore(), '_waiters')",
    "getattr(asyncio.Event(), '_future')",
    "getattr(asyncio.TaskGroup(), '_loop')",
    "getattr(asyncio.current_task(), '_loop')",
    "asyncio.Semaphore._free",
    "getattr(asyncio.Event, '__init__')",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_show_their_methods_only(attempt, program):
    await attempt.raises("AttributeError", program)
