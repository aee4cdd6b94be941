"""`except*` splits groups through methods of the group, and confused types in CPython (CVE-2025-22153)."""

import pytest

PROGRAMS = [
    """
try:
    1 / 0
except* ZeroDivisionError:
    pass
""",
    """
try:
    1 / 0
except* ZeroDivisionError as _getattr_:
    pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_except_star_is_refused(attempt, program):
    await attempt.refused(program)


THE_METHODS_OF_GROUPS_ARE = [
    "ExceptionGroup('x', [ValueError()]).split(ValueError)",
    "ExceptionGroup('x', [ValueError()]).derive([])",
    "ExceptionGroup('x', [ValueError()]).subgroup(ValueError)",
]


@pytest.mark.parametrize("program", THE_METHODS_OF_GROUPS_ARE)
async def test_the_methods_of_groups_are_closed(attempt, program):
    await attempt.raises("AttributeError", program)


async def test_the_members_are_the_programs_own(attempt):
    await attempt.returns(["a"], "return [str(e) for e in ExceptionGroup('x', [ValueError('a')]).exceptions]")
