"""Coroutines have frames too, the program's own and those of the runtime."""

import pytest

PROGRAMS = [
    """
async def f(): pass
c = f()
await c
getattr(c, 'cr_frame')
""",
    """
s = asyncio.sleep(0)
getattr(s, 'cr_frame')
""",
    """
s = asyncio.sleep(0)
getattr(s, 'cr_await')
""",
    """
s = asyncio.sleep(0)
getattr(s, 'cr_origin')
""",
    """
s = asyncio.sleep(0)
s.throw(ValueError())
""",
    """
s = asyncio.sleep(0)
s.send(None)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_not_there(attempt, program):
    await attempt.raises("AttributeError", program)
