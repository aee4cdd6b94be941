"""Holds all ideas of this folder against the language layer alone, and against no layer at all."""

import ast
import contextlib
import errno
import json
import re
import socket
import sys
from pathlib import Path

import anyio
import pytest

HERE = Path(__file__).parent
CALL = r'syscall\(\s*"(\w+)"'
"""Some system calls are on some machines only."""


def constants(path):
    """Returns the literal constants of a test module."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


IDEAS = {path.stem.removeprefix("test_"): constants(path) for path in sorted(HERE.glob("test_*.py"))}
PROGRAMS = {
    name: idea.get("SOURCES", {"": idea.get("SOURCE")})
    for name, idea in IDEAS.items()
    if idea.keys() & {"SOURCE", "SOURCES"}
}


def gets_through(name, variant):
    """Tells whether an attempt succeeds where nothing is locked, whoever makes it."""
    claim = IDEAS[name].get("GETS_THROUGH_UNLOCKED", ())
    return claim is True or (claim is not False and variant in claim)


def test_there_are_many_ideas():
    assert len(PROGRAMS) > 100


@pytest.mark.parametrize(
    "name", [name for name in PROGRAMS if not IDEAS[name].get("MAY_BE_WRITTEN_IN_THE_LANGUAGE", False)]
)
async def test_the_language_refuses_it_too(attempt_in_the_language, name):
    for program in PROGRAMS[name].values():
        outcome = await attempt_in_the_language(program)
        assert (outcome.status, outcome.calls) == ("failed", ()), program


@pytest.fixture
async def unguarded_places(tmp_path):
    """What stands for the canaries where nothing guards them."""
    (tmp_path / "secret").write_text("the secret")
    stream = socket.create_server(("127.0.0.1", 0))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    local = socket.socket(socket.AF_UNIX)
    other = await anyio.open_process([sys.executable, "-c", "input()"])
    with stream, datagrams, local:
        datagrams.bind(("127.0.0.1", 0))
        local.bind(str(tmp_path / "socket"))
        local.listen()
        yield {
            "@FILE@": tmp_path / "secret",
            "@FOLDER@": tmp_path,
            "@PORT@": stream.getsockname()[1],
            "@DATAGRAM_PORT@": datagrams.getsockname()[1],
            "@SOCKET@": tmp_path / "socket",
            "@HOST_PID@": other.pid,
            "@RAW_NEIGHBOUR_PID@": other.pid,
        }
    other.kill()
    await other.aclose()


def is_refused(frame):
    """Tells whether what is around this process, a container for example, refuses an attempt by itself."""
    message = (frame.get("failure") or {}).get("message", "")
    return message.startswith(tuple(f"[Errno {number}]" for number in (errno.EPERM, errno.EACCES, errno.ENOSYS)))


@pytest.mark.skipif(sys.platform != "linux", reason="the attempts are for Linux")
async def test_attempts_get_through_where_nothing_is_locked(unguarded_places, completed, numbers):
    """Without this, a program with a slip of the pen would count as one that was stopped."""
    programs = {}
    for name, variants in PROGRAMS.items():
        for variant, program in variants.items():
            if not gets_through(name, variant) or set(re.findall(CALL, program)) - numbers.keys():
                continue
            for place, value in unguarded_places.items():
                program = program.replace(place, str(value))
            programs[f"{name}: {variant}"] = completed(program)
    assert len(programs) > 100
    with anyio.fail_after(120):
        run = await anyio.run_process([sys.executable, str(HERE / "unlocked.py")], input=json.dumps(programs).encode())
    frames = json.loads(run.stdout)
    stopped = {name: frame for name, frame in frames.items() if frame["status"] != "completed"}
    assert len(stopped) < len(frames) / 4
    assert {name: frame for name, frame in stopped.items() if not is_refused(frame)} == {}
