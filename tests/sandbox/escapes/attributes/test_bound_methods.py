"""A bound method leads to the object behind it and to the function in it: `print` leads to the printer."""

import pytest

PROGRAMS = [
    "getattr(print, '__self__')",
    "getattr('a'.upper, '__self__')",
    "getattr(getattr, '__func__')",
    "getattr(client.books.create, '__func__')",
    """
class K:
    def f(self): pass
getattr(K().f, '__func__')
""",
    "getattr(asyncio.Event().set, 'im_self')",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_method_shows_only_its_name(attempt, program):
    await attempt.raises("AttributeError", program)
