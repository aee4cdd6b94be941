"""Notes hang on an exception as a list that anybody may change, and become the hint that the agent reads."""

import pytest

PROGRAMS = [
    """
e = ValueError()
e.add_note('x')
""",
    "getattr(ValueError(), '__notes__')",
    "getattr(ValueError, 'add_note')(ValueError(), 'x')",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_cannot_be_added_or_read(attempt, program):
    await attempt.raises("AttributeError", program)


async def test_they_cannot_be_set(attempt):
    await attempt.raises("TypeError", "setattr(ValueError(), '__notes__', ['x'])")
