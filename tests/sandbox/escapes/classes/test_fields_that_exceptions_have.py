"""`asdict`, `replace` and a dataclass's `repr` read the attributes that its fields name: on an exception a field could
be called like an attribute that is closed.
"""

import pytest

PROGRAMS = [
    """
from dataclasses import dataclass, asdict, replace
@dataclass
class K(Exception):
    with_traceback: object
    def __init__(self, **named): pass
asdict(K())
""",
    """
from dataclasses import dataclass, asdict, replace
@dataclass
class K(Exception):
    add_note: object
    def __init__(self, **named): pass
repr(K())
""",
    """
from dataclasses import dataclass, asdict, replace
@dataclass
class K(NotFoundError):
    attribute: object
    def __init__(self, **named): pass
replace(K())
""",
    """
from dataclasses import dataclass, asdict, replace
@dataclass
class K(AttributeError):
    obj: object
    def __init__(self, **named): pass
asdict(K())
""",
    """
from dataclasses import dataclass, asdict, replace
@dataclass
class K(Exception):
    with_traceback: object
    def __init__(self, **named): pass
K() == K()
""",
    """
from dataclasses import dataclass, asdict, replace
@dataclass
class K(Exception):
    with_traceback: object
    def __init__(self, **named): pass
hash(K())
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_field_that_is_not_there_is_not_the_exceptions(attempt, program):
    await attempt.raises("AttributeError", program)


PROGRAM = """
from dataclasses import dataclass, asdict
@dataclass
class K(Exception):
    x: int
return asdict(K(1))
"""


async def test_a_field_that_is_there_is_the_programs(attempt):
    await attempt.returns({"x": 1}, PROGRAM)
