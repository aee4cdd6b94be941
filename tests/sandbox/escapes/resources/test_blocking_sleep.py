"""`time.sleep` stops the worker and everything in it, without using processor time."""

import pytest

PROGRAMS = [
    """
import time
time.sleep(1000)
""",
    "await client.books.wait()",
    "await asyncio.sleep(1000)",
    "async with asyncio.timeout(1000): await client.books.wait()",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_wall_limit_ends_it(attempt, program):
    await attempt.stopped("wall_seconds", program, wall_seconds=0.5)
