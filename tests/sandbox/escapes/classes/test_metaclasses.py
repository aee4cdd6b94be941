"""A metaclass decides what its classes mean: their attributes, their instances, what `isinstance` says."""

import pytest

PROGRAMS = [
    "class K(metaclass=int): pass",
    "class K(x=1): pass",
    """
class M: pass
class K(**{'metaclass': M}): pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_metaclasses_are_refused(attempt, program):
    await attempt.refused(program)


METACLASSES_CANNOT_BE_CALLED = [
    """
class K: pass
type(K)('X', (Exception,), {'__getattr__': 1})
""",
    "type('X', (), {})",
    "class K(type): pass",
    "class K(type(type)): pass",
    """
class K: pass
class L(type(K)): pass
""",
]


@pytest.mark.parametrize("program", METACLASSES_CANNOT_BE_CALLED)
async def test_metaclasses_cannot_be_called(attempt, program):
    await attempt.raises("TypeError", program)
