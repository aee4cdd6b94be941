"""The injected objects keep their caller and their table in slots; a forged path or a call without the table would
reach what is not exposed.
"""

import pytest

PROGRAMS = [
    "client._caller",
    "getattr(client.books.create, '_method')",
    "getattr(client, '_children')",
    "getattr(client, '_paths')",
    "getattr(client, '_table')",
    "getattr(client, 'path')",
    "getattr(client.books, 'add')",
    "getattr(client.books, 'child')",
    "getattr(client.books.create, 'public_names')",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_node_shows_its_children_only(attempt, program):
    await attempt.raises("AttributeError", program)


A_NAME_WITH_DOTS_IS_NO_PATH = [
    "getattr(client, 'books.create')",
    "getattr(client, '')",
    "getattr(client.books, '../books')",
]


@pytest.mark.parametrize("program", A_NAME_WITH_DOTS_IS_NO_PATH)
async def test_a_name_with_dots_is_no_path(attempt, program):
    await attempt.raises("AttributeError", program)
