"""The worker of `_testing`: plain Python with real builtins, locked in exactly as a released worker is.

No released module names this one: `_testing` alone puts it on the command line of a process that it starts.
"""

import ast
import builtins
import ctypes
import importlib
import json
from pathlib import Path
from traceback import walk_tb
from types import FrameType, ModuleType
from typing import Any, NoReturn

from code_sandbox._testing_client import Surroundings
from code_sandbox._worker.channel import Channel
from code_sandbox._worker.main import main as run_worker
from code_sandbox._worker.stop import LimitReached

FILE_NAME = "<raw program>"
BODY = "_program_"
MODULES = (
    "array",
    "asyncio",
    "builtins",
    "ctypes",
    "ctypes.util",
    "encodings.idna",
    "errno",
    "fcntl",
    "gc",
    "hashlib",
    "inspect",
    "io",
    "json",
    "mmap",
    "multiprocessing.shared_memory",
    "os",
    "pathlib",
    "re",
    "resource",
    "select",
    "selectors",
    "shutil",
    "signal",
    "socket",
    "struct",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
)
"""Imported before the worker locks itself in: an attacker who has broken out would bring their like along."""


class RawInterpreter:
    """Executes programs without any language layer.

    A program finds the modules, `channel`, `setup` and `memory_map` (the text of /proc/self/maps from before the
    lock-down) among its globals. What it binds to `result` is its value.

    With `language="python"` it is a program as agents write them, the body of a coroutine: it finds the exposed methods
    and errors besides, a real event loop runs it, and what it returns is its value.
    """

    def __init__(self, *, channel: Channel, setup: dict[str, Any]) -> None:
        self._channel = channel
        self._names: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins, "channel": channel}
        self._names |= {"setup": setup} | loaded_modules()
        # Loads what ctypes loads late, as the program could not.
        ctypes.CDLL(None, use_errno=True).getpid()
        maps = Path("/proc/self/maps")
        self._surroundings = Surroundings(channel=channel, setup=setup)
        self._names["memory_map"] = maps.read_text(encoding="utf-8") if maps.exists() else ""

    def run(self, text: str, *, language: str = "auto") -> dict[str, Any]:
        """Executes a program and returns its last frame."""
        names = self._names
        try:
            if language == "python":
                names["result"] = self._returned(text)
            else:
                exec(compile(text, FILE_NAME, "exec"), names)  # noqa: S102 - what this module is for
        except LimitReached as stop:
            return _failed(stop, limit=stop.limit)
        except BaseException as error:
            # The border between a program and its worker: whatever ended it is reported.
            return _failed(error, limit=None)
        value = names.get("result")
        return {"kind": "done", "status": "completed", "value": value, "failure": None}

    def _returned(self, text: str) -> Any:
        wrapped = ast.parse(f"async def {BODY}(): pass", FILE_NAME)
        function = wrapped.body[0]
        assert isinstance(function, ast.AsyncFunctionDef)
        function.body = ast.parse(text, FILE_NAME).body or function.body
        self._names |= self._surroundings.names
        exec(compile(wrapped, FILE_NAME, "exec"), self._names)  # noqa: S102 - what this module is for
        value = self._surroundings.run(self._names[BODY]())
        try:
            json.dumps(value)
        except (TypeError, ValueError):
            # What it got hold of is what canaries look at.
            return repr(value)
        return value

    def stop(self, _: FrameType | None) -> None:
        """Ends the program at its limit of processor time."""
        if not self._channel.is_sending:
            raise LimitReached("cpu_seconds")


def loaded_modules() -> dict[str, ModuleType]:
    """Returns each top module of `MODULES` under its name."""
    for name in MODULES:
        importlib.import_module(name)
    return {name: importlib.import_module(name) for name in {each.split(".")[0] for each in MODULES}}


def main(channel_kind: str, parent_id: int) -> NoReturn:
    """Runs one raw program in a process that was started for it."""
    run_worker(channel_kind, parent_id, RawInterpreter)


def _failed(error: BaseException, *, limit: str | None) -> dict[str, Any]:
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == FILE_NAME]
    failure: dict[str, Any] = {
        "type_name": type(error).__name__,
        "message": str(error),
        "line": lines[-1] if lines else None,
        "hint": None,
        "limit": limit,
        "attributes": {},
        "problems": [],
    }
    return {"kind": "done", "status": "limit" if limit else "failed", "value": None, "failure": failure}
