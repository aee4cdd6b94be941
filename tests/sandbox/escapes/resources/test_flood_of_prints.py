"""Printing without end, in one piece, in many or in none."""

import pytest

PROGRAMS = [
    "while True: print('x' * 1000)",
    "while True: print('ä')",
    "print('x' * 10 ** 6)",
    "while True: print(end='x' * 100)",
    """
class K:
    def __str__(self): return 'x' * 1000
while True: print(K(), K())
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_limit_of_prints_ends_it(attempt, program):
    await attempt.stopped("printed_bytes", program, printed_bytes=10000)


async def test_printing_nothing_ends_with_the_processor(attempt):
    await attempt.stopped("cpu_seconds", "while True: print(end='')", cpu_seconds=0.1)
