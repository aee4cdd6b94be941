"""The rewriting of unpacking uses names of its own; a program that knows them could come in between."""

import pytest

PROGRAMS = [
    "_tmp0 = 1",
    "def f(_tmp1): pass",
    "_print = 1",
    "x = _tmp0",
    "for _tmp2 in (): pass",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_temporary_names_are_taken(attempt, program):
    await attempt.refused(program)
