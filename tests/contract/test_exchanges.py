"""What all methods have in common: pages, attempts, keys, errors."""

from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from contract.promises import promises
from contract.shapes import REQUEST_ID
from contract.sides import Refused, Side, faults
from contract.world import PNG, SITE, refusal
from starlette.responses import Response


async def make_projects(side: Side, *names: str) -> None:
    for name in names:
        await side.call("projects.create", name=name, workspace_id=side.workspace_id)


@promises("pages/walk-to-the-end", "pages/repeat-the-filters")
async def test_a_list_is_walked_to_its_end(side: Side) -> None:
    await make_projects(side, *(f"Cup {number}" for number in range(5)), "Bowl")
    side.world.door.clear()
    found = await side.all("projects.list", workspace_id=side.workspace_id, query="Cup", limit=2)
    assert [each["name"] for each in found] == [f"Cup {number}" for number in reversed(range(5))]
    queries = [dict(parse_qsl(each.query)) for each in side.world.door.exchanges]
    assert len({query.pop("cursor", None) for query in queries}) == 3
    assert queries == [{"workspace_id": side.workspace_id, "query": "Cup", "limit": "2"}] * 3


@promises("pages/keep-their-place")
async def test_what_is_added_does_not_move_a_list(side: Side) -> None:
    for _ in range(4):
        await side.call("assets.create", source="signed-url", workspace_id=side.workspace_id)
    all_ids = [each["asset_id"] for each in await side.all("assets.list", workspace_id=side.workspace_id)]
    first = await side.call("assets.list", workspace_id=side.workspace_id, limit=2)
    await side.call("assets.create", source="signed-url", workspace_id=side.workspace_id)
    cursor = first.body["meta"]["next_cursor"]
    second = await side.call("assets.list", workspace_id=side.workspace_id, limit=2, cursor=cursor)
    assert [each["asset_id"] for each in (*first.items, *second.items)] == all_ids
    assert not second.has_next


@promises("pages/hold-twenty")
async def test_a_page_holds_twenty(side: Side) -> None:
    await make_projects(side, *(str(number) for number in range(20)))
    page = await side.call("projects.list", workspace_id=side.workspace_id)
    assert (len(page.items), page.has_next) == (20, True)
    assert len((await side.call("projects.list", workspace_id=side.workspace_id, limit=100)).items) == 21


@pytest.mark.parametrize("limit", [0, 101, 2.5])
@promises("pages/hold-at-most-a-hundred")
async def test_a_limit_has_bounds(side: Side, limit: float) -> None:
    assert faults(await side.refused("projects.list", workspace_id=side.workspace_id, limit=limit)) == {"limit"}


@promises("pages/cursors-are-of-their-list")
async def test_a_cursor_is_of_its_list(side: Side) -> None:
    await make_projects(side, "One")
    page = await side.call("projects.list", workspace_id=side.workspace_id, limit=1)
    foreign = page.body["meta"]["next_cursor"]
    assert faults(await side.refused("assets.list", workspace_id=side.workspace_id, cursor=foreign)) == {"cursor"}
    assert faults(await side.refused("assets.list", workspace_id=side.workspace_id, cursor="e30")) == {"cursor"}


@promises("retries/of-refused-reads")
async def test_a_read_is_tried_again(side: Side) -> None:
    side.world.door.answers += [
        refusal(429, "rate_limited", retry_after_ms="1"),
        refusal(503, "service_unavailable", retry_after="0"),
    ]
    project = await side.call("projects.retrieve", project_id=side.project_id)
    assert project["project_id"] == side.project_id
    assert [each.status for each in side.world.door.exchanges] == [429, 503, 200]


@promises("retries/give-up")
async def test_the_third_attempt_is_the_last(side: Side) -> None:
    side.world.door.answers += [refusal(503, "service_unavailable", retry_after_ms="1") for _ in range(4)]
    with pytest.raises(Refused) as caught:
        await side.call("projects.retrieve", project_id=side.project_id)
    assert (caught.value.kind, caught.value.status) == ("InternalServerError", 503)
    assert [each.status for each in side.world.door.exchanges] == [503] * 3


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 422])
@promises("retries/not-of-wrong-input")
async def test_a_clear_refusal_is_not_tried_again(side: Side, status: int) -> None:
    side.world.door.answers.append(refusal(status, "told", retry_after_ms="1"))
    with pytest.raises(Refused) as caught:
        await side.call("projects.retrieve", project_id=side.project_id)
    assert caught.value.status == status
    assert len(side.world.door.exchanges) == 1


@promises("retries/obey-the-server")
async def test_the_server_ends_the_attempts(side: Side) -> None:
    side.world.door.answers.append(refusal(503, "service_unavailable", x_should_retry="false"))
    with pytest.raises(Refused) as caught:
        await side.call("projects.retrieve", project_id=side.project_id)
    assert caught.value.status == 503
    assert len(side.world.door.exchanges) == 1


@promises("retries/of-creations")
async def test_a_creation_that_was_not_done_is_tried_again(side: Side) -> None:
    side.world.door.answers.append(refusal(503, "service_unavailable", retry_after_ms="1"))
    started = await side.call("generations.create", **side.asked())
    page = await side.call("generations.list", workspace_id=side.workspace_id)
    assert [each["run_id"] for each in page.items] == [started["run_id"]]


async def creations(side: Side) -> list[tuple[str, dict[str, Any]]]:
    """Returns a good call of each method that makes something."""
    workspace = {"workspace_id": side.workspace_id}
    folder = await side.call("workspaces.library.folders.create", **workspace)
    asset = await side.upload(PNG, **workspace)
    inputs = [{"type": "text", "text": "a"}]
    technique = await side.call("techniques.retrieve", technique_id="product-shot-set")
    shots = {"technique_id": technique["technique_id"], "inputs": {"product": "a red cup"}}
    library = {**workspace, "folder_id": folder["folder_id"]}
    folder_id = await side.world.studio.create_folder("Campaigns", **workspace)
    place = {"project_id": side.project_id}
    node = await side.call("projects.actions.create", **place, action_id="concat-text-browser")
    changes = {
        "add": [{"ref": "words", "type": "text", "prompt": "a"}],
        "connect": [{"from": "words", "to": node["node_id"]}],
    }
    await side.call("workspaces.projects.canvas.apply_changeset", **workspace, **place, **changes)
    canvas = {**workspace, **place}
    flowchart = 'graph LR\n  a["A cup (image)"]'
    return [
        (
            "workspaces.projects.canvas.apply_changeset",
            {**canvas, "add": [{"ref": "a", "type": "text", "prompt": "a"}]},
        ),
        ("workspaces.projects.run_nodes", {**canvas, "node_ids": ["n99"]}),
        ("projects.canvas.update", {**place, "diagram": flowchart}),
        ("projects.actions.create", {**place, "action_id": "concat-text-browser"}),
        ("projects.actions.run", {**place, "node_id": node["node_id"]}),
        ("projects.create", {"name": "One", **workspace}),
        ("workspaces.projects.create", {"name": "One", **workspace}),
        ("workspaces.folders.create_project", {"name": "One", "folder_id": folder_id, **workspace}),
        ("workspaces.library.folders.create", workspace),
        ("workspaces.library.folders.add_item", {**library, "type": "text", "text": "A cup."}),
        ("assets.create", {"source": f"{SITE}/cup.png", **workspace}),
        ("projects.assets.attach_asset", {"project_id": side.project_id, "asset_id": asset["asset_id"]}),
        ("generations.create", side.asked()),
        ("runs.start_generation", side.asked(prompt="another cup")),
        (
            "actions.run",
            {"action_id": "concat-text-browser", "inputs": inputs, "project_id": side.project_id, **workspace},
        ),
        ("runs.start_technique", {**shots, **workspace}),
        ("feedback.record", {"kind": "bug", "summary": "Red", "detail": "Too red.", **workspace}),
    ]


@promises("idempotency/is-for-all-creations", "idempotency/is-of-one-operation")
async def test_every_creation_takes_a_key(side: Side) -> None:
    for number, (path, arguments) in enumerate(await creations(side)):
        # The two ways to start a generation, and the two to make a project, are one operation each.
        key = f"key-{number}" if path in {"runs.start_generation", "workspaces.projects.create"} else "key"
        await side.call(path, **arguments, idempotency_key=key)
        again = await side.refused(path, **arguments, idempotency_key=key)
        assert (path, again.status, again.code) == (path, 409, "idempotency_duplicate")


@promises("idempotency/repeats-are-409", "idempotency/ends-after-two-hours")
async def test_a_key_is_good_again_after_two_hours(side: Side) -> None:
    asked = side.asked(idempotency_key="row-7")
    first = await side.call("generations.create", **asked)
    for hours in (0.0, 1.99):
        side.world.clock.pass_hours(hours)
        again = await side.refused("generations.create", **asked)
        assert (again.status, again.code) == (409, "idempotency_duplicate")
    side.world.clock.pass_hours(0.02)
    second = await side.call("generations.create", **asked)
    page = await side.call("generations.list", workspace_id=side.workspace_id)
    assert [each["run_id"] for each in page.items] == [second["run_id"], first["run_id"]]


@promises("idempotency/is-freed-by-a-failure")
async def test_a_refused_request_leaves_its_key_free(side: Side) -> None:
    missing = {"name": "One", "workspace_id": "ws_none", "idempotency_key": "free"}
    await side.refused("projects.create", **missing)
    await side.refused("generations.create", **side.asked(model="t2i-nothing", idempotency_key="free"))
    started = await side.call("generations.create", **side.asked(idempotency_key="free"))
    assert started["type"] == "generation"


@promises("idempotency/survives-a-lost-answer")
async def test_a_lost_answer_makes_nothing_twice(side: Side) -> None:
    side.world.door.losses = 1
    side.max_retries = 1
    try:
        with pytest.raises(Refused) as caught:
            await side.call("generations.create", **side.asked(idempotency_key="lost"))
    finally:
        side.max_retries = 2
    # Ours says what may have happened, and where to look; the official SDK says what the last answer was.
    assert caught.value.kind in {"RunUncertainError", "ConflictError"}
    assert [each.status for each in side.world.door.exchanges] == [502, 409]
    page = await side.call("generations.list", workspace_id=side.workspace_id)
    assert len(page.items) == 1


@promises("errors/envelope", "errors/request-id")
async def test_an_error_has_a_code_a_message_and_fields(side: Side) -> None:
    refused = await side.refused("generations.create", **side.asked(model="t2i-nothing"))
    assert (refused.kind, refused.status, refused.code) == ("BadRequestError", 400, "input_validation_error")
    assert refused.fields["model"] in refused.message
    assert refused.request_id == REQUEST_ID
    missing = await side.refused("projects.retrieve", project_id="prj_none")
    assert (missing.fields, missing.request_id) == ({}, REQUEST_ID)
    assert missing.request_id != refused.request_id


CLASSES = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
    500: "InternalServerError",
    503: "InternalServerError",
    418: "APIError",
}


@promises("errors/classes")
async def test_each_status_is_an_error_of_its_own_class(side: Side) -> None:
    kinds = {}
    for status in (*CLASSES, 402):
        side.world.door.answers.append(refusal(status, "told", x_should_retry="false"))
        refused = await side.refused("projects.retrieve", project_id=side.project_id)
        assert (refused.status, refused.code, refused.message) == (status, "told", "Told by the door.")
        kinds[status] = refused.kind
    assert kinds.pop(402) in {"APIError", "InsufficientCreditsError"}
    assert kinds == CLASSES


@promises("errors/gateway-page")
async def test_a_gateways_page_is_an_error_with_its_status(side: Side) -> None:
    page = Response("<h1>Bad gateway</h1>", 502, media_type="text/html", headers={"x-should-retry": "false"})
    side.world.door.answers.append(page)
    refused = await side.refused("projects.retrieve", project_id=side.project_id)
    assert (refused.kind, refused.status, refused.code) == ("InternalServerError", 502, None)
    assert "Bad gateway" in refused.message


@promises("errors/not-json")
async def test_a_body_that_is_no_json_is_refused(side: Side) -> None:
    async with httpx.AsyncClient(base_url=side.world.studio.base_url, trust_env=False) as stranger:
        answer = await stranger.post("projects", content=b"{", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message"}


@promises("errors/unknown-endpoint")
async def test_an_endpoint_that_does_not_exist_is_not_found(side: Side) -> None:
    async with httpx.AsyncClient(base_url=side.world.studio.base_url, trust_env=False) as stranger:
        nowhere = await stranger.get("nowhere")
        wrong = await stranger.delete("projects")
    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(wrong.headers["allow"].split(", "))
