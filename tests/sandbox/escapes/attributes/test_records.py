"""Answers are dictionaries whose keys are attributes. A key that is called like something of the interpreter is still
only a key.
"""

import pytest

PROGRAM = """
record = await client.books.create(title='a')
return [record.__class__.__name__, record['__class__'], callable(record.keys)]
"""


async def test_a_key_is_no_attribute_of_the_interpreter(attempt):
    await attempt.returns(["dict", "no class", True], PROGRAM)


PROGRAMS = [
    "getattr(await client.books.create(title='a'), '__class__').mro()",
    "getattr(await client.books.create(title='a'), '__dict__')",
    "getattr(await client.books.create(title='a'), 'attribute')",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_record_shows_no_class(attempt, program):
    await attempt.raises("AttributeError", program)


AN_ATTRIBUTE_THAT_IS_SET = """
record = await client.books.create(title='a')
record.keys = 1
record.attribute = 'x'
return [record['attribute'], record['keys']]
"""


async def test_an_attribute_that_is_set_becomes_a_key(attempt):
    await attempt.returns(["x", 1], AN_ATTRIBUTE_THAT_IS_SET)
