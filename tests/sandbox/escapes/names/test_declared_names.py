"""`global` and `nonlocal` carry names as plain text, which no visitor of names sees."""

import pytest

PROGRAMS = [
    """
def f():
    global _getattr_
    x = 1
""",
    """
def f():
    _x = 1
    def g():
        global x, _write_
""",
    """
class K:
    global __builtins__
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_declaration_names_a_guard(attempt, program):
    await attempt.refused(program)


PROGRAM = """
def f():
    def g():
        nonlocal _getattr_
"""


async def test_a_declaration_of_an_outer_guard_is_no_program(attempt):
    outcome = await attempt(PROGRAM)
    assert outcome.failure.type_name in ("PolicyError", "SyntaxError", "CheckError")
