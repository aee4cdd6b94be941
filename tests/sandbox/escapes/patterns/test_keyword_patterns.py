"""`case K(name=x)` reads any attribute without a guard."""

import pytest

PROGRAMS = [
    """
match (x for x in ()):
    case object(gi_frame=f): pass
""",
    """
class K: pass
match K():
    case K(f_builtins=b): pass
""",
    """
match 1:
    case int(real=x): pass
""",
    """
match ():
    case tuple(__class__=x): pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_keyword_patterns_are_refused(attempt, program):
    await attempt.refused(program)
