"""An object whose `__class__` is another passes `isinstance` of that class."""

import pytest

PROGRAMS = [
    """
class K:
    __class__ = 1
""",
    """
class K:
    @property
    def __class__(self): return type
""",
    """
class K: pass
k = K()
k.__class__ = int
""",
    """
class K:
    def f(self):
        del self.__class__
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_cannot_be_defined(attempt, program):
    await attempt.refused(program)
