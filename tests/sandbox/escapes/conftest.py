"""Canaries around every program that tries to get out, and a neighbour that runs beside it.

A program knows where the canaries are: `@FILE@`, `@FOLDER@`, `@PORT@`, `@DATAGRAM_PORT@`, `@SOCKET@`, `@HOST_PID@` and
`@NEIGHBOUR_PID@` in its text are replaced. After each test the fixture looks whether one of them was touched.
"""

import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sandbox.escapes.attempts import EXPOSURE, RAW_LIMITS, Attempt, Unguarded
from sandbox.escapes.canaries import Canaries, Neighbour, Watched
from sandbox.sandboxes import Sandboxes

from code_sandbox import Limits, Sandbox
from code_sandbox._testing import raw_isolation


@pytest.fixture(scope="session")
def host_secret() -> Iterator[str]:
    """A secret that is in the host's environment before anything of the sandbox starts."""
    with pytest.MonkeyPatch.context() as patch:
        secret = secrets.token_hex(16)
        patch.setenv("CANARY_OF_THE_HOST", secret)
        yield secret


@pytest.fixture(scope="session")
def watched() -> Watched:
    return Watched()


@pytest.fixture(scope="session")
async def sandbox(host_secret: str, watched: Watched) -> AsyncIterator[Sandbox]:
    """One sandbox for all programs: each has a worker of its own."""
    limits = Limits(cpu_seconds=5.0, calls=10_000)
    async with Sandbox(exposure=EXPOSURE, limits=limits, isolation=watched) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
async def neighbour(sandbox: Sandbox, watched: Watched) -> AsyncIterator[Neighbour]:
    """Lives beside all programs, and ends in good order after the last."""
    neighbour = Neighbour()
    await neighbour.move_in(sandbox, watched)
    yield neighbour
    await neighbour.move_out()


@pytest.fixture(scope="session")
def places() -> Iterator[tuple[Path, socket.socket, socket.socket, socket.socket]]:
    """A folder that every user can read, and sockets that listen."""
    stream = socket.create_server(("127.0.0.1", 0))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", 0))
    with tempfile.TemporaryDirectory() as name, stream, datagrams, socket.socket(socket.AF_UNIX) as local:
        folder = Path(name)
        folder.chmod(0o777)
        local.bind(str(folder / "socket"))
        local.listen()
        (folder / "socket").chmod(0o777)
        for each in (stream, datagrams, local):
            each.setblocking(False)
        yield folder, stream, datagrams, local


@pytest.fixture
async def canaries(
    host_secret: str,
    neighbour: Neighbour,
    places: tuple[Path, socket.socket, socket.socket, socket.socket],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Canaries]:
    """Sets out fresh canaries, and looks after the test that none is gone and the neighbour is well."""
    folder, stream, datagrams, local = places
    secret, in_file = secrets.token_hex(16), secrets.token_hex(16)
    monkeypatch.setenv("CANARY", secret)
    (folder / "secret").write_text(in_file)
    (folder / "secret").chmod(0o666)
    canaries = Canaries(
        secrets={
            "the host": host_secret,
            "the host's environment": secret,
            "the file": in_file,
            "the neighbour": neighbour.secret,
        },
        folder=folder,
        stream=stream,
        datagrams=datagrams,
        local=local,
        neighbour=neighbour,
    )
    yield canaries
    canaries.look_around()
    await neighbour.say_something()


@pytest.fixture(scope="session")
async def limited() -> AsyncIterator[Sandboxes]:
    limited = Sandboxes(EXPOSURE)
    yield limited
    await limited.close()


@pytest.fixture(scope="session")
def watched_raw() -> Watched:
    return Watched(raw_isolation())


@pytest.fixture(scope="session")
async def raw_twin(host_secret: str, watched_raw: Watched) -> AsyncIterator[Sandbox]:
    """The sandbox in which programs run without the language layer."""
    async with Sandbox(exposure=EXPOSURE, limits=RAW_LIMITS, isolation=watched_raw) as sandbox:
        yield sandbox


@pytest.fixture
async def attempt(
    sandbox: Sandbox, limited: Sandboxes, canaries: Canaries, raw_twin: Sandbox, watched_raw: Watched
) -> Attempt:
    is_locked = (await raw_twin.isolation()).level == "strong"
    return Attempt(sandbox, limited, canaries, Unguarded(raw_twin, watched_raw, canaries) if is_locked else None)


@pytest.fixture
def attempt_in_the_language(sandbox: Sandbox, limited: Sandboxes, canaries: Canaries) -> Attempt:
    """For programs that are run without the language layer elsewhere."""
    return Attempt(sandbox, limited, canaries, None)
