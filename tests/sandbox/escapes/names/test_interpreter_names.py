"""The class cell, the loader and the specification of a module are names that no program has to define."""

import pytest

PROGRAMS = [
    """
class K:
    def f(self): return __class__
""",
    "x = __loader__",
    "x = __spec__",
    "x = __file__",
    "x = __debug__",
    """
class K:
    x = __qualname__
""",
    "x = __annotations__",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_cannot_be_named(attempt, program):
    await attempt.refused(program)
