"""Timers and tasks without end: the scheduler's own lists grow."""

import pytest

PROGRAMS = [
    """
async def f(): await asyncio.sleep(1000)
while True: asyncio.create_task(f())
""",
    """
async def f():
    asyncio.create_task(f())
    asyncio.create_task(f())
    await asyncio.sleep(0)
await f()
await asyncio.sleep(1000)
""",
    """
async def f(): pass
task = asyncio.create_task(f())
while True: task.add_done_callback(print)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_limit_ends_it(attempt, program):
    outcome = await attempt(program, cpu_seconds=1, memory_bytes=64 * 1024 * 1024)
    assert outcome.status == "limit", outcome.failure
    assert outcome.failure.limit in ("cpu_seconds", "memory_bytes")
