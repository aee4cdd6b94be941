"""`getattr` with a text that the policy cannot see. It is the guard itself, whatever it is called by."""

import pytest

PROGRAMS = [
    "getattr((), '__len__')",
    "getattr(object, '__getattribute__')((), '__class__')",
    "getattr(getattr, '__self__')",
    "list(map(getattr, [()], ['__len__']))",
    """
import functools
functools.reduce(getattr, ['__class__', '__base__'], 1)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_getattr_is_the_guard(attempt, program):
    await attempt.raises("AttributeError", program)
