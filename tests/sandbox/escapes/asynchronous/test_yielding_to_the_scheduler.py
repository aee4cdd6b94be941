"""A coroutine that yields hands the scheduler an object; one of another kind would be called or waited for."""

import pytest

PROGRAMS = [
    """
async def f():
    yield 1
await f()
""",
    """
def f():
    yield 1
await f()
""",
    """
async def f():
    yield asyncio.current_task()
await f()
""",
    "asyncio.create_task(x for x in ())",
    "await asyncio.gather(client, print)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_generator_is_not_awaited(attempt, program):
    await attempt.raises("TypeError", program)
