"""Our client of FLORA and the studio agree on the canvas, each from its own facts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from flora_mcp.flora import Flora
from flora_mcp.flora.errors import BadRequestError, ConflictError, NotFoundError


@pytest.fixture
async def flora(api: Any) -> AsyncIterator[Flora]:
    async with Flora(api_key=None, base_url=api.studio.base_url, app=api.studio.app) as opened:
        yield opened


async def test_a_changeset_is_made_read_and_run(api: Any, flora: Flora) -> None:
    place = {"workspace_id": api.workspace_id}
    changes = await flora.workspaces.projects.canvas.apply_changeset(
        api.project_id,
        **place,
        add=[{"ref": "t", "type": "text", "prompt": "a red cup"}, {"ref": "a", "type": "image"}],
        connect=[{"from": "t", "to": "a"}],
    )
    assert (changes.applied.added, changes.applied.connected, changes.warnings) == (2, 1, [])
    graph = await flora.workspaces.projects.graph(api.project_id, **place)
    assert graph.revision == changes.revision
    assert [(edge.source, edge.target, edge.slot) for edge in graph.edges] == [("n1", "n2", "text")]
    started = await flora.workspaces.projects.run_nodes(
        api.project_id, **place, node_ids=[changes.created["a"].id, "n1"]
    )
    assert [(run.node_id, run.status, run.reason) for run in started.runs] == [
        ("n2", "started", None),
        ("n1", "skipped", "no_model_configured"),
    ]
    assert started.runs[0].run_id is not None
    run = await flora.generations.wait(started.runs[0].run_id)
    assert run.status == "completed"
    graph = await flora.workspaces.projects.graph(api.project_id, **place)
    assert [node.status for node in graph.nodes] == ["idle", "done"]


async def test_a_refused_changeset_tells_every_cause(api: Any, flora: Flora) -> None:
    with pytest.raises(BadRequestError) as caught:
        await flora.workspaces.projects.canvas.apply_changeset(
            api.project_id,
            workspace_id=api.workspace_id,
            add=[{"ref": "a", "type": "image", "model": "sora"}],
            remove=[{"id": "n9"}],
        )
    assert [field.field for field in caught.value.fields] == ["add[0].model", "remove[0].id"]


async def test_a_definition_goes_round(api: Any, flora: Flora) -> None:
    canvas = flora.workspaces.projects.canvas
    place = {"workspace_id": api.workspace_id}
    put = await canvas.replace_definition(
        api.project_id,
        **place,
        definition={
            "nodes": [{"id": "a", "type": "textBlock", "data": {"label": "Words", "x": [1]}}],
            "edges": [],
            "node_inputs": {},
            "node_outputs": {"a": {"type": "text", "text": "a red cup"}},
        },
    )
    assert put.definition.nodes[0].data == {"label": "Words", "x": [1]}
    assert put == await canvas.retrieve_definition(api.project_id, **place)
    assert put.summary is not None
    assert put.summary.node_count == 1


async def test_a_flowchart_is_added_to_and_read(api: Any, flora: Flora) -> None:
    changes = await flora.projects.canvas.update(
        api.project_id,
        diagram='graph LR\n  a["A cup (Image)"]',
        node_params={"a": {"aspect_ratio": "16:9", "prompt": None}},
    )
    assert (changes.created_node_count, changes.created_edge_count, changes.warnings) == (1, 0, None)
    assert (await flora.projects.canvas.retrieve(api.project_id)).diagram == changes.diagram
    with pytest.raises(BadRequestError):
        await flora.projects.canvas.update(api.project_id, diagram="graph LR\n  n1 --> n2")
    with pytest.raises(NotFoundError):
        await flora.projects.canvas.retrieve("prj_none")


async def test_an_action_is_placed_and_run(api: Any, flora: Flora) -> None:
    action = await flora.projects.actions.create(
        api.project_id, action_id="find-and-replace-text-browser", params={"find": "cup", "replace": "jug"}
    )
    with pytest.raises(BadRequestError) as caught:
        await flora.projects.actions.run(action.node_id, project_id=api.project_id)
    assert [field.field for field in caught.value.fields] == ["inputs.text"]
    await flora.workspaces.projects.canvas.apply_changeset(
        api.project_id,
        workspace_id=api.workspace_id,
        add=[{"ref": "t", "type": "text", "prompt": "a cup"}],
        connect=[{"from": "t", "to": action.node_id}],
    )
    start = await flora.projects.actions.run(action.node_id, project_id=api.project_id)
    run = await flora.generations.wait(start.run_id)
    assert [output.url for output in run.outputs or []] == ["a jug"]
    [node] = (await flora.projects.list_nodes(api.project_id)).items
    assert (node.node_id, node.type, node.url) == (action.node_id, "text", "a jug")


async def test_a_key_is_taken_once(api: Any, flora: Flora) -> None:
    await flora.projects.actions.create(api.project_id, action_id="crop-image-browser", idempotency_key="k")
    with pytest.raises(ConflictError):
        await flora.projects.actions.create(api.project_id, action_id="crop-image-browser", idempotency_key="k")
