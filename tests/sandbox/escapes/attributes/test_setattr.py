"""`setattr` and `delattr` with names that give an object another meaning, or on objects that are not the program's."""

import pytest

PROGRAMS = [
    """
class K: pass
setattr(K, '__getattribute__', print)
""",
    """
class K: pass
setattr(K(), '__class__', int)
""",
    """
class K: pass
setattr(K(), '__dict__', {})
""",
    """
class K:
    def __init__(self): pass
delattr(K, '__init__')
""",
    """
class K: pass
setattr(K, '__match_args__', ('x',))
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_dunders_cannot_be_set(attempt, program):
    await attempt.raises("AttributeError", program)


WHAT_IS_NOT_THE_PROGRAMS = [
    "setattr(int, 'x', 1)",
    "setattr(print, 'x', 1)",
    "setattr((x for x in ()), 'gi_frame', 1)",
    "setattr(ValueError, 'x', 1)",
    "delattr(client, 'books')",
    "setattr(property(print), 'fget', 1)",
]


@pytest.mark.parametrize("program", WHAT_IS_NOT_THE_PROGRAMS)
async def test_what_is_not_the_programs_cannot_be_changed(attempt, program):
    await attempt.raises("TypeError", program)
