"""Runs plain Python in real processes that have locked themselves in."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import code_sandbox

PROGRAMS = Path(__file__).parent / "programs"
PACKAGES = str(Path(code_sandbox.__file__).parents[1])
SECONDS = 30

CASE = {
    "nobody": False,
    "alone": True,
    "before": "",
    "process": True,
    "process_namespace": False,
    "worker": True,
    "cpu_seconds": 5.0,
    "memory_bytes": 64 * 2**20,
}


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a locked process ended, and what it said."""

    frame: dict[str, Any]
    said: list[Any]
    code: int
    """Negative: the signal that ended it."""

    @property
    def level(self) -> str:
        return str(self.frame["level"])

    @property
    def layers(self) -> set[str]:
        return set(self.frame["layers"])

    @property
    def missing(self) -> dict[str, str]:
        return dict(self.frame["missing"])


def begin(
    sources: dict[str, str], *, refused: dict[str, int] | None = None, **case: Any
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Starts a process that locks itself in, on a socket of ours."""
    whole = json.dumps(CASE | {"sources": sources} | case)
    command = [sys.executable, "-I", "-S", str(PROGRAMS / "locked.py"), PACKAGES, whole]
    if refused:
        command = [sys.executable, "-I", "-S", str(PROGRAMS / "contained.py"), json.dumps(refused), *command]
    ours, theirs = socket.socketpair()
    ours.settimeout(SECONDS)
    with theirs:
        process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, env={})
    return process, ours


def finish(process: subprocess.Popen[bytes], ours: socket.socket) -> list[Any]:
    """Returns all that a process says until its end."""
    with ours, ours.makefile("rb") as stream, process:
        try:
            said = [json.loads(line) for line in stream]
        except BaseException:
            process.kill()
            raise
    assert said, "it ended before it was locked in"
    return said


@pytest.fixture(params=["as we are", "as nobody"], scope="session")
def nobody(request: pytest.FixtureRequest) -> bool:
    """Whether the process is that of an ordinary user, though we are root."""
    if not sys.platform.startswith("linux"):
        pytest.skip("locks itself in by Linux's means")
    as_nobody = request.param == "as nobody"
    if as_nobody and os.geteuid() != 0:
        pytest.skip("we are no root, so the other case is this one")
    return as_nobody


@pytest.fixture
def as_root(nobody: bool) -> bool:
    """Whether the process begins as root."""
    return not nobody and os.geteuid() == 0


Lock = Callable[..., Ended]
LockAll = Callable[[dict[str, str]], dict[str, Ended]]


@pytest.fixture
def lock(nobody: bool) -> Lock:
    """Runs Python in a process that has locked itself in; keywords are those of `CASE`, and `refused` calls."""

    def run(source: str = "", **case: Any) -> Ended:
        process, ours = begin({"": source}, nobody=nobody, **case)
        frame, *said = finish(process, ours)
        return Ended(frame=frame, said=said, code=process.returncode)

    return run


@pytest.fixture
def begun(nobody: bool) -> Callable[..., tuple[subprocess.Popen[bytes], socket.socket]]:
    """Starts a process that locks itself in, and returns it with the socket on which it speaks."""

    def run(source: str, **case: Any) -> tuple[subprocess.Popen[bytes], socket.socket]:
        return begin({"": source}, nobody=nobody, **case)

    return run


@pytest.fixture(scope="session")
def lock_all(nobody: bool) -> LockAll:
    """Runs each text in a fork of its own, that locks itself in. Texts that were run before are not run again."""
    known: dict[str, dict[str, Ended]] = {}

    def run(sources: dict[str, str]) -> dict[str, Ended]:
        key = json.dumps(sources)
        if key not in known:
            [ends] = finish(*begin(sources, nobody=nobody, alone=False))
            known[key] = {name: Ended(**end) for name, end in ends.items()}
        return known[key]

    return run
