"""A name that is one text when it is checked and another when it is used. Only exact strings are names, and programs
cannot make strings of their own kind.
"""

import pytest

PROGRAMS = [
    "getattr((), b'__class__')",
    "class S(str): pass",
    """
class N:
    def startswith(self, text): return False
    def __str__(self): return 'x'
    def __hash__(self): return hash('__class__')
    def __eq__(self, other): return True
getattr((), N())
""",
    """
class N: pass
class K: pass
setattr(K(), N(), 1)
""",
    "hasattr((), 1)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_name_is_an_exact_string(attempt, program):
    await attempt.raises("TypeError", program)
