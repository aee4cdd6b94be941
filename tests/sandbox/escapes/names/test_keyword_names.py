"""The name of an argument is a text too; a function that takes any would hand it on to one that binds it."""

import pytest

PROGRAMS = [
    "x = dict(_getattr_=1)",
    "x = dict(__class__=1)",
    "x = dict(**{}, _print=1)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_argument_has_the_name_of_a_guard(attempt, program):
    await attempt.refused(program)


PROGRAM = """
def f(**names): return sorted(names)
f(**{'_getattr_': 1, '__builtins__': 2})
"""


async def test_a_name_from_a_dictionary_stays_a_key(attempt):
    await attempt.returns(["__builtins__", "_getattr_"], PROGRAM)


A_NAME_OF_THE_CALL_GUARDS_OWN = """
def f(**names): return [names['function'], names['values'], names['named']]
f(**{'function': 1, 'values': 2, 'named': 3})
"""


async def test_a_name_of_the_call_guards_own_parameters_is_nothing_special(attempt):
    await attempt.returns([1, 2, 3], A_NAME_OF_THE_CALL_GUARDS_OWN)
