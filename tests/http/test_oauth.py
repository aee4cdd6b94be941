"""Tokens of an authorization server over real HTTP: how clients find it, and what a token opens."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import httpx2
import pytest
from auth.issuing import OTHER_RSA_KEY, RSA_KEY, public, token
from fakes.neighbours import ACCEPT, REPLICAS, Street, found, open_street, text_of
from fakes.serving import served
from mcp import Client
from mcp.client.auth.utils import extract_resource_metadata_from_www_auth
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import ProtectedResourceMetadata
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from flora_mcp.settings import OAuth

RESOURCE = "https://flora.example.com/mcp"
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


@dataclass(kw_only=True)
class Club:
    """A deployment that takes tokens; `eve` works with the key of `ada`."""

    street: Street
    issuer: str
    keys_file: Path

    def token(self, name: str, **changes: Any) -> str:
        return token(**{"iss": self.issuer, "aud": RESOURCE, "sub": name, **changes})

    def allow(self, **keys: str) -> None:
        fresh = self.keys_file.with_suffix(".new")
        fresh.write_text(json.dumps(keys))
        fresh.chmod(0o600)
        fresh.replace(self.keys_file)

    def allow_all(self) -> None:
        keys = self.street.keys
        self.allow(ada=keys["ada"], bob=keys["bob"], eve=keys["ada"])

    async def post(self, bearer: str | None, *, replica: int = 0, body: Any = None, **headers: str) -> httpx.Response:
        headers |= {} if bearer is None else {"authorization": f"Bearer {bearer}"}
        async with httpx.AsyncClient(headers={**ACCEPT, **headers}) as web:
            return await web.post(f"{self.street.urls[replica]}/mcp", json=body or PING)

    @asynccontextmanager
    async def client(self, name: str, *, replica: int = 0, mode: str = "auto") -> AsyncIterator[Client]:
        headers = {"authorization": f"Bearer {self.token(name)}"}
        async with httpx2.AsyncClient(headers=headers, timeout=60) as web:
            transport = streamable_http_client(f"{self.street.urls[replica]}/mcp", http_client=web)
            async with Client(transport, mode=mode) as client:
                yield client

    async def ask(self, name: str, tool: str, arguments: dict[str, Any], *, replica: int = 0) -> str:
        async with self.client(name, replica=replica) as client:
            return text_of(await client.call_tool(tool, arguments))


@pytest.fixture(scope="module")
async def club(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Club]:
    folder = tmp_path_factory.mktemp("club")
    keys_file = folder / "keys.json"
    keys_file.write_text("{}")
    keys_file.chmod(0o600)
    documents: dict[str, Any] = {}

    async def answer(request: Any) -> JSONResponse:
        return JSONResponse(documents[request.url.path])

    server = Starlette(routes=[Route("/.well-known/oauth-authorization-server", answer), Route("/keys", answer)])
    async with AsyncExitStack() as stack:
        issuer = await stack.enter_async_context(served(server))
        documents["/keys"] = {"keys": [public(RSA_KEY)]}
        documents["/.well-known/oauth-authorization-server"] = {"issuer": issuer, "jwks_uri": f"{issuer}/keys"}
        oauth = OAuth(issuer=issuer, scopes=("flora",))
        street = await stack.enter_async_context(open_street(folder, kind="oauth", oauth=oauth, keys_file=keys_file))
        club = Club(street=street, issuer=issuer, keys_file=keys_file)
        club.allow_all()
        yield club


async def test_a_client_without_a_token_finds_out_who_gives_one(club: Club) -> None:
    answer = await club.post(None)
    assert answer.status_code == 401
    address = extract_resource_metadata_from_www_auth(httpx2.Response(401, headers=dict(answer.headers)))
    assert address == "https://flora.example.com/.well-known/oauth-protected-resource/mcp"
    page_of = {"origin": "http://localhost:6274"}
    async with httpx.AsyncClient(base_url=club.street.urls[0], headers=page_of) as web:
        for path in ("/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"):
            page = await web.get(path)
            assert "access-control-allow-origin" in page.headers
            metadata = ProtectedResourceMetadata.model_validate_json(page.content)
            assert str(metadata.resource) == RESOURCE
            assert [str(server).rstrip("/") for server in metadata.authorization_servers] == [club.issuer]
            assert metadata.scopes_supported == ["flora"]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_a_token_works_with_the_principals_key_and_goes_to_nobody_else(club: Club, mode: str) -> None:
    club.street.bearers.clear()
    async with club.client("bob", mode=mode) as client:
        answer = text_of(
            await client.call_tool("execute", {"code": "return len((await client.workspaces.list()).workspaces)"})
        )
    assert "Returned: 1" in answer
    assert club.street.bearers == {f"Bearer {club.street.keys['bob']}"}


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"exp": 1_700_000_000}, 401, "invalid_token"),
        ({"aud": "https://other.example.com/mcp"}, 401, "invalid_token"),
        ({"iss": "https://other.example.com"}, 401, "invalid_token"),
        ({"key": OTHER_RSA_KEY}, 401, "invalid_token"),
        ({"scope": "other"}, 403, "insufficient_scope"),
    ],
)
@pytest.mark.parametrize("replica", REPLICAS)
async def test_a_token_that_is_not_good_here_opens_nothing(
    club: Club, changes: dict[str, Any], status: int, error: str, replica: int
) -> None:
    club.street.bearers.clear()
    answer = await club.post(club.token("ada", **changes), replica=replica)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert f'error="{error}"' in answer.headers["www-authenticate"]
    assert "resource_metadata=" in answer.headers["www-authenticate"]
    assert club.street.bearers == set()


async def test_a_flora_key_is_no_token(club: Club) -> None:
    assert (await club.post(club.street.keys["ada"])).status_code == 401
    assert (await club.post(None, **{"x-flora-api-key": club.street.keys["ada"]})).status_code == 401
    both = await club.post(club.token("ada"), **{"x-flora-api-key": club.street.keys["bob"]})
    assert both.status_code == 400


@pytest.mark.parametrize("replica", REPLICAS)
async def test_two_principals_with_the_same_key_see_nothing_of_each_other_here(club: Club, replica: int) -> None:
    street = club.street
    gate = street.gate(f"gate-oauth-{replica}")
    place = f'workspace_id="{street.workspaces["ada"]}", type="image", model="t2i-studio-scene"'
    code = f"""
project = await client.projects.create(name="p", workspace_id="{street.workspaces["ada"]}")
start = await client.generations.create({place}, prompt="gate-oauth-{replica} x", project_id=project.project_id)
await client.generations.wait(start.run_id)
"""
    execution_id = found(r"exe_[\w-]+", await club.ask("ada", "execute", {"code": code}))
    made_up = execution_id[:-4] + "0000"
    told = [await club.ask("eve", "wait", {"ids": [each]}, replica=replica) for each in (made_up, execution_id)]
    assert told[0].replace(made_up, "ID") == told[1].replace(execution_id, "ID")
    async with club.client("eve", replica=replica) as eve:
        listed = [str(each.uri) for each in (await eve.list_resources()).resources]
    assert not [uri for uri in listed if uri.startswith("flora://")]
    gate.set()
    with anyio.fail_after(30):
        while "Still running" in (answer := await club.ask("ada", "wait", {"ids": [execution_id]})):
            continue
    assert "Returned" in answer


async def test_a_session_belongs_to_the_principal_and_outlives_its_token(club: Club) -> None:
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    body = {**PING, "method": "initialize", "params": hello}
    opened = await club.post(club.token("ada"), body=body)
    session = {"mcp-session-id": opened.headers["mcp-session-id"]}
    statuses = [
        (await club.post(bearer, replica=replica, **session)).status_code
        for replica in REPLICAS
        for bearer in (club.token("ada", jti="another"), club.token("eve"), club.token("ada", exp=1_700_000_000))
    ]
    assert statuses == [200, 404, 401] * 2


async def test_a_principals_key_can_be_changed_and_taken_away_while_the_server_runs(club: Club) -> None:
    street = club.street
    await club.ask("bob", "list_models", {})
    await street.move_in("bobs new place")
    street.bearers.clear()
    club.allow(bob=street.keys["bobs new place"])
    try:
        code = "return [each.workspace_id for each in (await client.workspaces.list()).workspaces]"
        assert street.workspaces["bobs new place"] in await club.ask("bob", "execute", {"code": code})
        assert street.bearers == {f"Bearer {street.keys['bobs new place']}"}
        club.keys_file.chmod(0o644)
        broken = await club.post(club.token("bob"))
        assert (broken.status_code, broken.json()["error"]) == (503, "temporarily_unavailable")
        assert broken.headers["retry-after"] == "10"
        club.allow()
        answer = await club.post(club.token("bob"))
        assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
        assert "no FLORA key for you" in answer.text
    finally:
        club.allow_all()
