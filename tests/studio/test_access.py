"""Keys: who needs one, what each opens, and when it stops."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from studio.guarded import Guarded, guard
from studio.pictures import picture

from flora_mcp.studio import Access, Rate
from flora_mcp.studio.data import open_data
from flora_mcp.studio.store import access

UNKNOWN = "sk_live_" + "a" * 43


@pytest.fixture
async def guarded(open_api: Any) -> AsyncIterator[Guarded]:
    async with open_api(works=False) as api, guard(api) as opened:
        yield opened


def refusal(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["request-id"].startswith("req_")
    body = answer.json()
    assert set(body) == {"error"}
    return answer.status_code, body["error"]["code"]


async def test_without_a_good_key_nothing_is_answered(guarded: Guarded) -> None:
    http = await guarded.client(None)
    answer = await http.get("models")
    assert refusal(answer) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    for header in ("", "Bearer", "Bearer any", f"Bearer {UNKNOWN}", f"Basic {UNKNOWN}", "Bearer ключ"):
        headers = [(b"authorization", header.encode())]
        assert refusal(await http.get("models", headers=headers)) == (401, "invalid_api_key")
        assert refusal(await http.post("projects", headers=headers, json={})) == (401, "invalid_api_key")


async def test_even_that_there_is_no_such_endpoint_is_told_with_a_key_only(guarded: Guarded) -> None:
    assert refusal(await (await guarded.client(None)).get("nowhere")) == (401, "unauthorized")
    assert refusal(await (await guarded.client(await guarded.key())).get("nowhere")) == (404, "not_found")


async def test_a_key_opens_its_workspace_as_its_role(guarded: Guarded) -> None:
    other = await guarded.studio.create_workspace("Other")
    seen = []
    for workspace_id, role in ((guarded.api.workspace_id, "admin"), (other, "member"), (other, "viewer")):
        http = await guarded.client(await guarded.key(workspace_id=workspace_id, role=role))
        found = (await http.get("workspaces")).json()["workspaces"]
        seen.append([(each["workspace_id"], each["role"]) for each in found])
    assert seen == [[(guarded.api.workspace_id, "admin")], [(other, "member")], [(other, "viewer")]]


async def test_a_member_works_and_a_viewer_watches(guarded: Guarded) -> None:
    member = await guarded.client(await guarded.key())
    viewer = await guarded.client(await guarded.key(role="viewer"))
    body = {"name": "Mine", "workspace_id": guarded.api.workspace_id}
    assert refusal(await viewer.post("projects", json=body)) == (403, "forbidden")
    made = (await member.post("projects", json=body)).json()
    assert (await viewer.get(f"projects/{made['project_id']}")).json() == made


async def test_a_revoked_key_stops_within_a_second_though_another_process_revoked_it(guarded: Guarded) -> None:
    http = await guarded.client(await guarded.key())
    assert (await http.get("models")).status_code == 200
    with open_data(directory=guarded.api.directory) as database, database.writing() as connection:
        [key] = access.read_keys(connection, workspace_id=None)
        access.revoke_key(connection, key["key_id"], now_ms=guarded.api.clock.now_ms)
    guarded.api.clock.now_ms += 999
    assert (await http.get("models")).status_code == 200
    guarded.api.clock.now_ms += 1
    assert refusal(await http.get("models")) == (401, "invalid_api_key")


async def test_a_member_who_is_removed_takes_every_key_along_and_a_new_role_needs_no_new_key(guarded: Guarded) -> None:
    http = await guarded.client(await guarded.key())
    body = {"name": "Mine", "workspace_id": guarded.api.workspace_id}
    with open_data(directory=guarded.api.directory) as database:
        with database.writing() as connection:
            [member] = access.read_members(connection, workspace_id=None)
            access.set_role(connection, member["member_id"], "viewer")
        assert refusal(await http.post("projects", json=body)) == (403, "forbidden")
        with database.writing() as connection:
            access.remove_member(connection, member["member_id"], now_ms=guarded.api.clock.now_ms)
    guarded.api.clock.now_ms += 1000
    assert refusal(await http.get("models")) == (401, "invalid_api_key")


async def test_a_key_is_kept_as_a_hash_only(guarded: Guarded) -> None:
    key = await guarded.key()
    await (await guarded.client(key)).get("models")
    files = [path.read_bytes() for path in guarded.api.directory.glob("studio.sqlite3*")]
    assert sum(key[:13].encode() in content for content in files) >= 1
    assert not any(key[13:].encode() in content for content in files)


async def test_media_are_opened_by_their_signature_alone(guarded: Guarded) -> None:
    body = {"workspace_id": guarded.api.workspace_id}
    made = (await guarded.api.http.post("assets", files={"file": ("a.png", picture())}, data=body)).json()
    asset = await guarded.api.get(f"assets/{made['asset_id']}")
    http = await guarded.client(None)
    assert (await http.get(asset["url"])).status_code == 200
    assert (await http.get(asset["url"].partition("?")[0])).status_code == 404
    assert refusal(await http.get(f"assets/{asset['asset_id']}")) == (401, "unauthorized")


async def test_an_open_studio_takes_any_key_and_honours_the_ones_it_knows(api: Any) -> None:
    async with guard(api, access=Access()) as opened:
        other = await opened.studio.create_workspace("Other")
        viewer = await opened.client(await opened.key(workspace_id=other, role="viewer"))
        assert [each["name"] for each in (await viewer.get("workspaces")).json()["workspaces"]] == ["Other"]
        body = {"name": "Mine", "workspace_id": other}
        assert refusal(await viewer.post("projects", json=body)) == (403, "forbidden")
        for key in (None, "any", UNKNOWN):
            http = await opened.client(key)
            assert len((await http.get("workspaces")).json()["workspaces"]) == 2
            assert (await http.post("projects", json=body)).status_code == 201


async def test_an_open_studio_refuses_a_key_that_was_revoked(api: Any) -> None:
    async with guard(api, access=Access()) as opened:
        key = await opened.key()
        with open_data(directory=api.directory) as database, database.writing() as connection:
            [row] = access.read_keys(connection, workspace_id=None)
            access.revoke_key(connection, row["key_id"], now_ms=api.clock.now_ms)
        assert refusal(await (await opened.client(key)).get("models")) == (401, "invalid_api_key")


async def test_a_studio_answers_to_its_own_names_only(api: Any) -> None:
    async with guard(api, access=Access(keys_required=True, hosts=frozenset({"studio.example"}))) as opened:
        http = await opened.client(await opened.key())
        answers = [await http.get("models", headers={"host": host}) for host in ("studio.example:80", "evil.example")]
        assert [answer.status_code for answer in answers] == [200, 403]


async def test_who_asks_too_often_is_told_when_to_ask_again(api: Any) -> None:
    async with guard(api, access=Access(keys_required=True, rate=Rate(per_second=2, burst=3))) as opened:
        other = await opened.studio.create_workspace("Other")
        http = await opened.client(await opened.key())
        neighbour = await opened.client(await opened.key())
        stranger = await opened.client(await opened.key(workspace_id=other))
        assert [(await http.get("models")).status_code for _ in range(3)] == [200, 200, 200]
        refused = await neighbour.get("models")
        assert refusal(refused) == (429, "rate_limited")
        assert (refused.headers["retry-after"], refused.headers["retry-after-ms"]) == ("1", "501")
        assert (await stranger.get("models")).status_code == 200
        api.clock.now_ms += 501
        assert [(await http.get("models")).status_code for _ in range(2)] == [200, 429]
        api.clock.now_ms += 60_000
        assert [(await http.get("models")).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_a_clock_that_goes_back_lets_nobody_in_more_often(api: Any) -> None:
    async with guard(api, access=Access(rate=Rate(per_second=1, burst=1))) as opened:
        http = await opened.client(None)
        assert (await http.get("models")).status_code == 200
        api.clock.now_ms -= 3_600_000
        assert (await http.get("models")).headers["retry-after-ms"] == "1001"
        api.clock.now_ms += 1001
        assert (await http.get("models")).status_code == 200
