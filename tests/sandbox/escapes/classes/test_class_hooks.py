"""Hooks that run when a class is made, subscribed or asked about."""

import pytest

PROGRAMS = [
    """
class K:
    def __init_subclass__(cls): pass
""",
    """
class K:
    def __class_getitem__(cls, item): pass
""",
    """
class K:
    def __instancecheck__(cls, item): pass
""",
    """
class K:
    def __subclasshook__(cls, item): pass
""",
    """
class K:
    def __prepare__(cls): pass
""",
    """
class K:
    def __new__(cls): pass
""",
    """
class K:
    __slots__ = ()
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_cannot_be_defined(attempt, program):
    await attempt.refused(program)
