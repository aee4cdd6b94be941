"""`__getattr__`, `__getattribute__` and `__setattr__` would answer the runtime's own questions about an object."""

import pytest

PROGRAMS = [
    """
class K:
    def __getattr__(self, name): pass
""",
    """
class K:
    def __getattribute__(self, name): pass
""",
    """
class K:
    def __setattr__(self, name, value): pass
""",
    """
class K:
    def __delattr__(self, name): pass
""",
    """
class K:
    def __dir__(self): pass
""",
    """
class K:
    __getattr__ = lambda self, name: 1
""",
    """
class K:
    async def __getattr__(self, name): pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_cannot_be_defined(attempt, program):
    await attempt.refused(program)
