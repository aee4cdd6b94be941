"""The cause and the context of an exception are exceptions of others, the runtime's among them."""

import pytest

PROGRAMS = [
    """
try:
    1 / 0
except Exception as e:
    getattr(e, '__context__')
""",
    """
try:
    try:
        1 / 0
    except Exception as e:
        raise ValueError() from e
except ValueError as e:
    getattr(e, '__cause__')
""",
    """
try:
    1 / 0
except Exception as e:
    getattr(e, '__suppress_context__')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_closed(attempt, program):
    await attempt.raises("AttributeError", program)
