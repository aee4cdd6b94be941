"""A coding line makes the parser read another text than the checker: UTF-7 hides any character."""

import pytest

PROGRAMS = [
    """
# -*- coding: utf-7 -*-
x = ().+AF8AXw-class__
""",
    r"""
# coding: unicode_escape
x = ().\x5f_class__.__base__
""",
    """
# coding: utf-16
x = ().__class__.__base__
""",
    """
# coding: rot13
k = ().__class__.__base__
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_a_comment(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure.type_name in ("PolicyError", "SyntaxError", "CheckError")


PROGRAM = """
# coding: utf-7
return '+AF8-'
"""


async def test_it_changes_no_text(attempt):
    await attempt.returns("+AF8-", PROGRAM)
