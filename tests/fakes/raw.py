"""A client of nothing but HTTP, for what no client library lets us send."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
from anyio.abc import SocketStream

from fakes.flora import FakeFlora
from fakes.serving import served
from flora_mcp.app import open_desks
from flora_mcp.auth import OpenDoor
from flora_mcp.protocol.http import HTTPOptions, build_app, tenant_of
from flora_mcp.settings import Settings

MODERN = "2026-07-28"
HANDSHAKE = "2025-11-25"
KINDS = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
HELLO = {"protocolVersion": HANDSHAKE, "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}
META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": {"name": "raw", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


@dataclass(frozen=True, kw_only=True)
class Raw:
    """A server, and a client that can send it anything."""

    url: str
    web: httpx.AsyncClient
    flora: FakeFlora

    async def post(self, body: bytes | Mapping[str, Any], headers: Mapping[str, str]) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.post_to(self.url, content, headers)

    async def post_to(self, url: str, content: bytes, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return await self.web.post(url, content=content, headers={**KINDS, **(headers or {})})

    async def session(self) -> dict[str, str]:
        """Shakes hands, and returns the headers of the session."""
        answer = await self.post(request("initialize", HELLO, number=0), {})
        assert answer.status_code == 200, answer.text
        headers = {"mcp-session-id": answer.headers["mcp-session-id"], "mcp-protocol-version": HANDSHAKE}
        assert (await self.post({"jsonrpc": "2.0", "method": "notifications/initialized"}, headers)).status_code == 202
        return headers

    async def works(self) -> None:
        """Asks something sensible in both eras."""
        for body, headers in (
            (request("ping"), await self.session()),
            (modern("tools/list"), modern_headers("tools/list")),
        ):
            answer = await self.post(body, headers)
            assert answer.status_code == 200, answer.text
            assert "result" in message(answer)

    def head(self, headers: Mapping[str, str], *lines: str) -> bytes:
        """Returns how a POST begins, for those who write the rest by hand."""
        named = [f"{name}: {value}" for name, value in {"host": "127.0.0.1", **KINDS, **headers}.items()]
        return "\r\n".join(["POST /mcp HTTP/1.1", *named, *lines, "\r\n"]).encode()

    async def connect(self) -> SocketStream:
        """Connects to the server without a client that reads by itself."""
        return await anyio.connect_tcp("127.0.0.1", httpx.URL(self.url).port or 80)


def request(method: str, params: Mapping[str, Any] | None = None, *, number: int = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, **({"params": params} if params is not None else {})}


def modern(method: str, **params: Any) -> dict[str, Any]:
    return request(method, {**params, "_meta": META})


def modern_headers(method: str, name: str | None = None) -> dict[str, str]:
    return {"mcp-protocol-version": MODERN, "mcp-method": method, **({"mcp-name": name} if name else {})}


def message(answer: httpx.Response) -> dict[str, Any]:
    """Returns the message in an answer: its body, or the last event of its stream."""
    text = answer.text
    if answer.headers["content-type"].startswith("text/event-stream"):
        text = [line for line in text.splitlines() if line.startswith("data: {")][-1].removeprefix("data: ")
    found: dict[str, Any] = json.loads(text)
    return found


@asynccontextmanager
async def raw(directory: Path, *, options: HTTPOptions | None = None) -> AsyncIterator[Raw]:
    """Serves the app that operators get, on a FLORA of our own making."""
    flora = FakeFlora()
    settings = Settings(api_key=None, data_directory=directory)
    async with open_desks(settings, backend=flora.app) as opened:
        app = build_app(opened.server(tenant_of), door=OpenDoor(opened.local), options=options)
        async with served(app) as address, httpx.AsyncClient(timeout=30) as web:
            yield Raw(url=f"{address}/mcp", web=web, flora=flora)
