"""`str.format` reads attributes on its own (the first advisory, and CVE-2023-41039). Here its fields go through the
guard.
"""

import pytest

PROGRAMS = [
    "'{0.__class__.__mro__}'.format(1)",
    "'{x.__class__.__mro__}'.format(x=1)",
    "'{0.gi_frame}'.format(x for x in ())",
    "'{0[0].__init__}'.format([1])",
    "'{:{0.__init__}}'.format(1)",
    "'{0!r:{1.f_globals}}'.format(1, 2)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_its_fields_go_through_the_guard(attempt, program):
    await attempt.raises("AttributeError", program)


AS_A_VALUE_IT_IS_THE_SAME = [
    "str.format('{0.__class__.__mro__}', 1)",
    "getattr('{0.real.__class__.__base__}', 'format')(1)",
    "list(map('{0.__init__}'.format, [1]))",
    """
import functools
functools.partial(str.format, '{0.__init__}')(1)
""",
]


@pytest.mark.parametrize("program", AS_A_VALUE_IT_IS_THE_SAME)
async def test_as_a_value_it_is_the_same(attempt, program):
    await attempt.raises("AttributeError", program)
