"""A function or a class that is called like a guard."""

import pytest

PROGRAMS = [
    "def _getattr_(o, n): return 'ESCAPED'",
    "async def _getattr_(o, n): return 'ESCAPED'",
    "class _getattr_: pass",
    """
class K:
    def _getattr_(o, n): return 'ESCAPED'
    x = (1).real
""",
    """
class K:
    _getattr_ = lambda o, n: 'ESCAPED'
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_definition_binds_a_guard(attempt, program):
    await attempt.refused(program)
