"""Annotations are expressions that are evaluated, or kept for whoever asks. They are dropped before anything runs."""

import pytest

PROGRAM = """
x: print('a') = 1
y: print('b')
def f(a: print('c'), *b: print('d')) -> print('e'): return a
async def g(a: print('f') = 2) -> print('g'): return a
class K:
    z: print('h') = 3
[x, f(1), await g(), K.z]
"""


async def test_none_is_evaluated(attempt):
    outcome = await attempt(PROGRAM)
    assert (outcome.value, outcome.printed) == ([1, 1, 2, 3], "")


PROGRAMS = [
    """
def f(a: 1) -> 2: pass
getattr(f, '__annotations__')
""",
    """
class K:
    x: int = 1
getattr(K, '__annotations__')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_none_is_kept(attempt, program):
    await attempt.raises("AttributeError", program)
