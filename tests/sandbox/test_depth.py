"""Expressions of many parts, which make deep trees, and what is deeper than any reader can follow."""

# ruff: noqa: E501 - tables of programs read best with one to a line

import pytest

LONG = {
    "a sum": ("x = 1\nreturn " + " + ".join(["x"] * 1_000), 1_000),
    "texts": ("x = 'a'\ny = " + " + ".join([f"f'{{x}}{n}'" for n in range(1_000)]) + "\nlen(y)", 3_890),
    "lists": ("len(" + " + ".join(["[0]"] * 1_000) + ")", 1_000),
    "lines": ("len(\n" + " +\n".join(["'a'"] * 1_000) + ")", 1_000),
    "conditions": ("x = 1\n" + " and ".join(["x"] * 1_000), 1),
    "choices": ("x = 7\n" + "".join(f"{n} if x == {n} else " for n in range(500)) + "x", 7),
    "branches": ("x = 7\nif x < 0: pass\n" + "".join(f"elif x == {n}: x = 'seven'\n" for n in range(900)) + "x", "seven"),
    "powers": ("x = 1\nreturn " + "**".join(["x"] * 900), 1),
    "methods": ("x = 'a'\nreturn x" + ".strip()" * 300, "a"),
    "subscripts": ("x = []\nx.append(x)\nlen(x" + "[0]" * 600 + ")", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
async def test_an_expression_of_many_parts_works(run, name):
    program, value = LONG[name]
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value == value
    assert outcome.cpu_seconds < 1.5


TOO_DEEP = {
    "signs": ("x = 1\nreturn " + "-" * 50_000 + "1", 2),
    "a sum": ("x = 1\nreturn " + "+".join(["x"] * 1_300), 2),
    "a long sum": ("x = 1\nreturn " + "+".join(["x"] * 6_000), 2),
    "powers": ("x = 1\nreturn " + "**".join(["x"] * 9_000), 2),
    "attributes": ("x = 1\nx" + ".a" * 5_000, 2),
    "branches": ("x = 1\nif x: pass\n" + "elif x: pass\n" * 1_500, 1_200),
    "too many branches": ("x = 1\nif x: 0\n" + "elif x:0\n" * 6_500, None),
    "functions": ("return " + "lambda: " * 5_000 + "1", 1),
}


@pytest.mark.parametrize("name", TOO_DEEP)
async def test_what_is_too_deep_is_a_syntax_error(run, name):
    program, line = TOO_DEEP[name]
    outcome = await run(f"print('it runs')\n{program}")
    failure = outcome.failure
    assert (outcome.status, outcome.printed, failure.type_name) == ("failed", "", "SyntaxError")
    assert failure.message == "the program is nested too deeply, or has an expression of too many parts"
    assert failure.line == (None if line is None else line + 1)


async def test_the_program_itself_recurses_no_deeper(run):
    outcome = await run(
        "def f(n):\n    try:\n        return f(n + 1)\n    except RecursionError:\n        return n\nf(0)"
    )
    assert 500 < outcome.value < 1_000
