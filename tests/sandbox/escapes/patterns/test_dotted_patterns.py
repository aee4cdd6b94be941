"""A dotted name in a pattern is a value, read without a guard."""

import pytest

PROGRAMS = [
    """
match 1:
    case client.books: pass
""",
    """
match {}:
    case {client.books: x}: pass
""",
    """
match 1:
    case (1 | client.books): pass
""",
    """
class K: pass
match 1:
    case K.__class__: pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_dotted_names_are_refused(attempt, program):
    await attempt.refused(program)
