"""Instances of the library's Python classes take attributes: a `Counter` whose `items` is the program's is read by the
runtime when it becomes JSON.
"""

import pytest

PROGRAM = """
import collections
c = collections.Counter('x')
c.items = lambda: [('a', 'b')]
return c
"""


async def test_the_value_is_what_the_program_says(attempt):
    await attempt.returns({"a": "b"}, PROGRAM)


AN_ENDLESS_ONE_ENDS_AT_THE = """
import collections, itertools
c = collections.Counter('x')
c.items = lambda: zip(map(str, itertools.count()), itertools.count())
return c
"""


async def test_an_endless_one_ends_at_the_limit(attempt):
    await attempt.stopped("result_bytes", AN_ENDLESS_ONE_ENDS_AT_THE, result_bytes=10000)


PROGRAMS = [
    """
import collections
c = collections.Counter('x')
c.items = lambda: [('a', client)]
await client.books.create(title=c)
""",
    """
import collections
c = collections.Counter('x')
c.items = lambda: [(1, 2)]
client.books.create(c)
""",
    """
import collections
c = collections.Counter('x')
c.items = lambda: [('_secret', 2)]
client.books.create(c)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_arguments_of_calls_stay_json(attempt, program):
    await attempt.raises("TypeError", program)
