"""A page keeps the caller and the arguments of the next call; a changed argument or the caller itself would make calls
past the table.
"""

import pytest

PROGRAMS = [
    "getattr(await client.books.list(), '_caller')",
    """
page = await client.books.list()
page._arguments
""",
    "(await client.books.list()).next_arguments",
    "(await client.books.list())._method",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_page_shows_its_body_only(attempt, program):
    await attempt.raises("AttributeError", program)


A_PAGE_CANNOT_BE_CHANGED = [
    """
page = await client.books.list()
page.next_arguments = {'path': 1}
""",
    """
page = await client.books.list()
page.items = []
""",
    """
page = await client.books.list()
del page.items
""",
    """
page = await client.books.list()
page.items += [1]
""",
]


@pytest.mark.parametrize("program", A_PAGE_CANNOT_BE_CHANGED)
async def test_a_page_cannot_be_changed(attempt, program):
    await attempt.raises("TypeError", program)
