"""Where no engine is installed, programs in JavaScript are told so, and programs in Python run."""

import json
import subprocess
import sys
from typing import Any

from code_sandbox import Exposure, Limits
from code_sandbox._javascript.engine import load_engine
from code_sandbox._worker.channel import Channel
from code_sandbox._worker.languages import Languages
from code_sandbox.sandbox import _setup_frame


class Nothing:
    """An inbox in which nothing arrives."""

    def read(self, timeout_seconds: float | None) -> bytes | None:
        return None


def languages() -> Languages:
    setup: dict[str, Any] = json.loads(_setup_frame(Exposure(methods=()), Limits())[4:])
    return Languages(channel=Channel(inbox=Nothing(), descriptor=0), setup=setup, engine=None)


def test_a_lacking_engine_is_told_with_what_to_install():
    frame = languages().run("const x = 1; return x")
    assert (frame["status"], frame["failure"]["type_name"]) == ("failed", "LanguageUnavailable")
    assert "quickjs-ng" in frame["failure"]["hint"]


def test_python_runs_without_an_engine():
    assert languages().run("1 + 1")["value"] == 2


def test_loading_the_engine_starts_no_thread():
    program = (
        "import sys; sys.path[:0] = sys.argv[1].split('|')\n"
        "from code_sandbox._javascript.engine import load_engine\n"
        "import threading\n"
        "assert load_engine() is not None\n"
        "print(threading.active_count(), 'quickjs' in sys.modules, 'tree_sitter_typescript' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, "|".join(sys.path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout == "1 False False\n"


def test_the_engine_is_loaded_once():
    first, second = load_engine(), load_engine()
    assert first is not None
    assert second is not None
    assert first.quickjs is second.quickjs
