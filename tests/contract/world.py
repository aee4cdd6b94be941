"""A studio on a real port of this computer, and a door in front of it that remembers and can fail."""

import itertools
import json
import socket
import threading
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import uvicorn
from contract.description import fault_of
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from studio.pictures import picture

from flora_mcp.studio import Studio, listen, url_of
from flora_mcp.studio.admission import Access
from flora_mcp.studio.callers import Role
from flora_mcp.studio.data import open_data
from flora_mcp.studio.ids import IdSource
from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest, RenderThreads
from flora_mcp.studio.store import balances
from flora_mcp.studio.web import Web

MODEL = "t2i-studio-scene"

SITE = "https://media.example"
"""A public site with a picture at `/cup.png`, and nothing else."""

HOOK = "https://hooks.example/flora"
"""A public callback; whom it was told of is in `Hooks`."""

PNG = picture()


class Clock:
    """A wall clock that passes a millisecond at each look, and more when told."""

    def __init__(self) -> None:
        self._ticks = itertools.count()
        self._ahead_ms = 0

    def __call__(self) -> int:
        return 1_800_000_000_000 + self._ahead_ms + next(self._ticks)

    def pass_hours(self, hours: float) -> None:
        self._ahead_ms += round(hours * 3_600_000)


class Painter:
    """A renderer that is done at once; a prompt with `hold` waits for `let_go`, one with `fail` fails."""

    def __init__(self) -> None:
        self._free = threading.Event()
        self._free.set()

    def hold(self) -> None:
        self._free.clear()

    def let_go(self) -> None:
        self._free.set()

    def __call__(self, request: RenderRequest, progress: Progress) -> Rendering:
        progress(0.5)
        if "hold" in request.prompt and not self._free.wait(20):
            raise TimeoutError("nobody let go")
        if "fail" in request.prompt:
            raise ValueError("the paint is dry")
        return Rendering(
            content=picture(size=(request.width_px // 64, request.height_px // 64), colour="green"),
            mime_type="image/png",
            width_px=request.width_px,
            height_px=request.height_px,
            facts={"alt_text": f"A drawing of {request.prompt}", "recognised": [], "ignored": []},
        )


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request that came to the door, and the status that left it."""

    method: str
    path: str
    query: str
    headers: Headers
    status: int


@dataclass(kw_only=True)
class Door:
    """Stands before the studio: remembers what came, and answers in its place when it is told to.

    `answers` are given to the next requests in turn, before the studio sees them; `losses` is how many requests the
    studio still does while their answers are lost, as when a gateway gives up. `faults` is where answers of the studio
    differ from its own description of them.
    """

    app: Any
    exchanges: list[Exchange] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    losses: int = 0
    faults: list[str] = field(default_factory=list)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, content_type, body = 0, "", b""

        async def remember(message: MutableMapping[str, Any]) -> None:
            nonlocal status, content_type, body
            if message["type"] == "http.response.start":
                status = message["status"]
                content_type = Headers(raw=message["headers"]).get("content-type", "")
            body += message.get("body", b"")
            await send(message)

        if self.answers:
            await self.answers.pop(0)(scope, receive, remember)
        elif self.losses:
            self.losses -= 1
            await self.app(scope, receive, _forget)
            await Response("<h1>Bad gateway</h1>", 502, media_type="text/html")(scope, receive, remember)
        else:
            await self.app(scope, receive, remember)
            method, path = scope["method"], scope["path"]
            fault = fault_of(method, path, status=status, content_type=content_type, body=body)
            self.faults += [fault] if fault else []
        self.exchanges.append(
            Exchange(
                method=scope["method"],
                path=scope["path"],
                query=scope["query_string"].decode(),
                headers=Headers(scope=scope),
                status=status,
            )
        )

    def clear(self) -> None:
        self.exchanges.clear()
        self.faults.clear()
        self.answers.clear()
        self.losses = 0


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One webhook as it came, with its headers in lower case."""

    headers: dict[str, str]
    body: bytes

    @property
    def sent_seconds(self) -> int:
        return int(self.headers["flora-signature"].partition("t=")[2].partition(",")[0])


class Hooks:
    """What the callback was told, by the run that it was told of."""

    def __init__(self) -> None:
        self._told: dict[str, Delivery] = {}
        self._arrived = threading.Condition()

    def receive(self, request: httpx.Request) -> httpx.Response:
        delivery = Delivery(headers={n.lower(): v for n, v in request.headers.items()}, body=request.content)
        run_id = json.loads(request.content)["data"]["run_id"]
        with self._arrived:
            assert run_id not in self._told, "a run is told once"
            self._told[run_id] = delivery
            self._arrived.notify_all()
        return httpx.Response(204)

    async def delivery(self, run_id: str) -> Delivery:
        """Waits for the end of a run to be told."""

        def wait() -> Delivery:
            with self._arrived:
                assert self._arrived.wait_for(lambda: run_id in self._told, timeout=20)
                return self._told[run_id]

        return await anyio.to_thread.run_sync(wait)


@dataclass(frozen=True, kw_only=True)
class World:
    """A running studio and what stands around it."""

    studio: Studio
    door: Door
    clock: Clock
    painter: Painter
    hooks: Hooks
    directory: Path
    keys_required: bool

    async def key_of(self, workspace_id: str, *, role: Role = "admin") -> str:
        """Returns the key of a new member of a workspace."""
        return await self.studio.create_key(workspace_id=workspace_id, name=f"The {role}", role=role)

    async def give(self, workspace_id: str, *, credit_count: int) -> None:
        """Bounds what a workspace may spend."""

        def work() -> None:
            with open_data(directory=self.directory) as database, database.writing() as connection:
                balances.set_balance(connection, workspace_id, amount=credit_count)

        await anyio.to_thread.run_sync(work)


def refusal(status: int, code: str, **headers: str) -> Response:
    """Returns an error as production words it; headers are named with underscores."""
    answer = JSONResponse({"error": {"code": code, "message": "Told by the door."}}, status_code=status)
    names = MutableHeaders(scope=None, raw=answer.raw_headers)
    names["request-id"] = "req_door"
    for name, value in headers.items():
        names[name.replace("_", "-")] = value
    return answer


@asynccontextmanager
async def open_world(
    directory: Path, *, ids: IdSource | None = None, access: Access | None = None
) -> AsyncIterator[World]:
    """Starts a studio and serves it on a free port until the block ends."""
    clock, painter, hooks = Clock(), Painter(), Hooks()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["host"] == "hooks.example":
            return hooks.receive(request)
        found = request.url.path == "/cup.png"
        return httpx.Response(200 if found else 404, stream=httpx.ByteStream(PNG if found else b""))

    listener = listen()
    studio = Studio(
        directory=directory,
        public_url=url_of(listener),
        renderers=RenderThreads({MODEL: painter}),
        ids=ids,
        access=access,
        clock_ms=clock,
        web=Web(resolve=_resolve, transport=httpx.MockTransport(answer)),
    )
    async with studio:
        door = Door(app=studio.app)
        async with _served(door, listener):
            yield World(
                studio=studio,
                door=door,
                clock=clock,
                painter=painter,
                hooks=hooks,
                directory=directory,
                keys_required=access is not None and access.keys_required,
            )


@asynccontextmanager
async def _served(app: Any, listener: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: server.serve(sockets=[listener]))
        yield
        server.should_exit = True


async def _resolve(host: str, _port: int) -> list[str]:
    return ["10.0.0.1" if host.startswith("inside") else "93.184.215.14"]


async def _forget(_message: MutableMapping[str, Any]) -> None:
    """Takes an answer that nobody will get."""
