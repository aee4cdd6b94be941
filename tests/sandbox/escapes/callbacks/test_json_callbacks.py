"""`json.dumps` calls `default`, and `json.loads` could call hooks for every object."""

import pytest

PROGRAM = """
import json
class K: pass
return json.dumps([K()], default=lambda value: type(value).__name__)
"""


async def test_default_gets_the_programs_own_objects(attempt):
    await attempt.returns('["K"]', PROGRAM)


PROGRAMS = [
    """
import json
json.loads('{}', object_hook=print)
""",
    """
import json
json.loads('1', parse_int=print)
""",
    """
import json
json.dumps(1, cls=print)
""",
    """
import json
json.loads('{}', cls=dict)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_there_are_no_hooks(attempt, program):
    await attempt.raises("TypeError", program)


AN_ENDLESS_DEFAULT_ENDS = """
import json
class K: pass
json.dumps(K(), default=lambda value: [K()], indent=1)
"""


async def test_an_endless_default_ends(attempt):
    await attempt.raises("RecursionError", AN_ENDLESS_DEFAULT_ENDS)
