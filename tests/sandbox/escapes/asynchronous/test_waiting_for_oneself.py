"""Tasks that wait for each other, or for what nobody will do, must not wait for ever."""

import pytest

PROGRAMS = [
    "await asyncio.current_task()",
    "await asyncio.Event().wait()",
    """
lock = asyncio.Lock()
await lock.acquire()
await lock.acquire()
""",
    """
async def a(): await tasks[1]
async def b(): await tasks[0]
tasks = [asyncio.create_task(a()), asyncio.create_task(b())]
await tasks[0]
""",
    "asyncio.run(asyncio.Event().wait())",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_told(attempt, program):
    await attempt.raises("RuntimeError", program)
