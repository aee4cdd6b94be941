"""What a server loads before it can answer: every import there makes each start longer."""

import subprocess
import sys

LATE = ("sqlalchemy", "psycopg", "dbos", "numpy", "av", "jwt", "prometheus_client")
"""Imported when the first call needs them, on a thread; or by servers over HTTP."""

PROGRAM = "import sys, flora_mcp.app, flora_mcp.cli.main; print(*sys.modules)"


def test_a_starting_server_leaves_what_is_large_for_later() -> None:
    told = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert sorted(set(LATE) & set(told.stdout.split())) == []


COLLECTED = """
import gc, importlib
main = importlib.import_module("flora_mcp.cli.main")
before = gc.get_stats()[2]["collections"]
main._import("flora_mcp.cli.serve.command")
print(gc.get_stats()[2]["collections"] - before, gc.isenabled(), gc.get_freeze_count() > 0)
"""


def test_a_starting_server_does_not_look_for_garbage_among_what_it_imports() -> None:
    told = subprocess.run([sys.executable, "-c", COLLECTED], check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["0", "True", "True"]
