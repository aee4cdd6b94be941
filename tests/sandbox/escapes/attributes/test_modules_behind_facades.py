"""A real module has a loader, a spec and a dictionary. What programs import are façades, which have members and nothing
else.
"""

import pytest

PROGRAMS = [
    """
import math
getattr(math, '__loader__')
""",
    """
import math
getattr(math, '__spec__')
""",
    """
import math
getattr(math, '__dict__')
""",
    """
import math
getattr(math, '_members')
""",
    """
import math
math.public_names
""",
    """
import json
json.attribute('dumps')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_facade_has_members_only(attempt, program):
    await attempt.raises("AttributeError", program)


A_FACADE_HAS_NO_IMPORTABLE = [
    "from json import attribute",
    "from json import public_names",
    "from json import _members",
]


@pytest.mark.parametrize("program", A_FACADE_HAS_NO_IMPORTABLE)
async def test_a_facade_has_no_importable_insides(attempt, program):
    await attempt.raises("ImportError", program)


async def test_the_dictionary_cannot_be_imported(attempt):
    await attempt.refused("from json import __dict__")
