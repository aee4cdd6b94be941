"""`mro` has no underscore, so a list of forbidden names misses it; it is an attribute of classes, which have a list of
allowed ones.
"""

import pytest

PROGRAMS = [
    "getattr(int, 'mro')()",
    "int.mro()",
    """
class K: pass
K.mro()
""",
    "type(ValueError()).mro()",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_there_is_no_mro(attempt, program):
    await attempt.raises("AttributeError", program)
