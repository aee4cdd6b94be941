"""Everything asynchronous is unknown to the stock policy, whose defaults visit children only: names and iterations
would pass unseen.
"""

import pytest

PROGRAMS = [
    "async def f(_getattr_): pass",
    "async def f(*, _getattr_=1): pass",
    "async def _apply_(): pass",
    """
async def f():
    async with asyncio.timeout(1) as _getattr_: pass
""",
    """
async def f():
    return [(_getattr_ := y) async for y in client.books.list()]
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_names_in_it_are_looked_at(attempt, program):
    await attempt.refused(program)


ATTRIBUTES_IN_IT_ARE_LOOKED = [
    """
async def f():
    await (x for x in ()).gi_frame
""",
    """
async def f():
    async for x in ().__class__.__bases__: pass
""",
    """
async def f():
    async with ().__class__.__base__: pass
""",
    """
async def f():
    return [x async for x in client.gi_frame]
""",
]


@pytest.mark.parametrize("program", ATTRIBUTES_IN_IT_ARE_LOOKED)
async def test_attributes_in_it_are_looked_at(attempt, program):
    await attempt.refused(program)
