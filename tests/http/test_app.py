"""The app over HTTP: both eras at one address, the door and the names in front of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fakes.flora import FakeFlora
from fakes.serving import served
from mcp import Client

from flora_mcp.app import open_desks
from flora_mcp.auth import Door, OpenDoor, RefusedError
from flora_mcp.protocol.http import HTTPOptions, build_app, tenant_of
from flora_mcp.settings import Settings
from flora_mcp.tenant import Tenant

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
ACCEPT = {"accept": "application/json, text/event-stream"}


class GuestList:
    """A door that knows two names."""

    async def admit(self, headers: Mapping[str, str]) -> Tenant:
        guest = headers.get("authorization", "")
        if guest not in ("Bearer ada", "Bearer bob"):
            raise RefusedError("Say who you are.", headers={"www-authenticate": "Bearer"})
        return Tenant(id=guest.removeprefix("Bearer "), api_key=f"sk_{guest}")


@asynccontextmanager
async def opened(
    directory: Path, *, door: Door | None = None, options: HTTPOptions | None = None
) -> AsyncIterator[str]:
    settings = Settings(api_key=None, data_directory=directory)
    async with open_desks(settings, backend=FakeFlora().app) as desks:
        app = build_app(desks.server(tenant_of), door=door or OpenDoor(desks.local), options=options)
        async with served(app) as url:
            yield url


@pytest.mark.parametrize(("mode", "version"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
async def test_one_address_serves_both_eras(mode: str, version: str, tmp_path: Path) -> None:
    async with opened(tmp_path) as url, Client(f"{url}/mcp", mode=mode) as client:
        assert client.protocol_version == version
        assert "execute" in [tool.name for tool in (await client.list_tools()).tools]


async def test_a_refused_request_is_answered_at_the_door(tmp_path: Path) -> None:
    async with opened(tmp_path, door=GuestList()) as url, httpx.AsyncClient() as web:
        answer = await web.post(f"{url}/mcp", json=PING, headers=ACCEPT)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json() == {"error": "invalid_token", "error_description": "Say who you are."}


async def test_a_session_is_nobody_elses(tmp_path: Path) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    async with opened(tmp_path, door=GuestList()) as url, httpx.AsyncClient(headers=ACCEPT) as web:
        answer = await web.post(f"{url}/mcp", json=hello, headers={"authorization": "Bearer ada"})
        session = {"mcp-session-id": answer.headers["mcp-session-id"]}
        statuses = [
            (await web.post(f"{url}/mcp", json=PING, headers=session | {"authorization": f"Bearer {name}"})).status_code
            for name in ("ada", "bob")
        ]
    assert statuses == [200, 404]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"host": "127.0.0.1"}, 400),
        ({"host": "LOCALHOST:99"}, 400),
        ({"host": "[::1]:99"}, 400),
        ({"host": "flora.example.com:8443"}, 400),
        ({"host": "public.example.com"}, 400),
        ({"host": "evil.example.com"}, 421),
        ({"host": "127.0.0.1.evil.example.com"}, 421),
        ({"host": "localhost@evil.example.com"}, 421),
        ({"host": "]["}, 421),
        ({"host": ""}, 421),
        ({"origin": "http://localhost:6274"}, 400),
        ({"origin": "https://chat.example.com"}, 400),
        ({"origin": "https://evil.example.com"}, 403),
        ({"origin": "https://localhost.evil.example.com"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "file://localhost"}, 403),
        ({"origin": "http://["}, 403),
    ],
)
async def test_only_the_servers_own_names_and_allowed_ones_are_answered(
    header: dict[str, str], status: int, tmp_path: Path
) -> None:
    options = HTTPOptions(
        allowed_hosts=frozenset({"flora.example.com"}),
        allowed_origins=frozenset({"https://chat.example.com"}),
        public_url="https://public.example.com/",
    )
    async with open_desks(Settings(api_key=None, data_directory=tmp_path), backend=FakeFlora().app) as desks:
        app = build_app(desks.server(tenant_of), door=OpenDoor(desks.local), options=options)
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=httpx.ASGITransport(app)) as web:
            answer = await web.post("http://127.0.0.1/mcp", content=b"{}", headers=header)
    # 400 is what MCP says of this body: the request has passed.
    assert answer.status_code == status
