"""`__del__` runs when nobody looks any more: after the end of the program, in the middle of the runtime."""

import pytest

PROGRAMS = [
    """
class K:
    def __del__(self): pass
""",
    """
class K:
    __del__ = print
""",
    """
class K:
    for __del__ in (print,): pass
""",
    """
class K:
    from json import dumps as __del__
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_cannot_be_defined(attempt, program):
    await attempt.refused(program)
