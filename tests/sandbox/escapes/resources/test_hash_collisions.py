"""Keys with one hash make a dictionary quadratic."""

import pytest

PROGRAMS = [
    """
class K:
    def __hash__(self): return 1
d = {}
while True: d[K()] = 1
""",
    """
d = {}
for n in range(100000): d[n * (2 ** 61 - 1)] = 1
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_processor_limit_ends_it(attempt, program):
    await attempt.stopped("cpu_seconds", program, cpu_seconds=0.1)
