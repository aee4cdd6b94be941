"""A positional pattern reads the attributes that the class itself names in `__match_args__`."""

import pytest

PROGRAMS = [
    """
class K: pass
match K():
    case K(b): pass
""",
    """
class K:
    __match_args__ = ('gi_frame',)
""",
    """
class K(Exception): pass
match K():
    case K(): pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_own_classes_are_refused(attempt, program):
    await attempt.refused(program)


A_CLASS_UNDER_AN_ALLOWED_NAME = [
    """
class K: pass
str = K
match K():
    case str(b): pass
""",
    """
class K(Exception): pass
int = K
match K():
    case int(b): pass
""",
    """
int = ValueError
match ValueError():
    case int(b): pass
""",
]


@pytest.mark.parametrize("program", A_CLASS_UNDER_AN_ALLOWED_NAME)
async def test_a_class_under_an_allowed_name_has_no_arguments(attempt, program):
    await attempt.raises("TypeError", program)
