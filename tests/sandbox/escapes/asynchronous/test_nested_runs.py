"""`asyncio.run` inside a task starts the scheduler again on top of itself."""

import pytest

PROGRAMS = [
    """
async def f(): return asyncio.run(f())
await f()
""",
    """
async def f(n): return await f(n + 1)
await f(0)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_too_many_of_them_end_the_program(attempt, program):
    outcome = await attempt(program)
    assert outcome.status in ("failed", "limit")
    assert outcome.failure.type_name in ("RecursionError", "WorkerCrashed", "LimitReached")


PROGRAM = """
async def f(): return 2
task = asyncio.create_task(f())
async def g(): return 1
return [asyncio.run(g()), await task]
"""


async def test_a_nested_one_sees_the_same_tasks(attempt):
    await attempt.returns([1, 2], PROGRAM)
