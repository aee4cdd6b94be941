"""The demo's program: the example of the documentation with a wish in it."""

import ast
from importlib import resources
from pathlib import Path

import pytest

from flora_mcp.cli.demo.program import EXAMPLE, program, with_values
from flora_mcp.cli.wish import Wish

DOCUMENTED = Path(__file__).parents[2] / "docs" / "examples" / "product_shots.py"


def constants(text: str) -> dict[str, object]:
    found = {}
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            found[statement.targets[0].id] = ast.literal_eval(statement.value)
    return found


def test_the_demo_runs_the_documented_example() -> None:
    packaged = resources.files("flora_mcp.cli.demo").joinpath(EXAMPLE).read_text(encoding="utf-8")
    assert packaged == DOCUMENTED.read_text(encoding="utf-8")


def test_the_wish_takes_the_place_of_the_constants() -> None:
    wish = Wish(prompt="a bowl", count=2, aspect_ratio="1:1", resolution="1k", model="t2i-x", seed=3)
    assert constants(program(wish, poll_seconds=0.5)) == {
        "PROMPT": "a bowl",
        "COUNT": 2,
        "PARAMS": {"aspect_ratio": "1:1", "resolution": "1k"},
        "MODEL": "t2i-x",
        "SEED": 3,
        "POLL_SECONDS": 0.5,
    }


@pytest.mark.parametrize(
    "prompt", ['"\nimport os', "'''", "\\", "{PROMPT}", "a\x00b", "\u2028x = 1", '"""\nraise SystemExit', "日本 🫖"]
)
def test_no_prompt_becomes_code(prompt: str) -> None:
    written = program(Wish(prompt=prompt), poll_seconds=1)
    assert constants(written)["PROMPT"] == prompt
    example = DOCUMENTED.read_text(encoding="utf-8")
    assert [type(each) for each in ast.parse(written).body] == [type(each) for each in ast.parse(example).body]


def test_a_constant_that_the_program_does_not_have_is_an_error() -> None:
    with pytest.raises(AssertionError, match="COLOUR"):
        with_values("SEED = 1\n", {"COLOUR": "red"})
