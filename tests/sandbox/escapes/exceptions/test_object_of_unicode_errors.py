"""`UnicodeError.object` is the whole text or buffer that was being converted."""

import pytest

PROGRAMS = [
    """
try:
    'ä'.encode('ascii')
except ValueError as e:
    e.object
""",
    r"""
try:
    b'\xff'.decode()
except ValueError as e:
    e.object
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_closed(attempt, program):
    await attempt.raises("AttributeError", program)
