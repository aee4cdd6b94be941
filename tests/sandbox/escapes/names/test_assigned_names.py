"""A guard's name as the target of an assignment, of any kind."""

import pytest

PROGRAMS = [
    "_getattr_ = 1",
    "x = y = _getattr_ = 1",
    "_getattr_, x = 1, 2",
    "[x, *_getattr_] = 1, 2",
    "_getattr_: int = 1",
    "_getattr_: int",
    "_getattr_ += 1",
    "(_getattr_ := 1)",
    "del _getattr_",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_target_has_the_name_of_a_guard(attempt, program):
    await attempt.refused(program)
