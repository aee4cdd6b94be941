"""The program becomes the body of a function: `yield`, `return`, `await` and scopes mean something else there."""

import pytest

PROGRAMS = [
    "yield 1",
    "x = yield",
    "await (yield 1)",
    "[(yield 1) for x in ()]",
    "lambda: (await x)",
    """
class K:
    return 1
""",
    "break",
    "nonlocal x",
    """
from __future__ import annotations as _getattr_
x = ().__base__
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_yield_at_the_top_is_refused(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure.type_name in ("PolicyError", "SyntaxError", "CheckError")


NAMES_OF_THE_FUNCTION_AROUND = [
    "x = _program_",
    "_program_()",
    "def f(): return _program_",
    "del _program_",
]


@pytest.mark.parametrize("program", NAMES_OF_THE_FUNCTION_AROUND)
async def test_names_of_the_function_around_are_not_there(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure.type_name in ("PolicyError", "CheckError")
