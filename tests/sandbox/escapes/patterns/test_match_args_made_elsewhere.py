"""If a class with `__match_args__ = ('__traceback__',)` could be made other than by `class`, a pattern would read the
traceback of an exception.
"""

import pytest

PROGRAMS = [
    """
class K(Exception): pass
type(K)('X', (Exception,), {'__match_args__': ('__traceback__',)})
""",
    """
class K(Exception): pass
type(K)('X')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_road_sets_them(attempt, program):
    await attempt.raises("TypeError", program)


PROGRAM = """
class K(Exception): pass
setattr(K, '__match_args__', ('__traceback__',))
"""


async def test_nor_can_they_be_set_later(attempt):
    await attempt.raises("AttributeError", PROGRAM)
