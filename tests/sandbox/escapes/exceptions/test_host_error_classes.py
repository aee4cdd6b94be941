"""The classes of the host's errors are made for the program: it may raise them, inherit from them and fill them, and
the report of its end must survive that.
"""

import pytest

PROGRAM = """
class K(NotFoundError):
    def __init__(self): pass
raise K()
"""


async def test_an_error_without_attributes_is_reported(attempt):
    outcome = await attempt(PROGRAM)
    assert (outcome.failure.type_name, outcome.failure.attributes) == ("K", {})


PROGRAMS = [
    """
class R:
    def __repr__(self): raise ValueError('no')
raise NotFoundError('x', {'a': R()})
""",
    "raise NotFoundError('x', {'a': client})",
    """
a = {}
a['a'] = a
raise NotFoundError('x', a)
""",
    """
class R:
    def __str__(self): return 1
raise NotFoundError('x', {R(): 1})
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_attributes_that_are_not_json_are_left_out(attempt, program):
    outcome = await attempt(program)
    assert (outcome.failure.type_name, outcome.failure.attributes) == ("NotFoundError", {})


ATTRIBUTES_THAT_ARE_NO = """
class K(NotFoundError):
    def __init__(self): self.attributes = [1]
raise K()
"""


async def test_attributes_that_are_no_dictionary_are_left_out(attempt):
    outcome = await attempt(ATTRIBUTES_THAT_ARE_NO)
    assert (outcome.failure.type_name, outcome.failure.attributes) == ("K", {})


THE_REAL_ATTRIBUTES_ARE = [
    """
try:
    await client.books.retrieve('1')
except NotFoundError as e:
    e.attributes
""",
    """
try:
    await client.books.retrieve('1')
except NotFoundError as e:
    getattr(e, 'mro')
""",
]


@pytest.mark.parametrize("program", THE_REAL_ATTRIBUTES_ARE)
async def test_the_real_attributes_are_closed(attempt, program):
    await attempt.raises("AttributeError", program)
