"""`typing` compiles texts as references to types, and asks what it is given for its parameters."""

import pytest

PROGRAM = """
import typing
x = typing.Optional["print('evaluated')"]
y = typing.List["__import__('os')"]
return type(x) is not None
"""


async def test_a_reference_is_never_evaluated(attempt):
    await attempt.returns(True, PROGRAM)


PROGRAMS = [
    """
import typing
typing.List[int].append
""",
    """
import typing
typing.Union[int, str].copy_with
""",
    """
import typing
typing.get_type_hints
""",
    """
import typing
typing.sys
""",
    """
import typing
getattr(typing.List[int], '__origin__')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_what_typing_makes_shows_nothing(attempt, program):
    await attempt.raises("AttributeError", program)
