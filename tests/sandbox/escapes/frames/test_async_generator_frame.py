"""`ag_frame` and `ag_code` were missing in the list of forbidden names until late."""

import pytest

PROGRAMS = [
    """
async def f():
    yield 1
getattr(f(), 'ag_frame')
""",
    """
async def f():
    yield 1
getattr(f(), 'ag_code')
""",
    """
async def f():
    yield 1
getattr(f(), 'ag_await')
""",
    "getattr(aiter(await client.books.list()), 'ag_frame')",
    "getattr(anext(aiter(await client.books.list())), 'send')",
    """
async def f():
    yield 1
f().athrow(ValueError())
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_not_there(attempt, program):
    await attempt.raises("AttributeError", program)
