"""`AttributeError.obj` is the object that lacked the attribute: a module behind a façade (CVE-2024-47532)."""

import pytest

PROGRAMS = [
    """
try:
    getattr(asyncio, 'nope')
except AttributeError as e:
    e.obj
""",
    """
try:
    getattr(client, 'nope')
except AttributeError as e:
    e.obj
""",
    """
try:
    getattr(asyncio, 'nope')
except AttributeError as e:
    '{0.obj}'.format(e)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_closed(attempt, program):
    await attempt.raises("AttributeError", program)
