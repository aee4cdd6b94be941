"""Two underscores inside a class are mangled by the compiler, after the policy: `__x` would become `_K__x`, and a class
called `getattr` could aim at a guard.
"""

import pytest

PROGRAMS = [
    """
class K:
    def f(self): return self.__x
""",
    """
class K:
    def f(self): __x = 1
""",
    """
class getattr_:
    def f(self): __getattr_ = 1
""",
    """
class K:
    def __f(self): pass
""",
    """
class K:
    def f(self, **k): return self.f(__a=1)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_mangled_names_are_closed(attempt, program):
    await attempt.refused(program)
