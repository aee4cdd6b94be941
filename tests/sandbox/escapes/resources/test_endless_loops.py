"""Loops without end: in the program, in C without a look at signals, and in what the runtime calls."""

import pytest

PROGRAMS = [
    "while True: pass",
    """
import itertools, collections
collections.deque(itertools.count(), maxlen=0)
""",
    "any(False for _ in iter(int, 1))",
    """
async def f():
    while True: await asyncio.sleep(0)
await f()
""",
    """
import re
re.match('(a+)+$', 'a' * 40 + 'b')
""",
    """
import time
while True: time.time()
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_processor_limit_ends_them(attempt, program):
    await attempt.stopped("cpu_seconds", program, cpu_seconds=0.1)
