"""One coroutine in two tasks is resumed twice; CPython would crash if it were resumed while it runs."""

import pytest

PROGRAMS = [
    """
async def f(): await asyncio.sleep(0)
c = f()
await asyncio.gather(asyncio.create_task(c), asyncio.create_task(c))
""",
    """
async def f():
    await asyncio.sleep(0)
    await me
me = f()
await me
""",
    """
async def f(): return asyncio.run(me)
me = f()
await me
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_refused(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure.type_name in ("RuntimeError", "ValueError", "InvalidStateError")
