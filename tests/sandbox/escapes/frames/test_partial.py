"""`functools.partial` keeps a function and hands it back; what the guard hides must not appear in it."""

import pytest

PROGRAM = """
import functools
f = lambda *v, **n: 1
p = functools.partial(f, 'x', y=1)
return [p.func is f, list(p.args), p.keywords]
"""


async def test_the_function_comes_back_as_it_was(attempt):
    await attempt.returns([True, ["x"], {"y": 1}], PROGRAM)


PROGRAMS = [
    """
import functools
getattr(functools.partial(print), '__setstate__')((print, (), {}, {}))
""",
    """
import functools
getattr(functools.partial(print), '__dict__')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_its_state_is_closed(attempt, program):
    await attempt.raises("AttributeError", program)
