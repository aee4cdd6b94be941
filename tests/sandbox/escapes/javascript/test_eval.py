"""Code from text, at the top and inside, does not see the names of the prelude."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "return (0, eval)('typeof outbox + typeof post + typeof answered + typeof SETUP')": "undefinedundefinedundefinedundefined",
    "return eval('typeof outbox + typeof post + typeof answered + typeof SETUP')": "undefinedundefinedundefinedundefined",
    "return eval('typeof $enter$ + typeof $keep$')": "functionfunction",
    "return setTimeout.constructor('return typeof timers + typeof schedule')()": "undefinedundefined",
    "const found = []; with ({}) { found.push(typeof mapGet) } return found": ["undefined"],
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_names_of_the_prelude_are_not_in_reach(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]
