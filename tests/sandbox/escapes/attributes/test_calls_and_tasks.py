"""Futures hold callbacks, a coroutine and the loop."""

import pytest

PROGRAMS = [
    "getattr(client.books.create(title='a'), '_callbacks')",
    "getattr(client.books.create(title='a'), 'method')",
    "getattr(client.books.create(title='a'), 'set_result')",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_call_shows_nothing(attempt, program):
    await attempt.raises("AttributeError", program)


A_TASK_SHOWS_WHAT_ASYNCIO = [
    """
async def f(): pass
asyncio.create_task(f()).get_stack()
""",
    """
async def f(): pass
asyncio.create_task(f()).get_coro()
""",
    """
async def f(): pass
asyncio.create_task(f()).coroutine
""",
    """
async def f(): pass
asyncio.create_task(f())._loop
""",
    """
async def f(): pass
asyncio.create_task(f()).print_stack()
""",
    """
async def f(): pass
asyncio.create_task(f()).get_loop()
""",
    """
async def f(): pass
asyncio.create_task(f()).set_error
""",
]


@pytest.mark.parametrize("program", A_TASK_SHOWS_WHAT_ASYNCIO)
async def test_a_task_shows_what_asyncio_shows_and_less(attempt, program):
    await attempt.raises("AttributeError", program)
