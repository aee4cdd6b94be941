"""NUL, form feeds, byte order marks and half characters, on which parsers and checkers disagree."""

import pytest

PROGRAMS = [
    r"""
x = ()\
.__class__.__base__
""",
    "\x0cx = ().__class__.__base__",
    "\ufeffx = ().__class__.__base__",
    "x = 1 # \x00\ny = ().__class__.__base__",
    "x = ()\u2028.__class__.__base__",
    "x = (\n)\t.\t__class__\\\n.__base__",
    "if True:\x0b x = ().__class__.__base__",
    "\x1ax = ().__class__.__base__",
    "\r\rx = ().__class__.__base__",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_hide_nothing(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure.type_name in ("PolicyError", "SyntaxError", "CheckError")


async def test_half_a_character_never_reaches_a_worker(attempt):
    outcome = await attempt("x = '" + chr(0xD800) + "'")
    assert outcome.failure.type_name == "SyntaxError"
