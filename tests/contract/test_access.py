"""Keys and balances: who is let in, to what, and what they may spend."""

from collections.abc import AsyncIterator

import httpx
import pytest
from contract.promises import promises
from contract.shapes import TIME_MS
from contract.sides import Side, body_of
from contract.world import PNG, World, open_world

from flora_mcp.studio.admission import Access


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("contract"), access=Access(keys_required=True)) as opened:
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


@promises("access/credits", "workspaces.projects.run_nodes/too-few-credits")
async def test_a_workspace_spends_no_more_than_it_has(side: Side) -> None:
    technique = await side.call("techniques.retrieve", technique_id="product-shot-set")
    canvas = {"workspace_id": side.workspace_id, "project_id": side.project_id}
    cup = {"ref": "cup", "type": "image", "prompt": "a cup"}
    made = await side.call("workspaces.projects.canvas.apply_changeset", **canvas, add=[cup])
    await side.world.give(side.workspace_id, credit_count=3)
    shot = {"technique_id": technique["technique_id"], "workspace_id": side.workspace_id}
    for path, arguments in (
        ("generations.create", side.asked()),
        ("runs.start_generation", side.asked()),
        ("runs.start_technique", {**shot, "inputs": {"product": "a red cup"}}),
        ("workspaces.projects.run_nodes", {**canvas, "node_ids": [made["created"]["cup"]["id"]]}),
    ):
        refusal = await side.refused(path, **arguments)
        assert (path, refusal.status, refusal.code) == (path, 402, "insufficient_credits")
    assert (await side.call("generations.list", workspace_id=side.workspace_id)).items == []


@promises("access/failed-runs-are-free")
async def test_a_failed_run_gives_back_what_it_took(side: Side) -> None:
    await side.world.give(side.workspace_id, credit_count=4)
    failed = await side.call("generations.create", **side.asked(prompt="fail"))
    assert (await side.finished(failed["run_id"]))["status"] == "failed"
    done = await side.call("generations.create", **side.asked())
    assert (await side.finished(done["run_id"]))["charged_cost"] == 0.004
    assert (await side.refused("generations.create", **side.asked())).status == 402
