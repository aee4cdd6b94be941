"""Python reads names in a normal form: full-width underscores and ligatures become plain letters after the text was
written. The policy looks at the tree, where that has happened.
"""

import pytest

PROGRAMS = [
    "x = int._＿base＿_",
    "def f(_getattr＿): pass",
    "_getattr＿ = 1",
    "x = (x for x in ()).gi＿frame",
    "x = (x for x in ()).ｇｉ_ｆｒａｍｅ",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_wide_underscores_are_underscores(attempt, program):
    await attempt.refused(program)


WIDE_LETTERS_IN_A_TEXT_ARE = [
    "getattr((), '＿＿class＿＿')",
    "getattr((x for x in ()), 'ｇｉ_frame')",
]


@pytest.mark.parametrize("program", WIDE_LETTERS_IN_A_TEXT_ARE)
async def test_wide_letters_in_a_text_are_other_letters(attempt, program):
    await attempt.raises("AttributeError", program)


async def test_a_wide_module_is_the_plain_one(attempt):
    await attempt.raises("ModuleNotFoundError", "import ｏｓ")


async def test_a_wide_name_of_a_module_finds_nothing_more(attempt):
    await attempt.raises("ImportError", "from json import ｃodecs")
