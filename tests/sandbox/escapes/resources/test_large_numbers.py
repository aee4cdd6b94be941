"""Arithmetic on numbers of a million digits is one step of the interpreter, and takes hours."""

import pytest

PROGRAMS = [
    """
n = 3
while True: n = n ** 3
""",
    "pow(3, 10 ** 9)",
    """
import math
math.factorial(10 ** 8)
""",
    """
import math
math.comb(10 ** 8, 5 * 10 ** 7)
""",
    """
x = 7 ** 3_000_000
y = x // 3 ** 1_000_000
while True: y = y * x % (x - 1)
""",
    "int('f' * 10_000_000, 16) ** 30",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_limit_ends_it(attempt, program):
    outcome = await attempt(program, cpu_seconds=0.1, memory_bytes=64 * 1024 * 1024)
    assert outcome.status == "limit"
    assert outcome.failure.limit in ("cpu_seconds", "memory_bytes")


DIGITS_ARE_REFUSED = [
    "int('9' * 5000)",
    "str(10 ** 5000)",
    "f'{10 ** 5000}'",
    "'%d' % 10 ** 5000 if False else '%d' % (10 ** 5000)",
]


@pytest.mark.parametrize("program", DIGITS_ARE_REFUSED)
async def test_digits_are_refused(attempt, program):
    await attempt.raises("ValueError", program)
