"""`__repr__` that shows itself, and data that holds itself, would recurse for ever in the renderer or in C."""

import pytest

PROGRAMS = [
    """
class K:
    def __repr__(self): return f'{self!r}'
repr(K())
""",
    """
class K:
    def __str__(self): return '{}'.format(self)
print(K())
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_repr_that_calls_itself_ends(attempt, program):
    await attempt.raises("RecursionError", program)


PROGRAM = """
x = []
x.append(x)
return x
"""


async def test_a_list_in_itself_is_cut(attempt):
    outcome = await attempt(PROGRAM)
    assert outcome.status == "completed"
    assert "nested too deeply" in repr(outcome.value)
