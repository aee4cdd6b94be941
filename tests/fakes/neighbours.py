"""Two tenants of one deployment: two keys of two workspaces of a studio, and two replicas in front of it."""

import io
import re
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from PIL import Image

from fakes.serving import served
from flora_mcp.app import door_of, open_desks
from flora_mcp.app.opening import Opened
from flora_mcp.protocol.http import HTTPOptions, Parts, base_url_of, build_app, routes_of, tenant_of
from flora_mcp.settings import Settings
from flora_mcp.studio import Access, Studio
from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest, RenderThreads

MODEL = "t2i-studio-scene"

ACCEPT = {"accept": "application/json, text/event-stream"}

REPLICAS = (0, 1)
"""The one that the neighbour uses, and the other."""


def text_of(result: Any) -> str:
    return "\n".join(block.text for block in result.content if block.type == "text")


@dataclass(kw_only=True)
class Street:
    """What tests attack from and to."""

    settings: Settings
    studio: Studio
    keys: dict[str, str] = field(default_factory=dict)
    workspaces: dict[str, str] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    bearers: set[str] = field(default_factory=set)
    """What the studio was sent to be let in by."""
    gates: dict[str, threading.Event] = field(default_factory=dict)
    """A picture whose prompt begins with the name of a gate is done when it is open."""

    def gate(self, name: str) -> threading.Event:
        return self.gates.setdefault(name, threading.Event())

    def draw(self, request: RenderRequest, progress: Progress) -> Rendering:
        name = request.prompt.partition(" ")[0]
        if name in self.gates:
            self.gates[name].wait(60)
        buffer = io.BytesIO()
        Image.new("RGB", (64, 48), (request.seed % 256, 10, 20)).save(buffer, "PNG")
        return Rendering(content=buffer.getvalue(), mime_type="image/png", width_px=64, height_px=48, facts={})

    @asynccontextmanager
    async def client(self, name: str, *, replica: int = 0, mode: str = "auto", **options: Any) -> AsyncIterator[Client]:
        headers = {"authorization": f"Bearer {self.keys[name]}"}
        async with httpx2.AsyncClient(headers=headers, timeout=60) as web:
            transport = streamable_http_client(f"{self.urls[replica]}/mcp", http_client=web)
            async with Client(transport, mode=mode, **options) as client:
                yield client

    async def ask(self, name: str, tool: str, arguments: dict[str, Any], *, replica: int = 0) -> str:
        """Calls a tool and returns the text of the answer."""
        async with self.client(name, replica=replica) as client:
            return text_of(await client.call_tool(tool, arguments))

    async def backend(self, scope: Any, receive: Any, send: Any) -> None:
        """The studio, with a look at who asks."""
        headers = dict(scope.get("headers", ()))
        self.bearers.add(headers.get(b"authorization", b"").decode())
        await self.studio.app(scope, receive, send)

    async def generate(self, name: str, prompt: str, *, replica: int = 0) -> str:
        """Makes a picture and returns the answer that shows it."""
        answer = await self.ask(name, "generate", {"prompt": prompt}, replica=replica)
        while (run := re.match(r"Not done yet: .*(run_\w+)", answer)) is not None:
            answer = await self.ask(name, "wait", {"ids": [run[1]]}, replica=replica)
        return answer

    def at_studio(self, name: str) -> httpx.AsyncClient:
        """A client of the studio, past our server."""
        transport = httpx.ASGITransport(self.studio.app)
        headers = {"authorization": f"Bearer {self.keys[name]}"}
        return httpx.AsyncClient(transport=transport, base_url=self.studio.base_url, headers=headers)

    async def runs(self, name: str) -> list[str]:
        """Returns the ids of a tenant's runs."""
        async with self.at_studio(name) as web:
            return [run["run_id"] for run in (await web.get("generations")).json()["generations"]]

    async def start(self, name: str, prompt: str) -> str:
        """Starts a run and returns its id."""
        async with self.at_studio(name) as web:
            place = {"workspace_id": self.workspaces[name]}
            project = (await web.post("projects", json={"name": "P", **place})).json()
            body = {"type": "image", "prompt": prompt, "project_id": project["project_id"], **place}
            run_id: str = (await web.post("generate", json=body)).json()["run_id"]
        return run_id

    async def move_in(self, name: str) -> None:
        """Makes a workspace and a key for a tenant."""
        self.workspaces[name] = workspace_id = await self.studio.create_workspace(name)
        self.keys[name] = await self.studio.create_key(workspace_id=workspace_id, name=name)


@asynccontextmanager
async def open_street(
    folder: Path,
    *,
    kind: Any = "keys",
    replicas: int = 2,
    studio_url: str = "http://studio.localhost",
    **options: Any,
) -> AsyncIterator[Street]:
    """Opens a studio that asks for keys, and replicas that share nothing but the database and the data folder."""
    async with AsyncExitStack() as stack:
        street: Street
        renderers = RenderThreads({MODEL: lambda request, progress: street.draw(request, progress)}, capacity=4)
        access = Access(keys_required=True)
        studio = Studio(directory=folder / "studio", public_url=studio_url, renderers=renderers, access=access)
        await stack.enter_async_context(studio)
        settings = Settings(
            data_directory=folder / "data",
            **{"base_url": studio.base_url, "time_budget_seconds": 5.0, **options},
        )
        street = Street(settings=settings, studio=studio)
        stack.callback(lambda: [gate.set() for gate in street.gates.values()])
        for name in ("ada", "bob"):
            await street.move_in(name)
        for _ in range(replicas):
            opened = await stack.enter_async_context(open_desks(settings, backend=street.backend))
            door = door_of(
                kind,
                settings=settings,
                opened=opened,
                mcp_url="https://flora.example.com/mcp",
                backend=street.backend,
            )
            parts = Parts(state=opened.state, pickup=opened.pickup, public=routes_of(door.documents))
            server = opened.server(tenant_of, base_url_of=base_url_of)
            app = build_app(server, door=door, options=HTTPOptions(sse=replicas == 1), parts=parts)
            street.urls.append(await stack.enter_async_context(served(app)))
            street.opened.append(opened)
        yield street


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[0]
