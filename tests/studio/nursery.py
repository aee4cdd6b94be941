"""Studio processes that are started and killed by the dozen, and a receiver of their webhooks."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import anyio.lowlevel
import httpx
import sqlalchemy as sa
from anyio.streams.buffered import BufferedByteReceiveStream

from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.data import open_data
from flora_mcp.studio.store import Database, webhooks
from flora_mcp.studio.store.tables import projects, workspaces

PROGRAM = Path(__file__).parent / "programs" / "studio_nursery.py"


@dataclass(kw_only=True)
class Born:
    """One studio process and a client of it."""

    pid: int
    http: httpx.AsyncClient
    life: dict[str, Any]

    def send(self, number: int) -> None:
        os.kill(self.pid, number)

    async def kill(self) -> None:
        """Kills the process and returns when it is gone, with its locks."""
        self.send(signal.SIGKILL)
        await self.gone()

    async def gone(self) -> None:
        with anyio.fail_after(30):
            while True:
                try:
                    os.kill(self.pid, 0)
                except ProcessLookupError:
                    return
                await anyio.lowlevel.checkpoint()


class Nursery:
    """Bears studio processes, one after the other."""

    def __init__(self, process: anyio.abc.Process, stack: list[httpx.AsyncClient]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin = process.stdin
        self._lines = BufferedByteReceiveStream(process.stdout)
        self._clients = stack

    async def bear(self, **life: Any) -> Born:
        await self._stdin.send(json.dumps(life).encode() + b"\n")
        with anyio.fail_after(60):
            found = json.loads(await self._lines.receive_until(b"\n", 1000))
        http = httpx.AsyncClient(base_url=f"{found['url']}/api/v1", timeout=20)
        self._clients.append(http)
        return Born(pid=found["pid"], http=http, life=life)

    async def again(self, former: Born) -> Born:
        """Bears a successor of a process that is gone."""
        return await self.bear(**former.life)


@asynccontextmanager
async def open_nursery() -> AsyncIterator[Nursery]:
    """Starts the program that forks; at the end all are killed with it."""
    command = [sys.executable, "-W", "error", str(PROGRAM)]
    clients: list[httpx.AsyncClient] = []
    async with await anyio.open_process(command, stdin=subprocess.PIPE, stderr=None) as process:
        try:
            yield Nursery(process, clients)
        finally:
            process.kill()
            with anyio.CancelScope(shield=True):
                await process.wait()
                for client in clients:
                    await client.aclose()


@dataclass(kw_only=True)
class Receiver:
    """A host that takes webhooks; what came, by the id of the event."""

    port: int
    bodies: dict[str, set[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def meet(self, stream: anyio.abc.SocketStream) -> None:
        async with stream:
            try:
                lines = BufferedByteReceiveStream(stream)
                head = (await lines.receive_until(b"\r\n\r\n", 10_000)).decode().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
                body = await lines.receive_exactly(int(headers["content-length"]))
                self.bodies.setdefault(headers["flora-webhook-id"], set()).add(body)
                await stream.send(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            except (anyio.IncompleteRead, anyio.EndOfStream, anyio.BrokenResourceError):
                return  # who called was killed


@asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    multi = await anyio.create_tcp_listener(local_host="127.0.0.1")
    receiver = Receiver(port=multi.listeners[0].extra(anyio.abc.SocketAttribute.local_port))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(multi.serve, receiver.meet)
        yield receiver
        tasks.cancel_scope.cancel()
    await multi.aclose()


@dataclass(kw_only=True)
class Place:
    """Where a crash test asks for runs: one workspace whose webhooks are signed, and a project in it."""

    database: Database
    ids: dict[str, str]

    def rows(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]


@contextmanager
def settle_in(directory: Path, database_url: str | None) -> Iterator[Place]:
    """Makes the workspace and the project."""
    with open_data(directory=directory, database_url=database_url) as database:
        yield Place(database=database, ids=_made(database))


def _made(database: Database) -> dict[str, str]:
    with database.writing() as connection:
        workspace_id = connection.scalar(sa.select(workspaces.c.workspace_id))
        assert workspace_id is not None
        webhooks.replace_secret(connection, workspace_id=workspace_id, now_ms=wall_ms())
        row = {"project_id": "prj_crash", "workspace_id": workspace_id, "name": "Crash", "origin": "api"}
        connection.execute(projects.insert().values(**row, created_at_ms=1, last_modified_ms=1))
    return {"workspace_id": workspace_id, "project_id": "prj_crash"}


class Orders:
    """Asks for runs of every kind, each until it is accepted, whoever is killed meanwhile."""

    def __init__(self, place: Place, receiver: Receiver) -> None:
        self._place = place
        self._receiver = receiver
        self.count = 0

    def next(self) -> Callable[[httpx.AsyncClient], Awaitable[bool]]:
        """Returns one that asks through a process, and tells whether it is known to be accepted."""
        self.count += 1
        number = self.count
        path, body = (self._generation, self._action, self._technique)[number % 3](number)

        async def ask(http: httpx.AsyncClient) -> bool:
            try:
                answer = await http.post(path, json=body, headers={"idempotency-key": f"order-{number}"})
            except httpx.TransportError:
                return False
            # A repetition is told that the first one was accepted before its process died.
            assert answer.status_code in {201, 409}, answer.text
            return True

        return ask

    def _generation(self, number: int) -> tuple[str, dict[str, Any]]:
        body = {"type": "image", "prompt": "noise", "params": {"seed": number}, "callback_url": self._receiver.url}
        return "generate", {**body, **self._place.ids}

    def _action(self, number: int) -> tuple[str, dict[str, Any]]:
        given = [{"type": "text", "name": "text", "text": f"{word} {number}"} for word in ("one", "two")]
        return "runs/action", {"action_id": "concat-text-browser", "inputs": given, **self._place.ids}

    def _technique(self, number: int) -> tuple[str, dict[str, Any]]:
        subject = {"id": "subject", "type": "text", "value": f"a boat with the number {number}"}
        return "techniques/shot-list/runs", {
            "inputs": [subject],
            "mode": "async",
            "callback_url": self._receiver.url,
        }


async def answers(http: httpx.AsyncClient, count: int) -> None:
    """Lets as much time pass as the process needs for some answers."""
    for _ in range(count):
        try:
            await http.get("workspaces")
        except httpx.TransportError:
            return
