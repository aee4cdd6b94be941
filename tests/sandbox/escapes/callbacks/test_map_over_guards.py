"""`map`, `filter`, `sorted`, `reduce` and `min` call what they are given from C, without a rewritten call around it."""

import pytest

PROGRAMS = [
    "list(map(getattr, [()], ['__class__x']))",
    "sorted([()], key=lambda x: getattr(x, '__len__'))",
    "min([print], key=lambda f: getattr(f, '__self__'))",
    "list(filter(lambda g: getattr(g, 'gi_frame'), [(x for x in ())]))",
    """
import itertools
list(itertools.starmap(getattr, [((), '__doc__')]))
""",
    """
import functools
functools.reduce(getattr, ['__globals__'], lambda: 0)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_guard_stays_a_guard(attempt, program):
    await attempt.raises("AttributeError", program)
