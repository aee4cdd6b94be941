"""The library's `namedtuple` builds source text out of the names that it is given, and evaluates it."""

import pytest

PROGRAMS = [
    """
import collections
collections.namedtuple('X', 'a=1):pass')
""",
    """
import collections
collections.namedtuple('X', '__class__')
""",
    """
import collections
collections.namedtuple('X', ['a: print(1)'])
""",
    """
import collections
collections.namedtuple('X, print(1)', 'a')
""",
    """
import collections
collections.namedtuple('X', 'def')
""",
    """
import collections
collections.namedtuple('X', ['_cls'])
""",
    """
import collections
class S:
    def __str__(self): return 'a=print(1)'
collections.namedtuple('X', [S()])
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_name_is_a_name(attempt, program):
    await attempt.raises("ValueError", program)


OTHER_OPTIONS_ARE_NOT_THERE = [
    """
import collections
collections.namedtuple('X', 'a', module='os')
""",
    """
import collections
collections.namedtuple('X', 'a', rename=True)
""",
]


@pytest.mark.parametrize("program", OTHER_OPTIONS_ARE_NOT_THERE)
async def test_other_options_are_not_there(attempt, program):
    await attempt.raises("TypeError", program)
