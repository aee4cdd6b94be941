"""`async for` over things of the runtime: only what has the protocol is iterated, and `for` does not reach what `async
for` does.
"""

import pytest

PROGRAMS = [
    """
for_ = [1]
async for x in for_: pass
""",
    "x = [y async for y in asyncio.current_task()]",
    "async for x in asyncio.sleep(0): pass",
    "async for x in iter([1]): pass",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_what_is_not_asynchronous_is_refused(attempt, program):
    await attempt.raises("TypeError", program)


UNPACKING_IN_A_COMPREHENSION = [
    "x = [a async for a, b in client.books.list()]",
    "x = {a: b async for (a, b) in client.books.list()}",
]


@pytest.mark.parametrize("program", UNPACKING_IN_A_COMPREHENSION)
async def test_unpacking_in_a_comprehension_is_refused(attempt, program):
    await attempt.refused(program)
