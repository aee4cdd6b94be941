"""The Idempotency-Key header: once in two hours, and free again when the request fails."""

from typing import Any

from studio.conftest import ON_BOTH

from flora_mcp.studio.renderers import RenderThreads

pytestmark = ON_BOTH

HOURS_MS = 60 * 60 * 1000


async def generate(api: Any, key: str, **changes: object) -> tuple[int, str | None]:
    answer = await api.post("generate", api.asked(**changes), **{"Idempotency-Key": key})
    return answer.status_code, answer.json().get("error", {}).get("code")


async def test_a_repeated_key_is_refused_and_starts_nothing(api: Any) -> None:
    assert await generate(api, "a") == (201, None)
    assert await generate(api, "a") == (409, "idempotency_duplicate")
    assert await generate(api, "a", prompt="another") == (409, "idempotency_duplicate")
    assert await generate(api, "b") == (201, None)
    assert len((await api.get("generations"))["generations"]) == 2


async def test_a_key_is_free_after_two_hours(api: Any) -> None:
    assert await generate(api, "a") == (201, None)
    api.clock.now_ms += 2 * HOURS_MS - 1
    assert await generate(api, "a") == (409, "idempotency_duplicate")
    api.clock.now_ms += 1
    assert await generate(api, "a") == (201, None)


async def test_a_refused_request_leaves_its_key_free(api: Any) -> None:
    assert await generate(api, "a", params={"seed": -1}) == (400, "input_validation_error")
    assert await generate(api, "a", project_id="prj_none") == (404, "not_found")
    assert await generate(api, "a") == (201, None)


async def test_a_run_that_fails_keeps_its_key(open_api: Any) -> None:
    async with open_api(RenderThreads({})) as api:
        answer = await api.post("generate", api.asked(), **{"Idempotency-Key": "a"})
        assert (await api.finished(answer.json()["run_id"]))["status"] == "failed"
        assert await generate(api, "a") == (409, "idempotency_duplicate")


async def test_a_key_belongs_to_its_operation_and_destination(api: Any) -> None:
    other = (await api.post("projects", {"name": "Other", "workspace_id": api.workspace_id})).json()["project_id"]
    assert await generate(api, "a") == (201, None)
    assert await generate(api, "a", project_id=other) == (201, None)
    body = {"name": "New", "workspace_id": api.workspace_id}
    assert (await api.post("projects", body, **{"Idempotency-Key": "a"})).status_code == 201
    assert (await api.post("projects", body, **{"Idempotency-Key": "a"})).status_code == 409


async def test_a_key_too_long_is_refused(api: Any) -> None:
    assert await generate(api, "a" * 255) == (201, None)
    assert await generate(api, "a" * 256) == (400, "input_validation_error")
    assert await generate(api, "") == (400, "input_validation_error")
