"""A parameter that is called like a guard replaces it in the whole function: plain, positional-only (CVE-2026-55830),
keyword-only, starred, of a lambda.
"""

import pytest

PROGRAMS = [
    """
async def run(c, _getattr_=lambda o, n: 'ESCAPED'):
    return c
""",
    "def f(_getattr_, /): return (1).real",
    "def f(a, _write_, /, b): pass",
    "def f(*, _getattr_): pass",
    "def f(*_getattr_): pass",
    "def f(**_getattr_): pass",
    "f = lambda _getattr_: 1",
    "f = lambda _write_, /: 1",
    "f = lambda *_apply_: 1",
    "f = lambda **_getitem_: 1",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_parameter_has_the_name_of_a_guard(attempt, program):
    await attempt.refused(program)
