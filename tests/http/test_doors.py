"""Whom each kind of door lets in over real HTTP, and as whom."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import httpx
import pytest
from fakes.flora import FakeFlora
from fakes.neighbours import ACCEPT, Street, open_street

from flora_mcp.app import door_of, open_desks
from flora_mcp.auth import OpenDoor
from flora_mcp.settings import OAuth, Settings, SettingsError

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}
PING = {"jsonrpc": "2.0", "id": 2, "method": "ping"}


@pytest.fixture(scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    async with open_street(tmp_path_factory.mktemp("auto"), kind="auto", replicas=1) as street:
        yield street


def bearer(street: Street, name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {street.keys[name]}"}


async def test_where_keys_are_welcome_one_opens_its_own_tenant_and_none_the_local_one(street: Street) -> None:
    async with httpx.AsyncClient(headers=ACCEPT) as web:
        sessions = {}
        for name, headers in (("nobody", {}), ("ada", bearer(street, "ada")), ("bob", bearer(street, "bob"))):
            answer = await web.post(f"{street.urls[0]}/mcp", json=HELLO, headers=headers)
            sessions[name] = (answer.headers["mcp-session-id"], headers)
        statuses = {
            (of, by): (
                await web.post(f"{street.urls[0]}/mcp", json=PING, headers={**headers, "mcp-session-id": session})
            ).status_code
            for of, (session, _) in sessions.items()
            for by, (_, headers) in sessions.items()
        }
    assert statuses == {(of, by): 200 if of == by else 404 for of in sessions for by in sessions}


async def test_a_made_up_key_does_not_pass_for_nobodys(street: Street) -> None:
    async with httpx.AsyncClient(headers=ACCEPT) as web:
        answer = await web.post(f"{street.urls[0]}/mcp", json=HELLO, headers={"x-flora-api-key": "sk_live_wrong"})
        empty = await web.post(f"{street.urls[0]}/mcp", json=HELLO, headers={"authorization": "Bearer"})
    assert (answer.status_code, empty.status_code) == (401, 401)


async def test_two_headers_of_one_name_are_no_key(street: Street) -> None:
    pair = [("authorization", f"Bearer {street.keys[name]}") for name in ("ada", "bob")]
    async with httpx.AsyncClient() as web:
        answer = await web.post(f"{street.urls[0]}/mcp", json=HELLO, headers=[*ACCEPT.items(), *pair])
    assert answer.status_code == 400


async def test_a_stream_of_the_old_kind_is_nobody_elses(street: Street) -> None:
    url = street.urls[0]
    async with (
        httpx.AsyncClient(timeout=20) as web,
        web.stream("GET", f"{url}/sse", headers={**bearer(street, "ada"), "accept": "text/event-stream"}) as stream,
    ):
        lines = stream.aiter_lines()
        with anyio.fail_after(10):
            address = ""
            async for line in lines:
                if line.startswith("data: "):
                    address = line.removeprefix("data: ")
                    break
        made_up = address[:-4] + "0000"
        refused = [
            await web.post(f"{url}{place}", json=HELLO, headers=headers)
            for place in (made_up, address)
            for headers in (bearer(street, "bob"), {})
        ]
        allowed = await web.post(f"{url}{address}", json=HELLO, headers=bearer(street, "ada"))
    assert [answer.status_code for answer in refused] == [404] * 4
    assert len({answer.text for answer in refused}) == 1
    assert allowed.status_code == 202


async def test_a_door_without_a_lock_lets_everybody_in_as_the_local_tenant(tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path)
    async with open_desks(settings, backend=FakeFlora().app) as opened:
        door = door_of("none", settings=settings, opened=opened, mcp_url="http://127.0.0.1/mcp")
        assert isinstance(door, OpenDoor)
        assert await door.admit({"authorization": "Bearer anything"}) is opened.local


@pytest.mark.parametrize(
    ("oauth", "keys", "missing"),
    [
        (None, "{}", "FLORA_OAUTH_ISSUER"),
        (OAuth(issuer="https://login.example.com"), None, "FLORA_KEYS_FILE"),
        (OAuth(issuer="https://login.example.com"), "{", "no JSON object"),
    ],
)
async def test_tokens_are_not_taken_without_saying_whose_and_for_which_keys(
    tmp_path: Path, oauth: OAuth | None, keys: str | None, missing: str
) -> None:
    keys_file = tmp_path / "keys.json"
    if keys is not None:
        keys_file.write_text(keys)
        keys_file.chmod(0o600)
    settings = Settings(data_directory=tmp_path, oauth=oauth, keys_file=keys_file if keys is not None else None)
    async with open_desks(settings, backend=FakeFlora().app) as opened:
        with pytest.raises(SettingsError, match=missing):
            door_of("oauth", settings=settings, opened=opened, mcp_url="https://flora.example.com/mcp")
