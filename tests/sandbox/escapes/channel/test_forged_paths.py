"""A call of a path that is not exposed: by attribute, by text, by a record that looks like one."""

import pytest

PROGRAMS = [
    "getattr(client, '_request')",
    "getattr(client, 'api_key')",
    "getattr(client, '__call__')",
    "getattr(client.books, 'delete')",
    "getattr(client.books.create, 'with_options')",
    "getattr(show, 'client')",
    "getattr(client, 'neighbour')",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_there_is_no_such_method(attempt, program):
    await attempt.raises("AttributeError", program)


A_PART_OF_A_PATH_CANNOT_BE = [
    "getattr(client, 'books')()",
    """
c = client
c(path='client.books.create')
""",
    """
b = client.books
b('create', title='a')
""",
]


@pytest.mark.parametrize("program", A_PART_OF_A_PATH_CANNOT_BE)
async def test_a_part_of_a_path_cannot_be_called(attempt, program):
    await attempt.raises("TypeError", program)
