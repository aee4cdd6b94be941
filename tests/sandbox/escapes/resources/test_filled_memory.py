"""Memory that grows slowly, at once, in C, or while an error about memory is handled."""

import pytest

PROGRAMS = [
    """
x = []
while True: x.append('x' * 100000)
""",
    "return 'x' * 10 ** 10",
    "return bytearray(10 ** 9)",
    "return list(range(10 ** 9))",
    """
x = 'x'
while True: x += x
""",
    """
import itertools
return list(itertools.permutations(range(12)))
""",
    """
import itertools
return list(itertools.tee([], 10 ** 8))
""",
    """
d = {}
while True: d[len(d)] = d
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_memory_limit_ends_it(attempt, program):
    await attempt.stopped("memory_bytes", program, memory_bytes=67108864, cpu_seconds=5)


PROGRAM = """
x = []
while True:
    try:
        while True: x.append('x' * 1000)
    except MemoryError:
        pass
"""


async def test_catching_it_frees_nothing(attempt):
    outcome = await attempt(PROGRAM, memory_bytes=64 * 1024 * 1024, cpu_seconds=1)
    assert outcome.status == "limit"
    assert outcome.failure.limit in ("cpu_seconds", "memory_bytes")
