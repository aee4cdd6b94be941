"""Arguments that the table does not have, under names that a host might read as options."""

import pytest

PROGRAMS = [
    """
f = client.books.create
f(title='a', path='x')
""",
    """
f = client.books.create
f(title='a', **{'__class__': 1})
""",
    """
f = client.books.create
f({'title': 'a', 'number': 7})
""",
    """
f = client.books.create
f(**{'title': 'a', 'self': 1})
""",
    """
f = client.books.create
f(title='a', TITLE='b', Title='c')
""",
    """
f = client.books.list
f(next_arguments={})
""",
    """
f = client.books.create
f({1: 2})
""",
    """
f = client.books.create
f({'title': 'a'}, {'title': 'b'})
""",
    """
f = show
f(print)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_refused_before_they_are_sent(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure.type_name in ("TypeError", "CheckError")
    assert outcome.calls == ()
