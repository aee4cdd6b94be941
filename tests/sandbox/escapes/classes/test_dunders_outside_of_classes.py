"""A method's name is allowed in the body of a class only: elsewhere it could be bound first and become something else
later.
"""

import pytest

PROGRAMS = [
    "def __init__(self): pass",
    """
class K:
    def f(self):
        def __init__(self): pass
""",
    """
class K:
    for __init__ in (print,): pass
""",
    """
class K:
    (__init__ := print)
""",
    """
class K:
    import json as __call__
""",
    """
class K:
    if True:
        __eq__ = print
""",
    "f = lambda __init__: 1",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_refused(attempt, program):
    await attempt.refused(program)
