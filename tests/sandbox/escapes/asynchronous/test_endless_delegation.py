"""A long chain of `yield from` or of awaits overflows the C stack instead of Python's."""

import pytest

PROGRAMS = [
    """
def f(g): yield from g
g = iter(())
for _ in range(100000): g = f(g)
list(g)
""",
    """
m = iter(())
for _ in range(100000): m = map(int, m)
list(m)
""",
    """
async def f(c):
    if c is not None: await c
c = None
for _ in range(50000): c = f(c)
await c
""",
    """
import itertools
c = iter(())
for _ in range(100000): c = itertools.chain(c, ())
list(c)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_end_has_a_name(attempt, program):
    outcome = await attempt(program)
    assert outcome.status in ("completed", "failed", "limit")
    assert outcome.failure is None or outcome.failure.type_name in ("RecursionError", "WorkerCrashed", "LimitReached")
