"""`except ... as name` holds the name as text, and deletes it afterwards: the guard would be gone."""

import pytest

PROGRAMS = [
    """
try:
    1 / 0
except Exception as _getattr_:
    pass
""",
    """
try:
    1 / 0
except (TypeError, ValueError) as _write_:
    pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_handler_binds_a_guard(attempt, program):
    await attempt.refused(program)
