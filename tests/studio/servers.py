"""Studios in processes of their own, and the gates that stop their renders."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import httpx
from anyio.streams.buffered import BufferedByteReceiveStream

PROGRAM = Path(__file__).parent / "programs" / "studio_server.py"


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A render process at a gate, and the studio process that it works for."""

    pid: int
    parent_pid: int


class Gates:
    """Where renders stop and wait; a gate that was opened lets everybody through."""

    def __init__(self, listener: anyio.abc.SocketListener) -> None:
        self._listener = listener
        self._opened: set[str] = set()
        self._waiting: dict[str, list[anyio.abc.SocketStream]] = {}
        self._arrived: dict[str, anyio.Event] = {}
        self._visitors: dict[str, Visitor] = {}
        self._gone: dict[int, anyio.Event] = {}
        self.port: int = listener.extra(anyio.abc.SocketAttribute.local_port)

    def at(self, fraction: float) -> str:
        """The word of a prompt that stops the render at this progress."""
        return f"gate={self.port}:{fraction}"

    async def serve(self) -> None:
        async with self._listener:
            await self._listener.serve(self._meet)

    async def arrival(self, *, fraction: float, seed: int) -> "Visitor":
        """Waits until the render with this seed stands at the gate, since the last call."""
        name = f"{self.port}:{fraction} {seed}"
        with anyio.fail_after(20):
            await self._arrived.setdefault(name, anyio.Event()).wait()
        del self._arrived[name]
        return self._visitors[name]

    async def departure(self, visitor: "Visitor") -> None:
        """Waits until the render process has let go of the gate."""
        with anyio.fail_after(20):
            await self._gone[visitor.pid].wait()

    async def open(self, *, fraction: float, seed: int) -> None:
        name = f"{self.port}:{fraction} {seed}"
        self._opened.add(name)
        for stream in self._waiting.pop(name, []):
            try:
                await stream.send(b"!")
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                continue

    async def _meet(self, stream: anyio.abc.SocketStream) -> None:
        gone: anyio.Event | None = None
        async with stream:
            try:
                line = await BufferedByteReceiveStream(stream).receive_until(b"\n", 100)
                pid, parent, name = line.decode().strip().split(" ", 2)
                self._visitors[name] = Visitor(pid=int(pid), parent_pid=int(parent))
                gone = self._gone[int(pid)] = anyio.Event()
                self._arrived.setdefault(name, anyio.Event()).set()
                if name in self._opened:
                    await stream.send(b"!")
                else:
                    self._waiting.setdefault(name, []).append(stream)
                # Ends when the render process goes on, or is gone.
                await stream.receive()
            except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError):
                if gone is not None:
                    gone.set()


@asynccontextmanager
async def open_gates() -> AsyncIterator[Gates]:
    multi = await anyio.create_tcp_listener(local_host="127.0.0.1")
    gates = Gates(multi.listeners[0])  # type: ignore[arg-type]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(gates.serve)
        yield gates
        tasks.cancel_scope.cancel()


@dataclass(kw_only=True)
class Server:
    """One studio process and a client of it."""

    process: anyio.abc.Process
    http: httpx.AsyncClient
    url: str
    ids: dict[str, str] = field(default_factory=dict)

    def kill(self) -> None:
        self.process.kill()

    async def get(self, path: str, **query: str | int) -> Any:
        answer = await self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def start(self, prompt: str, *, seed: int) -> str:
        if not self.ids:
            workspace_id = (await self.get("workspaces"))["workspaces"][0]["workspace_id"]
            projects = (await self.get("projects", workspace_id=workspace_id))["projects"]
            if not projects:
                answer = await self.http.post("projects", json={"name": "Test", "workspace_id": workspace_id})
                projects = [answer.json()]
            self.ids = {"workspace_id": workspace_id, "project_id": projects[0]["project_id"]}
        body = {"type": "image", "prompt": prompt, "params": {"seed": seed}, **self.ids}
        answer = await self.http.post("generate", json=body)
        assert answer.status_code == 201, answer.text
        run_id: str = answer.json()["run_id"]
        return run_id

    async def until(self, run_id: str, *statuses: str, progress: float = 0) -> Any:
        """Asks until the run has one of the statuses and at least this progress."""
        with anyio.fail_after(30):
            while True:
                state = await self.get(f"runs/{run_id}")
                if state["status"] in statuses and state["progress"] >= progress:
                    return state

    async def finished(self, run_id: str) -> Any:
        return await self.until(run_id, "completed", "failed")


@asynccontextmanager
async def open_server(directory: Path) -> AsyncIterator[Server]:
    """Starts a studio process; kills it at the end, if the test has not."""
    command = [sys.executable, "-W", "error", str(PROGRAM), str(directory)]
    async with await anyio.open_process(command, stdin=subprocess.DEVNULL, stderr=None) as process:
        assert process.stdout is not None
        try:
            with anyio.fail_after(30):
                line = await BufferedByteReceiveStream(process.stdout).receive_until(b"\n", 200)
            url = line.decode().strip()
            async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=20) as http:
                yield Server(process=process, http=http, url=url)
        finally:
            if process.returncode is None:
                process.kill()
            with anyio.CancelScope(shield=True):
                await process.wait()
