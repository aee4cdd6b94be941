"""Recursion through Python, through C and through the methods that operators call."""

import pytest

PROGRAMS = [
    """
def f(): f()
f()
""",
    """
f = lambda: f()
f()
""",
    """
class K:
    def __eq__(self, other): return self == other
K() == 1
""",
    """
class K:
    def __getitem__(self, key): return self[key]
K()[0]
""",
    """
class K:
    def __iter__(self): return iter(self)
list(K())
""",
    """
class K:
    def __add__(self, other): return self + other
K() + 1
""",
    """
class K:
    def __contains__(self, x): return x in self
1 in K()
""",
    """
class K:
    def __bool__(self): return not self
not K()
""",
    """
class K:
    @property
    def x(self): return self.x
K().x
""",
    """
class K:
    def __hash__(self): return hash(self)
{K()}
""",
    """
class K:
    def __call__(self): return self()
K()()
""",
    """
class K:
    def __getitem__(self, key): return self[key]
'{0[a]}'.format(K())
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_end_has_a_name(attempt, program):
    outcome = await attempt(program)
    assert outcome.status in ("failed", "limit")
    assert outcome.failure.type_name in ("RecursionError", "WorkerCrashed", "LimitReached")
    assert "went away" not in outcome.failure.message
