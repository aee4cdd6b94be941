"""`operator.attrgetter` and `methodcaller` read attributes in C; `itemgetter` only items."""

import pytest

PROGRAMS = [
    "from operator import attrgetter",
    "from operator import methodcaller",
    "from operator import setitem",
    "from operator import call",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_those_that_read_attributes_are_not_there(attempt, program):
    await attempt.raises("ImportError", program)


THOSE_THAT_ARE_THERE_READ = [
    """
import operator
operator.itemgetter('__class__')(client)
""",
    """
import operator
operator.getitem(client, '__class__')
""",
]


@pytest.mark.parametrize("program", THOSE_THAT_ARE_THERE_READ)
async def test_those_that_are_there_read_items(attempt, program):
    await attempt.raises("TypeError", program)
