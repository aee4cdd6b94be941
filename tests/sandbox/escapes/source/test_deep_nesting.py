"""Nesting that overflows the stack of the parser, the checker or the compiler, which are C in part."""

import pytest

SOURCES = {
    "brackets": "return " + "(" * 5_000 + ")" * 5_000,
    "lists": "return " + "[" * 190 + "]" * 190 + "*1" * 2_000,
    "minus signs": "return " + "-" * 30_000 + "1",
    "not": "return " + "not " * 10_000 + "1",
    "attributes": "return client" + ".a" * 20_000,
    "subscripts": "return client" + "[0]" * 10_000,
    "calls": "return print" + "()" * 10_000,
    "sums": "return " + "+".join("1" * 20_000),
    "lambdas": "return " + "lambda:" * 5_000 + "1",
    "conditions": "return " + "1 if 1 else " * 4_000 + "1",
    "blocks": "".join(" " * depth + "if 1:\n" for depth in range(90)) + " " * 90 + "x = (" + "(" * 80 + ")" * 81,
    "else ifs": "if 1: pass\n" + "elif 1: pass\n" * 4_000,
    "f-strings": "return " + "f'{" * 4 + "1" + "}'" * 4,
    "patterns": "match 1:\n case " + "[" * 3_000 + "]" * 3_000 + ": pass",
    "comparisons": "return " + "<".join("1" * 15_000),
    "strings": "return " + "'' " * 20_000,
}


@pytest.mark.parametrize("name", SOURCES)
async def test_the_end_has_a_name(attempt, name):
    outcome = await attempt(SOURCES[name])
    if outcome.status != "completed":
        assert outcome.failure.type_name in (
            *("SyntaxError", "CheckError", "PolicyError", "RecursionError", "TypeError", "AttributeError"),
            *("LimitReached", "WorkerCrashed"),
        )
        assert "went away" not in outcome.failure.message
