"""The canvas: changed, read, drawn, and run."""

from typing import Any

import pytest
from contract.promises import promises
from contract.shapes import RUN_ID, URL, UUID, Between, Like
from contract.sides import Side, faults
from contract.world import MODEL, PNG, SITE

CHANGESET = "workspaces.projects.canvas.apply_changeset"
GRAPH = "workspaces.projects.graph"

TRIO: dict[str, Any] = {
    "add": [
        {"ref": "words", "type": "text", "prompt": "a red cup", "position": {"x": 0, "y": 0}},
        {"ref": "cup", "type": "image", "label": "The cup", "params": {"aspect_ratio": "16:9"}},
        {"ref": "box", "type": "group", "label": "Cups"},
    ],
    "connect": [{"from": "words", "to": "cup"}],
}


def place(side: Side) -> dict[str, str]:
    return {"workspace_id": side.workspace_id, "project_id": side.project_id}


async def change(side: Side, **operations: Any) -> Any:
    return await side.call(CHANGESET, **place(side), **operations)


async def graph_of(side: Side) -> Any:
    return await side.call(GRAPH, **place(side))


@promises(
    "workspaces.projects.canvas.apply_changeset/adds-and-connects", "workspaces.projects.graph/tells-nodes-and-edges"
)
async def test_a_changeset_adds_nodes_and_edges(side: Side) -> None:
    changed = await change(side, **TRIO)
    graph = await graph_of(side)
    words, cup, box = graph["nodes"]
    assert changed == {
        "project_id": side.project_id,
        "canvas_url": URL,
        "revision": graph["revision"],
        "created": {
            ref: {"id": node["id"], "node_id": node["node_id"]}
            for ref, node in (("words", words), ("cup", cup), ("box", box))
        },
        "applied": {"added": 3, "updated": 0, "connected": 1, "disconnected": 0, "removed": 0},
        "warnings": [],
    }
    assert cup == {
        "id": Like(r"n\d+"),
        "node_id": UUID,
        "type": "image",
        "label": "The cup",
        "prompt": None,
        "model": Like(r".+"),
        "model_id": MODEL,
        "params": {"aspect_ratio": "16:9"},
        "position": {"x": Between(-1e6), "y": Between(-1e6)},
        "status": "idle",
        "output_url": None,
        "output_text": None,
        "action": None,
    }
    assert (words["type"], words["prompt"], words["position"]) == ("text", "a red cup", {"x": 0, "y": 0})
    assert (box["type"], box["status"]) == ("group", None)
    assert graph["edges"] == [{"from": words["id"], "to": cup["id"], "in": "text"}]


@promises("workspaces.projects.graph/revision-tells-changes")
async def test_the_revision_tells_whether_anything_has_changed(side: Side) -> None:
    empty = await graph_of(side)
    assert (empty["nodes"], empty["edges"]) == ([], [])
    await change(side, **TRIO)
    changed = await graph_of(side)
    assert changed["revision"] != empty["revision"]
    assert await graph_of(side) == changed


@promises("workspaces.projects.canvas.apply_changeset/updates-and-removes")
async def test_a_changeset_updates_and_removes(side: Side) -> None:
    made = (await change(side, **TRIO, update=[]))["created"]
    box = made["box"]["id"]
    added = await change(side, add=[{"ref": "inside", "type": "image", "prompt": "a saucer", "group": box}])
    inside = added["created"]["inside"]["id"]
    updated = await change(
        side,
        update=[{"id": made["cup"]["node_id"], "prompt": "a blue cup", "params": {"resolution": "0.5k"}}],
        connect=[{"from": made["words"]["id"], "to": inside}],
    )
    assert updated["applied"] == {"added": 0, "updated": 1, "connected": 1, "disconnected": 0, "removed": 0}
    cup = next(node for node in (await graph_of(side))["nodes"] if node["id"] == made["cup"]["id"])
    assert (cup["prompt"], cup["params"]) == ("a blue cup", {"aspect_ratio": "16:9", "resolution": "0.5k"})
    await change(side, disconnect=[{"from": made["words"]["id"], "to": made["cup"]["id"]}], remove=[{"id": box}])
    graph = await graph_of(side)
    assert [node["id"] for node in graph["nodes"]] == [made["words"]["id"], made["cup"]["id"]]
    assert graph["edges"] == []


@promises("workspaces.projects.canvas.apply_changeset/twice-is-a-warning")
async def test_an_edge_that_is_there_is_a_warning(side: Side) -> None:
    made = (await change(side, **TRIO))["created"]
    again = await change(side, connect=[{"from": made["words"]["id"], "to": made["cup"]["id"]}])
    assert (again["applied"]["connected"], len(again["warnings"])) == (0, 1)


@promises("workspaces.projects.canvas.apply_changeset/shows-media")
async def test_a_node_shows_media_from_an_address(side: Side) -> None:
    made = await change(side, add=[{"ref": "photo", "type": "static_image", "content_url": f"{SITE}/cup.png"}])
    [node] = (await graph_of(side))["nodes"]
    assert (node["node_id"], node["output_url"]) == (made["created"]["photo"]["node_id"], URL)
    [seen] = (await side.call("projects.list_nodes", project_id=side.project_id)).items
    assert (seen["url"], seen["width"]) == (node["output_url"], 40)


@promises("workspaces.projects.canvas.apply_changeset/all-or-nothing")
async def test_of_a_wrong_changeset_nothing_is_done(side: Side) -> None:
    await change(side, **TRIO)
    before = await graph_of(side)
    refusal = await side.refused(
        CHANGESET,
        **place(side),
        add=[
            {"ref": "good", "type": "image"},
            {"ref": "x", "type": "image", "model": "sora"},
            {"ref": "y", "type": "image", "params": {"aspect_ratio": "banana"}},
        ],
        connect=[{"from": "nobody", "to": "good"}],
        remove=[{"id": "n99"}],
    )
    assert faults(refusal) == {"add[1].model", "add[2].params.aspect_ratio", "connect[0].from", "remove[0].id"}
    assert refusal.fields["remove[0].id"].startswith("unknown_node: ")
    assert await graph_of(side) == before


@promises(
    "workspaces.projects.graph/other-workspace-is-404",
    "workspaces.projects.canvas.apply_changeset/missing-project-is-404",
    "workspaces.projects.canvas.retrieve_definition/missing-project-is-404",
    "projects.canvas.retrieve/missing-project-is-404",
)
async def test_a_canvas_is_found_in_its_own_workspace_only(side: Side) -> None:
    other = await side.world.studio.create_workspace("Other")
    missing = {**place(side), "project_id": "prj_none"}
    for refusal in (
        await side.refused(GRAPH, project_id=side.project_id, workspace_id=other),
        await side.refused(CHANGESET, **missing, add=TRIO["add"]),
        await side.refused("workspaces.projects.canvas.retrieve_definition", **missing),
        await side.refused("projects.canvas.retrieve", project_id="prj_none"),
    ):
        assert (refusal.kind, refusal.status, refusal.code) == ("NotFoundError", 404, "not_found")


@promises("workspaces.projects.canvas.retrieve_definition/goes-round")
async def test_a_definition_goes_round(side: Side) -> None:
    await change(side, **TRIO)
    read = await side.call("workspaces.projects.canvas.retrieve_definition", **place(side))
    assert read["summary"] == {
        "node_count": 3,
        "edge_count": 1,
        "group_count": 1,
        "isolated_node_count": 0,
        "workflow_count": 1,
    }
    assert {node["type"] for node in read["definition"]["nodes"]} == {"textBlock", "emptyImageBlock", "group"}
    before = await graph_of(side)
    replace = "workspaces.projects.canvas.replace_definition"
    assert await side.call(replace, **place(side), definition=read["definition"]) == read
    assert await graph_of(side) == before


EMPTY: dict[str, Any] = {"nodes": [], "edges": [], "node_inputs": {}, "node_outputs": {}}


@promises("workspaces.projects.canvas.replace_definition/replaces-all")
async def test_what_is_not_in_a_definition_is_gone(side: Side) -> None:
    await change(side, **TRIO)
    definition = {
        **EMPTY,
        "nodes": [
            {"id": "11111111-1111-4111-8111-111111111111", "type": "comment", "data": {"note": "kept", "label": "A"}},
            {"id": "22222222-2222-4222-8222-222222222222", "type": "emptyImageBlock", "data": {}},
        ],
        "node_inputs": {"22222222-2222-4222-8222-222222222222": {"prompt": "a bowl"}},
    }
    replace = "workspaces.projects.canvas.replace_definition"
    answer = await side.call(replace, **place(side), definition=definition)
    comment, bowl = answer["definition"]["nodes"]
    assert comment["data"] == {"note": "kept", "label": "A"}
    assert comment["position"] != bowl["position"]
    assert [node["prompt"] for node in (await graph_of(side))["nodes"]] == [None, "a bowl"]


@promises("workspaces.projects.canvas.replace_definition/must-be-sound")
async def test_a_definition_must_be_sound(side: Side) -> None:
    await change(side, **TRIO)
    before = await graph_of(side)
    definition = {
        **EMPTY,
        "nodes": [{"id": "a", "type": "picture", "data": {}}],
        "edges": [{"id": "e", "source": "a", "source_handle": None, "target": "b", "target_handle": None}],
    }
    replace = "workspaces.projects.canvas.replace_definition"
    refusal = await side.refused(replace, **place(side), definition=definition)
    assert faults(refusal) == {"definition.nodes[0].type", "definition.edges[0].target"}
    assert await graph_of(side) == before


@promises("workspaces.projects.run_nodes/starts-and-skips")
async def test_nodes_are_run_or_skipped(side: Side) -> None:
    made = (await change(side, **TRIO))["created"]
    await change(side, update=[{"id": made["cup"]["id"], "prompt": "a cup"}])
    asked = [made["cup"]["id"], "n99", made["box"]["node_id"]]
    ran = await side.call("workspaces.projects.run_nodes", **place(side), node_ids=asked)
    assert ran["project_id"] == side.project_id
    started, missing, group = ran["runs"]
    assert started == {
        "node_id": made["cup"]["id"],
        "status": "started",
        "run_id": RUN_ID,
        "type": "generation",
        "poll_url": URL,
        "charged_cost": 0.004,
        "estimated_seconds": Between(1),
        "model": {"model_id": MODEL},
    }
    assert missing == {"node_id": "n99", "status": "skipped", "reason": "node_not_found", "message": Like(".+")}
    assert (group["node_id"], group["reason"]) == (made["box"]["node_id"], "node_not_executable")
    done = await side.finished(started["run_id"])
    cup = next(node for node in (await graph_of(side))["nodes"] if node["id"] == made["cup"]["id"])
    assert (cup["status"], cup["output_url"]) == ("done", done["outputs"][0]["url"])


@promises("workspaces.projects.graph/tells-failures")
async def test_a_node_tells_why_its_run_has_failed(side: Side) -> None:
    made = (await change(side, add=[{"ref": "cup", "type": "image", "prompt": "fail"}]))["created"]
    ran = await side.call("workspaces.projects.run_nodes", **place(side), node_ids=[made["cup"]["id"]])
    failed = await side.finished(ran["runs"][0]["run_id"])
    [node] = (await graph_of(side))["nodes"]
    told = (node["status"], node["error_code"], node["error_message"])
    assert told == ("error", failed["error_code"], failed["error_message"])


@promises("workspaces.projects.run_nodes/needs-one-to-fifty")
async def test_a_request_runs_one_to_fifty_nodes(side: Side) -> None:
    for count in (0, 51):
        refusal = await side.refused(
            "workspaces.projects.run_nodes", **place(side), node_ids=[f"n{number}" for number in range(count)]
        )
        assert faults(refusal) == {"node_ids"}


@promises("projects.canvas.retrieve/is-a-flowchart", "projects.canvas.update/adds-what-it-shows")
async def test_a_canvas_is_drawn_as_a_flowchart(side: Side) -> None:
    drawn = await side.call(
        "projects.canvas.update",
        project_id=side.project_id,
        diagram='graph LR\n  a["A red cup (text)"]\n  b["The cup (image)"]\n  a -->|text| b',
        node_params={"b": {"prompt": "a blue cup", "aspect_ratio": "16:9"}},
    )
    assert drawn == {
        "project_id": side.project_id,
        "canvas_url": URL,
        "diagram": Like(r'(?s)graph LR\n.*"A red cup \(text\)".*"The cup \(image\)".*-->.*'),
        "created_node_count": 2,
        "created_edge_count": 1,
    }
    read = await side.call("projects.canvas.retrieve", project_id=side.project_id)
    assert (read["diagram"], read["summary"]["node_count"]) == (drawn["diagram"], 2)
    words, cup = (await graph_of(side))["nodes"]
    assert (words["prompt"], cup["prompt"], cup["params"]) == ("A red cup", "a blue cup", {"aspect_ratio": "16:9"})


@promises("projects.canvas.update/bare-ids-are-there")
async def test_a_bare_id_means_the_node_that_is_there(side: Side) -> None:
    words = (await change(side, **TRIO))["created"]["words"]["id"]
    added = await side.call(
        "projects.canvas.update",
        project_id=side.project_id,
        diagram=f'graph LR\n  {words}["Again (text)"]\n  new["A saucer (image)"]\n  {words} --> new',
    )
    assert (added["created_node_count"], len(added["warnings"])) == (2, 1)
    added = await side.call(
        "projects.canvas.update",
        project_id=side.project_id,
        diagram=f'graph LR\n  other["A bowl (image)"]\n  {words} --> other',
    )
    assert (added["created_node_count"], added["created_edge_count"], "warnings" in added) == (1, 1, False)


@promises("projects.canvas.update/params-by-node")
async def test_parameters_are_keyed_by_node(side: Side) -> None:
    diagram = 'graph LR\n  a["A cup (image)"]'
    params: dict[str, Any] = {"prompt": "a blue cup"}
    asked = {"project_id": side.project_id, "diagram": diagram, "node_params": params}
    [fault] = faults(await side.refused("projects.canvas.update", **asked))
    assert fault.startswith("node_params")


async def action_on(side: Side, source: str | None) -> Any:
    """Puts an action on the canvas, fed by a node."""
    asked = {"action_id": "rotate-image-browser", "params": {"angle": 90}}
    node = await side.call("projects.actions.create", project_id=side.project_id, **asked)
    if source is not None:
        await change(side, connect=[{"from": source, "to": node["node_id"]}])
    return node


@promises("projects.actions.create/puts-an-action", "projects.actions.run/runs-on-its-edges")
async def test_an_action_of_a_canvas_runs_on_what_its_edges_bring(side: Side) -> None:
    asset = await side.upload(PNG, workspace_id=side.workspace_id)
    source = await side.call("projects.assets.attach_asset", project_id=side.project_id, asset_id=asset["asset_id"])
    node = await action_on(side, source["node_id"])
    assert node == {
        "action_id": "rotate-image-browser",
        "node_id": UUID,
        "project_id": side.project_id,
        "canvas_url": URL,
    }
    started = await side.call("projects.actions.run", project_id=side.project_id, node_id=node["node_id"])
    assert started == {
        "run_id": RUN_ID,
        "type": "action",
        "charged_cost": 0,
        "estimated_seconds": Between(0),
        "action": {"action_id": "rotate-image-browser"},
        "poll_url": URL,
        "project_id": side.project_id,
    }
    done = await side.finished(started["run_id"])
    assert done["status"] == "completed"
    told = next(each for each in (await graph_of(side))["nodes"] if each["node_id"] == node["node_id"])
    assert (told["type"], told["status"], told["output_url"]) == ("action", "done", done["outputs"][0]["url"])
    assert told["action"] == {"action_id": "rotate-image-browser", "params": {"angle": 90}}


@promises("projects.actions.create/unknown-is-refused")
@pytest.mark.parametrize(
    ("action_id", "params", "field"),
    [("no-such-action", {}, "action_id"), ("rotate-image-browser", {"shout": True}, "params.shout")],
    ids=["action", "parameter"],
)
async def test_an_unknown_action_is_not_put_on_a_canvas(
    side: Side, action_id: str, params: dict[str, Any], field: str
) -> None:
    asked = {"project_id": side.project_id, "action_id": action_id, "params": params}
    assert faults(await side.refused("projects.actions.create", **asked)) == {field}


@promises("projects.actions.run/needs-inputs", "projects.actions.run/missing-node-is-404")
async def test_an_action_of_a_canvas_needs_what_it_works_on(side: Side) -> None:
    node = await action_on(side, None)
    refusal = await side.refused("projects.actions.run", project_id=side.project_id, node_id=node["node_id"])
    assert faults(refusal)
    refusal = await side.refused("projects.actions.run", project_id=side.project_id, node_id="n99")
    assert (refusal.kind, refusal.status, refusal.code) == ("NotFoundError", 404, "not_found")


@promises("workspaces.projects.run_nodes/sources-run-first")
async def test_what_gives_runs_before_what_takes(side: Side) -> None:
    made = (
        await change(
            side,
            add=[
                {"ref": "first", "type": "image", "prompt": "a cup"},
                {"ref": "second", "type": "image", "prompt": "a bowl"},
            ],
            connect=[{"from": "first", "to": "second"}],
        )
    )["created"]
    asked = [made["second"]["id"], made["first"]["id"]]
    ran = await side.call("workspaces.projects.run_nodes", **place(side), node_ids=asked)
    assert [each["node_id"] for each in ran["runs"]] == asked
    second, first = [await side.finished(each["run_id"]) for each in ran["runs"]]
    assert first["completed_at"] <= second["started_at"]
