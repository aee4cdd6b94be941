"""`__reduce__` and its relatives make any object from any callable, and are on every object."""

import pytest

PROGRAMS = [
    """
class K:
    def __reduce__(self): return print, ()
""",
    """
class K:
    def __reduce_ex__(self, n): pass
""",
    """
class K:
    def __setstate__(self, n): pass
""",
    """
class K:
    def f(self): return super().__reduce__()
K().f()
""",
    "x = [].__reduce_ex__(2)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_cannot_be_defined_or_called(attempt, program):
    await attempt.refused(program)
