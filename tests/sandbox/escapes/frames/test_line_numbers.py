"""The line of a failure is read from frames. A program that forges exceptions must not decide what the report reads."""

import pytest

PROGRAMS = [
    "raise SyntaxError(1, ('<program>', [], 1, ''))",
    "raise SyntaxError('x', ('<program>', 'line', {}, ''))",
    "raise SyntaxError(print, ('<program>', print, 1, ''))",
    "raise SyntaxError('x', ('<program>', 10 ** 50, 1, ''))",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_forged_syntax_error_is_an_error_like_others(attempt, program):
    outcome = await attempt(program)
    assert (outcome.failure.type_name, outcome.failure.line) == ("SyntaxError", 1)


PROGRAM = """
def f():
    return ValueError('x')
e = f()
raise e
"""


async def test_an_exception_of_elsewhere_has_the_line_that_raised_it(attempt):
    outcome = await attempt(PROGRAM)
    assert outcome.failure.line == 5
