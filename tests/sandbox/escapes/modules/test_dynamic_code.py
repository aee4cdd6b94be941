"""`eval`, `exec` and `compile` make code that the policy has not seen."""

import pytest

PROGRAMS = [
    "x = eval('1')",
    "exec('1')",
    "breakpoint()",
    "x = breakpoint",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_refused(attempt, program):
    await attempt.refused(program)


UNDER_OTHER_NAMES_THEY_ARE = [
    "e = eval",
    "f = [exec][0]",
    "compile('1', '', 'eval')",
    "globals()",
    "locals()",
    "input()",
    "memoryview(b'')",
    "help()",
    "exit()",
]


@pytest.mark.parametrize("program", UNDER_OTHER_NAMES_THEY_ARE)
async def test_under_other_names_they_are_not_there(attempt, program):
    await attempt.raises("NameError", program)
