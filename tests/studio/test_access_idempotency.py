"""The Idempotency-Key header where it had none yet, and the keys that time frees."""

from pathlib import Path
from typing import Any

import anyio
import httpx
import sqlalchemy as sa

from flora_mcp.studio.data import open_data
from flora_mcp.studio.store.tables import idempotency_keys
from flora_mcp.studio.web import Web

HOURS_MS = 60 * 60 * 1000
KEY = {"Idempotency-Key": "a"}


def told(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("error", {}).get("code")


async def test_a_folder_is_deleted_once_and_the_repetition_is_told_so(api: Any) -> None:
    folders = f"workspaces/{api.workspace_id}/library/folders"
    folder_id = (await api.post(folders, {})).json()["folder_id"]
    assert told(await api.http.delete(f"{folders}/libfolder_none", headers=KEY)) == (404, "not_found")
    assert told(await api.http.delete(f"{folders}/{folder_id}", headers=KEY)) == (200, None)
    assert told(await api.http.delete(f"{folders}/{folder_id}", headers=KEY)) == (409, "idempotency_duplicate")
    assert told(await api.http.delete(f"{folders}/{folder_id}")) == (404, "not_found")


async def test_completing_and_trying_again_take_a_key_when_they_have_an_effect(api: Any) -> None:
    body = {"source": "signed-url", "workspace_id": api.workspace_id}
    asset = (await api.post("assets", body)).json()
    complete, retry = (f"assets/{asset['asset_id']}/{verb}" for verb in ("complete", "retry"))
    assert told(await api.http.post(complete, headers=KEY)) == (409, "conflict")
    assert (await api.http.put(asset["upload_url"], content=b"no picture")).status_code == 204
    assert told(await api.http.post(complete, headers=KEY)) == (200, None)
    assert told(await api.http.post(complete, headers=KEY)) == (409, "idempotency_duplicate")
    assert told(await api.http.post(retry, headers=KEY)) == (200, None)
    assert told(await api.http.post(retry, headers=KEY)) == (409, "idempotency_duplicate")
    assert told(await api.http.post(retry)) == (409, "conflict")


class Site:
    """A web site that counts its visitors, and has nothing for any."""

    def __init__(self) -> None:
        self.visits = 0

    async def resolve(self, host: str, port: int) -> list[str]:
        return ["93.184.216.34"]

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.visits += 1
        return httpx.Response(500)


async def test_nothing_is_fetched_for_a_key_that_was_used(open_api: Any) -> None:
    site = Site()
    web = Web(transport=httpx.MockTransport(site.answer), resolve=site.resolve)
    async with open_api(web=web) as api:
        body = {"source": "https://example.com/a.png", "workspace_id": api.workspace_id}
        first = await api.post("assets", body, **KEY)
        assert (first.status_code, first.json()["status"]) == (201, "failed")
        assert told(await api.post("assets", body, **KEY)) == (409, "idempotency_duplicate")
        assert site.visits == 1
        retry = f"assets/{first.json()['asset_id']}/retry"
        assert told(await api.http.post(retry, headers=KEY)) == (200, None)
        assert told(await api.http.post(retry, headers=KEY)) == (409, "idempotency_duplicate")
        assert site.visits == 2
        assert (await api.http.post(retry)).json()["status"] == "failed"


async def test_of_two_requests_at_once_with_one_key_one_counts(api: Any) -> None:
    found: list[tuple[int, str | None]] = []

    async def ask() -> None:
        found.append(told(await api.post("generate", api.asked(), **KEY)))

    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            for _ in range(6):
                tasks.start_soon(ask)
    assert sorted(found, key=str) == [(201, None), *[(409, "idempotency_duplicate")] * 5]
    assert len((await api.get("generations"))["generations"]) == 1


def taken(directory: Path) -> int:
    with open_data(directory=directory) as database, database.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(idempotency_keys)) or 0


async def test_keys_whose_time_is_over_are_forgotten_when_the_studio_opens(open_api: Any) -> None:
    async with open_api() as api:
        body = {"name": "New", "workspace_id": api.workspace_id}
        for number in range(3):
            assert (await api.post("projects", body, **{"Idempotency-Key": str(number)})).status_code == 201
        clock, directory = api.clock, api.directory
    clock.now_ms += 2 * HOURS_MS
    assert taken(directory) == 3
    async with open_api(clock_ms=clock):
        assert taken(directory) == 0
