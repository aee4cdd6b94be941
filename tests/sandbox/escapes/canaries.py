"""Secrets and places that no program may reach, and a neighbour that runs beside all programs."""

import asyncio
import base64
import os
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

from code_sandbox import JSON, Call, Outcome, Sandbox
from code_sandbox._processes.default import default_isolation
from code_sandbox.isolation import Isolation


class Watched:
    """The isolation of this system, which remembers the worker that it started last."""

    def __init__(self, inner: Isolation | None = None) -> None:
        self._inner = inner or default_isolation()
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
