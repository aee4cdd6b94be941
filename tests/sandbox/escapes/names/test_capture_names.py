"""Names that a pattern captures are texts and not name nodes: `case _getattr_:` would replace the guard."""

import pytest

PROGRAMS = [
    """
match 1:
    case _getattr_: pass
""",
    """
match 1:
    case int() as _getattr_: pass
""",
    """
match [1]:
    case [*_getattr_]: pass
""",
    """
match {}:
    case {**_getattr_}: pass
""",
    """
match [1]:
    case [1 | 2 as _getattr_]: pass
""",
    """
match {1: 2}:
    case {1: _getattr_}: pass
""",
    """
match 1:
    case int(_getattr_): pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_pattern_captures_a_guard(attempt, program):
    await attempt.refused(program)
