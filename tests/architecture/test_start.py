"""What a server loads before it can answer: every import there makes each start longer."""

import subprocess
import sys

LATE = ("sqlalchemy", "psycopg", "dbos", "numpy", "av", "jwt", "prometheus_client")
"""Imported when the first call needs them, on a thread; or by servers over HTTP."""

BEHIND = ("code_sandbox", "flora_mcp.app", "flora_mcp.flora", "flora_mcp.tools", "flora_mcp.outputs", "PIL", "httpx")
"""Imported behind the back of a client that has its first answer."""

COLLECTED = """
import gc
from flora_mcp.imports import import_quickly
before = gc.get_stats()[2]["collections"]
import_quickly("flora_mcp.app")
print(gc.get_stats()[2]["collections"] - before, gc.isenabled(), gc.get_freeze_count() > 0)
"""


def run(program: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()


def loaded_by(names: str) -> set[str]:
    return set(run(f"import sys, {names}; print(*sys.modules)"))


def test_a_server_leaves_what_is_large_for_later() -> None:
    assert sorted(set(LATE) & loaded_by("flora_mcp.app, flora_mcp.cli.main")) == []


def test_a_server_shakes_hands_before_it_loads_what_it_works_with() -> None:
    assert sorted(set(LATE + BEHIND) & loaded_by("flora_mcp.cli.main, flora_mcp.cli.serve.command")) == []


def test_a_starting_server_does_not_look_for_garbage_among_what_it_imports() -> None:
    assert run(COLLECTED) == ["0", "True", "True"]
