"""Loops, comprehensions and `with` bind names too, in their asynchronous forms as well."""

import pytest

PROGRAMS = [
    "for _getattr_ in (): pass",
    "for x, (_getattr_, *y) in (): pass",
    "async for _getattr_ in client.books.list(): pass",
    "x = [1 for _getattr_ in ()]",
    "x = {1: 2 for _getattr_ in ()}",
    "x = [1 async for _getattr_ in client.books.list()]",
    """
x = 1
with x as _getattr_: pass
""",
    """
x = 1
async with x as (_getattr_, y): pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_loop_binds_a_guard(attempt, program):
    await attempt.refused(program)
