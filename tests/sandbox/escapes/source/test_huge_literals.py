"""Comments, strings and numbers as long as the text may be."""

import pytest

LONG = 60_000


@pytest.mark.parametrize(
    "program",
    [
        "#" + "x" * LONG + "\nreturn 1",
        "x = '" + "x" * LONG + "'\nreturn 1",
        "\\\n" * (LONG // 2) + "return 1",
        "\n" * LONG + "return 1",
        "x" * LONG + " = 1\nreturn 1",
        "x = '" + "\\N{SNOWMAN}" * 5_000 + "'\nreturn 1",
    ],
    ids=["comment", "string", "continuation", "lines", "name", "names of characters"],
)
async def test_it_is_a_program_like_others(attempt, program):
    await attempt.returns(1, program)


@pytest.mark.parametrize("number", ["9" * LONG, "0x" + "f" * LONG, "1e" + "9" * LONG, "1_" * (LONG // 2) + "1"])
async def test_a_number_ends_with_a_name(attempt, number):
    outcome = await attempt(f"x = {number}\nreturn 1")
    assert outcome.value == 1 or outcome.failure.type_name == "SyntaxError"
