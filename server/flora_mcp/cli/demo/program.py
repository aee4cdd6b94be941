"""The program that the demo has the server run: an example, with the wish put in its place."""

import ast
from collections.abc import Mapping
from importlib import resources

from flora_mcp.cli.wish import Wish

EXAMPLE = "product_shots.py.txt"
"""The text of `docs/examples/product_shots.py`; a test keeps the two the same."""


def program(wish: Wish, *, poll_seconds: float) -> str:
    """Returns the program that makes what is wished for."""
    text = resources.files("flora_mcp.cli.demo").joinpath(EXAMPLE).read_text(encoding="utf-8")
    params = {"aspect_ratio": wish.aspect_ratio}
    if wish.resolution is not None:
        params["resolution"] = wish.resolution
    values = {
        "PROMPT": wish.prompt,
        "COUNT": wish.count,
        "PARAMS": params,
        "MODEL": wish.model,
        "SEED": wish.seed,
        "POLL_SECONDS": poll_seconds,
    }
    return with_values(text, values)


def with_values(text: str, values: Mapping[str, object]) -> str:
    """Returns the program with its constants set anew, each as a Python literal: no value can become code."""
    lines = text.splitlines()
    wanted = dict(values)
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            if name in wanted:
                assert statement.end_lineno == statement.lineno
                lines[statement.lineno - 1] = f"{name} = {wanted.pop(name)!r}"
    assert not wanted, f"the program has no constants {sorted(wanted)}"
    return "\n".join(lines) + "\n"
