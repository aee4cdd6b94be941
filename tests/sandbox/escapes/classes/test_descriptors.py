"""A descriptor is called with the object that it is read from, by whoever reads it."""

import pytest

PROGRAMS = [
    """
class K:
    def __get__(self, instance, owner): pass
""",
    """
class K:
    def __set__(self, instance, value): pass
""",
    """
class K:
    def __delete__(self, instance): pass
""",
    """
class K:
    def __set_name__(self, owner, name): pass
""",
    """
class K:
    def __objclass__(self): pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_cannot_be_defined(attempt, program):
    await attempt.refused(program)
