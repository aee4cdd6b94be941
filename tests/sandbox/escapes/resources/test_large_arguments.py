"""Arguments that are small in memory and enormous as JSON: the host would have to hold them."""

import pytest

PROGRAMS = [
    "client.books.create(title='x' * 20000)",
    "client.books.create(title='a', tags=[[]] * 5000)",
    """
x = ['a'] * 10
for _ in range(8): x = [x] * 10
client.books.create(title=x)
""",
    """
x = []
x.append(x)
client.books.create(title=x)
""",
    """
import collections, itertools
c = collections.Counter('x')
c.items = lambda: zip(map(str, itertools.count()), itertools.count())
client.books.create(title=c)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_refused_before_they_are_sent(attempt, program):
    outcome = await attempt(program, result_bytes=10_000, cpu_seconds=0.5)
    assert outcome.failure.type_name in ("TypeError", "RecursionError", "LimitReached")
    assert outcome.calls == ()
