"""An object with `__mro_entries__` stands for other bases, which are looked at only after it was asked."""

import pytest

PROGRAM = """
class K:
    def __mro_entries__(self, bases): pass
"""


async def test_it_cannot_be_defined(attempt):
    await attempt.refused(PROGRAM)


PROGRAMS = [
    """
import typing
class K(typing.Dict[str, int]): pass
""",
    "class K(dict[str, int]): pass",
    """
import typing
class K(typing.Any): pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_what_it_stands_for_is_looked_at(attempt, program):
    await attempt.raises("TypeError", program)
