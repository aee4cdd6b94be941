"""Canaries around every program that tries to get out, and a neighbour that runs beside it.

A program knows where the canaries are: `@FILE@`, `@FOLDER@`, `@PORT@`, `@DATAGRAM_PORT@`, `@SOCKET@`, `@HOST_PID@` and
`@NEIGHBOUR_PID@` in its text are replaced. After each test the fixture looks whether one of them was touched.
"""

import asyncio
import base64
import os
import secrets
import socket
import tempfile
import textwrap
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest

from code_sandbox import JSON, Call, CallFailed, Exposure, Limits, Method, Outcome, Page, Parameter, Sandbox
from code_sandbox._processes.default import default_isolation

DEADLINE_SECONDS = 60.0
"""A program that is still there by then hangs in a way that no limit names."""

EXPOSURE = Exposure(
    methods=(
        Method(
            path="client.books.create",
            parameters=(
                Parameter(name="title", required=True),
                Parameter(name="page_count"),
                Parameter(name="tags"),
            ),
        ),
        Method(
            path="client.books.retrieve",
            parameters=(Parameter(name="book_id", required=True, positional=True),),
        ),
        Method(path="client.books.list", parameters=(Parameter(name="cursor"),), paged=True),
        Method(path="client.books.wait"),
        Method(path="show", parameters=(Parameter(name="output", required=True, positional=True),)),
    ),
    errors={"APIError": None, "NotFoundError": "APIError"},
)


async def library(call: Call) -> JSON | Page:
    """Answers as a library with one book, on two pages, does."""
    match call.path:
        case "client.books.list":
            book: JSON = {"book_id": "book_1", "title": "One", "_hidden": "hidden"}
            following: dict[str, JSON] | None = {"cursor": "2"} if "cursor" not in call.arguments else None
            return Page(items=[book], body={"books": [book], "_hidden": "hidden"}, next_arguments=following)
        case "client.books.retrieve":
            raise CallFailed("NotFoundError", "no such book", {"status": 404, "__class__": "no class"})
        case "client.books.wait":
            await anyio.sleep_forever()
    return {"path": call.path, "arguments": call.arguments, "__class__": "no class", "keys": "no method"}


class Watched:
    """The isolation of this system, which remembers the worker that it started last."""

    def __init__(self) -> None:
        self._inner = default_isolation()
        self.last: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def start(self) -> Any:
        self.last = await self._inner.start()
        return self.last


class Neighbour:
    """Another tenant's execution, with a secret in its memory, its calls, its prints and its result."""

    PROGRAM = """
secret = await client.books.create(title="secret")
word = ""
while word != "end":
    word = await client.books.create(title=secret)
    print(secret)
return secret
"""

    def __init__(self) -> None:
        self.secret = secrets.token_hex(16)
        self.pid = 0
        self._words: asyncio.Queue[str] = asyncio.Queue()
        self._heard: asyncio.Queue[JSON] = asyncio.Queue()
        self._spoken = 0
        self._run: asyncio.Task[Outcome] | None = None

    async def _answer(self, call: Call) -> JSON:
        title = call.arguments["title"]
        if title == "secret":
            return self.secret
        self._heard.put_nowait(title)
        return await self._words.get()

    async def move_in(self, sandbox: Sandbox, watched: Watched) -> None:
        """Starts the execution, and waits until its secret is in its memory."""
        self._run = asyncio.create_task(sandbox.run(self.PROGRAM, answer=self._answer))
        await self._hear()
        self.pid = getattr(watched.last, "pid", 0)

    async def say_something(self) -> None:
        """Makes the execution go on; fails if it cannot."""
        self._words.put_nowait("on")
        self._spoken += 1
        await self._hear()

    async def move_out(self) -> Outcome:
        """Ends the execution as it should end."""
        assert self._run is not None
        self._words.put_nowait("end")
        self._spoken += 1
        with anyio.fail_after(10):
            outcome = await self._run
        assert (outcome.status, outcome.value) == ("completed", self.secret)
        assert outcome.printed == f"{self.secret}\n" * self._spoken
        return outcome

    async def _hear(self) -> None:
        assert self._run is not None
        hearing = asyncio.create_task(self._heard.get())
        with anyio.fail_after(10):
            await asyncio.wait({hearing, self._run}, return_when=asyncio.FIRST_COMPLETED)
        assert hearing.done(), self._run.result()
        assert hearing.result() == self.secret


@dataclass(kw_only=True)
class Canaries:
    """Secrets that no program may show, and places that none may touch."""

    secrets: dict[str, str]
    """Where each is kept, and what it is."""
    folder: Path
    """Readable for everybody, with the files `secret` and `socket`."""
    stream: socket.socket
    datagrams: socket.socket
    local: socket.socket
    neighbour: Neighbour
    shown: list[str] = field(default_factory=list)
    """What programs handed out in other ways than their outcome."""

    def placed(self, program: str) -> str:
        """Returns the program with the places of the canaries filled in."""
        places = {
            "@FILE@": self.folder / "secret",
            "@FOLDER@": self.folder,
            "@PORT@": self.stream.getsockname()[1],
            "@DATAGRAM_PORT@": self.datagrams.getsockname()[1],
            "@SOCKET@": self.folder / "socket",
            "@HOST_PID@": os.getpid(),
            "@NEIGHBOUR_PID@": self.neighbour.pid,
        }
        for name, value in places.items():
            program = program.replace(name, str(value))
        return program

    def look_at(self, outcome: Outcome) -> Outcome:
        """Fails if a secret occurs in anything that the program's owner gets to see."""
        self.look_for(repr(outcome))
        return outcome

    def look_for(self, text: str) -> None:
        """Fails if a secret occurs in a text, plain or encoded."""
        for place, secret in self.secrets.items():
            encoded = (secret.encode().hex(), base64.b64encode(secret.encode()).decode().rstrip("="))
            assert not any(form in text for form in (secret, secret[::-1], *encoded)), f"the secret of {place} is out"

    def look_around(self) -> None:
        """Fails if a place was touched or a secret handed out."""
        for text in self.shown:
            self.look_for(text)
        for listening in (self.stream, self.local):
            assert not _somebody_came(listening), f"somebody connected to {listening}"
        assert not _something_arrived(self.datagrams), "a datagram arrived"
        assert sorted(os.listdir(self.folder)) == ["secret", "socket"]
        assert (self.folder / "secret").read_text() == self.secrets["the file"]


def _somebody_came(listening: socket.socket) -> bool:
    try:
        connection, _ = listening.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True


def _something_arrived(datagrams: socket.socket) -> bool:
    try:
        datagrams.recv(1)
    except BlockingIOError:
        return False
    return True


class Limited:
    """A sandbox with other limits, kept for the next program that has the same."""

    def __init__(self) -> None:
        self._limits: Limits | None = None
        self._stack = AsyncExitStack()
        self._sandbox: Sandbox | None = None

    async def sandbox(self, limits: Limits) -> Sandbox:
        """Returns the sandbox with these limits; closes the one before."""
        if self._sandbox is None or limits != self._limits:
            await self.close()
            self._sandbox = await self._stack.enter_async_context(Sandbox(exposure=EXPOSURE, limits=limits))
            self._limits = limits
        return self._sandbox

    async def close(self) -> None:
        await self._stack.aclose()


class Attempt:
    """Runs programs that try to get out, in a sandbox beside the neighbour."""

    def __init__(self, sandbox: Sandbox, limited: "Limited", canaries: Canaries) -> None:
        self._sandbox = sandbox
        self._limited = limited
        self._canaries = canaries

    async def __call__(self, program: str, *, answer: Any = library, **limits: Any) -> Outcome:
        """Returns how a program ended, after a look for secrets. Keywords are limits."""
        sandbox = self._sandbox
        if limits:
            sandbox = await self._limited.sandbox(Limits(**{"wall_seconds": 20.0, "cpu_seconds": 3.0, **limits}))
        return await self._run(sandbox, program, answer)

    async def refused(self, program: str) -> Outcome:
        """The language policy refuses it: nothing of it runs."""
        outcome = await self(f"print('it runs')\n{program}\nreturn 'ESCAPED'")
        assert (outcome.status, outcome.printed, outcome.calls) == ("failed", "", ()), outcome
        assert outcome.failure is not None
        by_policy = outcome.failure.type_name == "PolicyError"
        # Problems of several kinds have the name of none.
        among_others = outcome.failure.type_name == "CheckError" and "not allowed" in repr(outcome.failure.problems)
        assert by_policy or among_others, outcome.failure
        return outcome

    async def raises(self, error: str, program: str) -> Outcome:
        """It runs, and ends with an error of this type.

        It stands in a `try` that names the error, so that no check before the run takes the guard's part.
        """
        body = textwrap.indent(program, "    ")
        outcome = await self(f"try:\n{body}\nexcept {error}:\n    raise\nreturn 'ESCAPED'")
        assert outcome.status == "failed", outcome
        assert outcome.failure is not None
        assert outcome.failure.type_name == error, outcome.failure
        return outcome

    async def returns(self, value: JSON, program: str) -> Outcome:
        """It completes with a value that shows that the trick changed nothing."""
        outcome = await self(program)
        assert (outcome.status, outcome.value) == ("completed", value), outcome
        return outcome

    async def stopped(self, limit: str, program: str, **limits: Any) -> Outcome:
        """A limit ends it, and the outcome names that limit."""
        outcome = await self(program, **limits)
        assert (outcome.status, outcome.failure and outcome.failure.limit) == ("limit", limit), outcome
        return outcome

    async def _run(self, sandbox: Sandbox, program: str, answer: Any) -> Outcome:
        async def heard(call: Call) -> JSON | Page:
            self._canaries.shown.append(repr(call))
            reply: JSON | Page = await answer(call)
            return reply

        with anyio.fail_after(DEADLINE_SECONDS):
            outcome = await sandbox.run(
                self._canaries.placed(program), answer=heard, on_print=self._canaries.shown.append
            )
        return self._canaries.look_at(outcome)


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
async def limited() -> AsyncIterator[Limited]:
    limited = Limited()
    yield limited
    await limited.close()


@pytest.fixture
def attempt(sandbox: Sandbox, limited: Limited, canaries: Canaries) -> Attempt:
    return Attempt(sandbox, limited, canaries)
