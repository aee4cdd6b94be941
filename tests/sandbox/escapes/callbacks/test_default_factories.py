"""`defaultdict` calls its factory from C, with nothing on the stack but the runtime."""

import pytest

PROGRAM = """
import collections
d = collections.defaultdict(list)
d.default_factory = lambda: 1
return [[], d['x']]
"""


async def test_the_factory_is_the_programs(attempt):
    await attempt.returns([[], 1], PROGRAM)


PROGRAMS = [
    """
import collections
collections.defaultdict(getattr)['x']
""",
    """
import collections
collections.defaultdict(setattr)['x']
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_guard_as_a_factory_gets_no_arguments(attempt, program):
    await attempt.raises("TypeError", program)
