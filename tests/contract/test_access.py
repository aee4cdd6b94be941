"""Keys: who is let in, to what, and how often."""

from collections.abc import AsyncIterator

import httpx
import pytest
from contract.promises import promises
from contract.shapes import TIME_MS
from contract.sides import Side, body_of
from contract.world import PNG, World, open_world

from flora_mcp.studio.admission import Access
from flora_mcp.studio.buckets import Rate

BURST = 40

ONE_IN_SECONDS = 1000.0


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    access = Access(keys_required=True, rate=Rate(per_second=1 / ONE_IN_SECONDS, burst=BURST))
    async with open_world(tmp_path_factory.mktemp("contract"), access=access) as opened:
        yield opened


@promises("access/needs-a-key")
async def test_nothing_is_answered_without_a_key(side: Side) -> None:
    async with httpx.AsyncClient(base_url=side.world.studio.base_url, trust_env=False) as stranger:
        for answer in (await stranger.get("models"), await stranger.post("generate", json={})):
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


@promises("access/unknown-key")
async def test_an_unknown_key_is_refused(side: Side) -> None:
    side.key = "sk_live_" + "x" * 43
    refusal = await side.refused("models.list")
    assert (refusal.kind, refusal.status, refusal.code) == ("AuthenticationError", 401, "invalid_api_key")


@promises("access/one-workspace", "access/lists-are-its-own", "access/role-is-told")
async def test_a_key_opens_one_workspace(side: Side) -> None:
    own, project_id, workspace_id = side.key, side.project_id, side.workspace_id
    asset = await side.upload(PNG, workspace_id=workspace_id)
    run = await side.call("generations.create", **side.asked())
    side.workspace_id = await side.world.studio.create_workspace("Other")
    side.key = await side.world.key_of(side.workspace_id, role="member")
    [listed] = body_of(await side.call("workspaces.list"))["workspaces"]
    assert listed == {"workspace_id": side.workspace_id, "name": "Other", "role": "member", "created_at": TIME_MS}
    for path, arguments in (
        ("projects.list", {"workspace_id": workspace_id}),
        ("projects.retrieve", {"project_id": project_id}),
        ("assets.retrieve", {"asset_id": asset["asset_id"]}),
        ("generations.retrieve", {"run_id": run["run_id"]}),
        ("generations.create", side.asked(workspace_id=workspace_id, project_id=project_id)),
        ("workspaces.projects.graph", {"workspace_id": workspace_id, "project_id": project_id}),
        ("workspaces.library.folders.create", {"workspace_id": workspace_id}),
    ):
        refusal = await side.refused(path, **arguments)
        assert (path, refusal.status, refusal.code) == (path, 404, "not_found")
    for path in ("assets.list", "generations.list"):
        assert (await side.call(path)).items == []
    side.key = own
    assert [each["asset_id"] for each in (await side.call("assets.list")).items] == [asset["asset_id"]]
    assert [each["run_id"] for each in (await side.call("generations.list")).items] == [run["run_id"]]


@promises("access/viewers-read")
async def test_a_viewer_reads_and_changes_nothing(side: Side) -> None:
    side.key = await side.world.key_of(side.workspace_id, role="viewer")
    assert (await side.call("projects.retrieve", project_id=side.project_id))["name"] == "Case"
    for path, arguments in (
        ("projects.create", {"name": "One", "workspace_id": side.workspace_id}),
        ("generations.create", side.asked()),
        ("assets.create", {"source": "signed-url", "workspace_id": side.workspace_id}),
        ("projects.canvas.update", {"project_id": side.project_id, "diagram": 'graph LR\n  a["A cup (image)"]'}),
        ("feedback.record", {"kind": "bug", "summary": "Red", "detail": "Too red."}),
    ):
        refusal = await side.refused(path, **arguments)
        assert (path, refusal.kind, refusal.code) == (path, "PermissionDeniedError", "forbidden")


@promises("access/rate")
async def test_a_workspace_that_asks_too_often_is_told_to_wait(side: Side) -> None:
    for _ in range(BURST - 1):
        await side.call("projects.retrieve", project_id=side.project_id)
    refusal = await side.refused("projects.retrieve", project_id=side.project_id)
    assert (refusal.kind, refusal.status, refusal.code) == ("RateLimitError", 429, "rate_limited")
    limited, side.key = side.key, await side.world.key_of(await side.world.studio.create_workspace("Other"))
    assert body_of(await side.call("models.list"))["models"]
    side.key = limited
    side.world.clock.pass_hours(ONE_IN_SECONDS / 3600)
    await side.call("projects.retrieve", project_id=side.project_id)
