"""Dataclasses are made from the names and defaults of a class body, by code that reads and sets attributes by those
names.
"""

import pytest

PROGRAMS = [
    """
from dataclasses import dataclass
@dataclass
class K:
    __class__: int
""",
    """
from dataclasses import dataclass
@dataclass
class K:
    _getattr_: int = 1
""",
    """
from dataclasses import dataclass
@dataclass
class K:
    gi_frame: int
x = K(1).gi_frame
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_field_is_a_dunder(attempt, program):
    await attempt.refused(program)


NO_VALUE_IS_PUT_UNDER_ONE = [
    """
from dataclasses import dataclass
@dataclass
class K:
    x: int
K(**{'x': 1, '__class__': int})
""",
    """
from dataclasses import dataclass, replace
@dataclass
class K:
    x: int
replace(K(1), **{'__dict__': {}})
""",
    """
from dataclasses import dataclass
dataclass(dict)
""",
    """
from dataclasses import dataclass
dataclass(asyncio.Event)
""",
]


@pytest.mark.parametrize("program", NO_VALUE_IS_PUT_UNDER_ONE)
async def test_no_value_is_put_under_one(attempt, program):
    await attempt.raises("TypeError", program)


PROGRAM = """
from dataclasses import dataclass, field
@dataclass
class K:
    x: list = field(default_factory=list)
    y: str = field(default_factory=lambda: 'x')
return [K().x, K().y]
"""


async def test_a_default_factory_is_called_without_rights(attempt):
    await attempt.returns([[], "x"], PROGRAM)
