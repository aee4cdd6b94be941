"""Changesets: all or nothing, every cause at once, and what a graph tells afterwards."""

from functools import partial
from typing import Any

import anyio
import pytest

from flora_mcp.studio.canvas.operations import MOST_OPERATIONS

TRIO = {
    "add": [
        {"ref": "words", "type": "text", "prompt": "a red cup", "position": {"x": 0, "y": 0}},
        {"ref": "cup", "type": "image", "label": "The cup", "params": {"aspect_ratio": "16:9"}},
        {"ref": "box", "type": "group", "label": "Cups"},
    ],
    "connect": [{"from": "words", "to": "cup"}],
}


async def test_a_new_project_has_an_empty_canvas(board: Any) -> None:
    graph = await board.graph()
    assert graph.pop("revision")
    assert graph == {
        "project_id": board.project_id,
        "canvas_url": f"http://studio.localhost/projects/{board.project_id}",
        "nodes": [],
        "edges": [],
    }


async def test_a_changeset_adds_nodes_and_edges(board: Any) -> None:
    changed = await board.change(**TRIO)
    graph = await board.graph()
    words, cup, box = graph["nodes"]
    assert changed == {
        "project_id": board.project_id,
        "canvas_url": graph["canvas_url"],
        "revision": graph["revision"],
        "created": {
            ref: {"id": node["id"], "node_id": node["node_id"]}
            for ref, node in (("words", words), ("cup", cup), ("box", box))
        },
        "applied": {"added": 3, "updated": 0, "connected": 1, "disconnected": 0, "removed": 0},
        "warnings": [],
    }
    assert [node["id"] for node in graph["nodes"]] == ["n1", "n2", "n3"]
    assert cup == {
        "id": "n2",
        "node_id": cup["node_id"],
        "type": "image",
        "label": "The cup",
        "prompt": None,
        "model": "Studio scene (local)",
        "model_id": "t2i-studio-scene",
        "params": {"aspect_ratio": "16:9"},
        "position": cup["position"],
        "status": "idle",
        "output_url": None,
        "output_text": None,
        "action": None,
    }
    assert (words["label"], words["prompt"], words["model_id"], words["status"]) == (
        "a red cup",
        "a red cup",
        None,
        "idle",
    )
    assert (box["type"], box["status"], box["model"]) == ("group", None, None)
    assert graph["edges"] == [{"from": "n1", "to": "n2", "in": "text"}]
    assert words["position"] == {"x": 0, "y": 0}


async def test_an_update_changes_what_it_names(board: Any) -> None:
    await board.change(**TRIO)
    before = await board.node("n2")
    changed = await board.change(
        update=[
            {"id": "n2", "prompt": "a blue cup", "params": {"resolution": "0.5k"}, "position": {"x": -5.5, "y": 9}},
            {"id": (await board.node("n1"))["node_id"], "label": "Words"},
            {"id": "n3", "label": "Cups"},
        ]
    )
    assert changed["applied"]["updated"] == 2
    assert [warning.partition(":")[0] for warning in changed["warnings"]] == ["update[2]"]
    assert await board.node("n2") == {
        **before,
        "prompt": "a blue cup",
        "params": {"aspect_ratio": "16:9", "resolution": "0.5k"},
        "position": {"x": -5.5, "y": 9},
    }
    assert (await board.node("n1"))["label"] == "Words"
    await board.change(update=[{"id": "n2", "params": {"aspect_ratio": None, "resolution": None}}])
    assert (await board.node("n2"))["params"] is None


async def test_a_model_is_named_by_its_id_or_its_name(board: Any) -> None:
    changed = await board.change(
        add=[
            {"ref": "a", "type": "image", "model": "studio scene (LOCAL)"},
            {"ref": "b", "type": "image", "model": "t2i-studio-scene"},
        ]
    )
    assert [(await board.node(each["id"]))["model_id"] for each in changed["created"].values()] == [
        "t2i-studio-scene"
    ] * 2


async def test_every_cause_is_told_at_once_and_nothing_is_done(board: Any) -> None:
    await board.change(**TRIO)
    assert await board.causes(
        add=[
            {"ref": "n1", "type": "image"},
            {"ref": "x", "type": "picture"},
            {"ref": "y", "type": "image", "model": "sora", "params": {"seed": 1}},
            {"ref": "z", "type": "image", "params": {"aspect_ratio": "banana", "colour": 1, "seed": -1}},
            {"ref": "z", "type": "image"},
            {"ref": "g", "type": "group", "prompt": "no", "group": "n2"},
            {"ref": "m", "type": "image", "content_url": "https://example.com/a.png", "prompt": "p", "params": {}},
            {"ref": "s", "type": "static_image"},
            {"ref": "t", "type": "text", "content_url": "https://example.com/a.png"},
            {"type": "image", "colour": "red", "position": {"x": "1"}},
            {"ref": "v", "type": "video", "params": {"duration": 5}},
        ],
        update=[{"id": "n9", "label": "?"}, {"id": "n3", "prompt": "?"}, {"id": "n2"}, {"id": "n2", "label": "?"}],
        connect=[
            {"from": "x", "to": "n2"},
            {"from": "n2", "to": "n2"},
            {"from": "n3", "to": "n2"},
            {"from": "n1", "to": "n3"},
            {"from": "n2", "to": "n1", "in": "flavour"},
            {"from": "n2", "to": "n1", "in": "video"},
            {"from": "n2", "to": "n1"},
            {"to": "nowhere", "from": "n1"},
        ],
        disconnect=[{"from": "n1", "to": "n2", "in": "image"}],
        remove=[{"id": "nobody"}],
        twist=[],
    ) == [
        ("twist", "unknown_key"),
        ("add[1].type", "invalid_value"),
        ("add[9].ref", "required"),
        ("add[9].position.x", "invalid_value"),
        ("add[9].position.y", "required"),
        ("add[9].colour", "unknown_key"),
        ("add[0].ref", "ref_collides"),
        ("add[2].model", "unknown_model"),
        ("add[3].params.aspect_ratio", "invalid_param"),
        ("add[3].params.colour", "unknown_param"),
        ("add[3].params.seed", "invalid_param"),
        ("add[4].ref", "duplicate_ref"),
        ("add[5].prompt", "unsupported_field"),
        ("add[6].prompt", "exclusive_fields"),
        ("add[6].params", "exclusive_fields"),
        ("add[7].content_url", "required"),
        ("add[8].content_url", "unsupported_field"),
        ("add[10].params", "no_model"),
        ("add[5].group", "not_a_group"),
        ("update[0].id", "unknown_node"),
        ("update[1].prompt", "unsupported_field"),
        ("update[3].id", "duplicate_update"),
        ("connect[1].to", "self_edge"),
        ("connect[2].from", "not_connectable"),
        ("connect[3].to", "not_connectable"),
        ("connect[4].in", "unknown_slot"),
        ("connect[5].in", "slot_mismatch"),
        ("connect[6]", "cycle"),
        ("connect[7].to", "unknown_node"),
        ("disconnect[0]", "unknown_edge"),
        ("remove[0].id", "unknown_node"),
    ]


async def test_an_edge_that_is_there_is_a_warning(board: Any) -> None:
    await board.change(**TRIO)
    before = await board.graph()
    changed = await board.change(connect=[{"from": "n1", "to": "n2", "in": "text"}])
    assert changed["applied"]["connected"] == 0
    assert len(changed["warnings"]) == 1
    assert await board.graph() == before


async def test_operations_come_in_the_order_add_update_connect_disconnect_remove(board: Any) -> None:
    await board.change(**TRIO)
    changed = await board.change(
        remove=[{"id": "n1"}, {"id": "n3"}],
        disconnect=[{"from": "n1", "to": "n2"}],
        connect=[{"from": "n1", "to": "new"}, {"from": "new", "to": "n2", "in": "image"}],
        update=[{"id": "new", "label": "Renamed"}],
        add=[{"ref": "new", "type": "image", "group": "n3"}],
    )
    assert changed["applied"] == {"added": 1, "updated": 1, "connected": 2, "disconnected": 1, "removed": 3}
    graph = await board.graph()
    assert [node["id"] for node in graph["nodes"]] == ["n2"]
    assert graph["edges"] == []


async def test_removing_a_group_takes_its_members_and_their_edges_along(board: Any) -> None:
    created = (
        await board.change(
            add=[
                {"ref": "inner", "type": "group", "group": "outer"},
                {"ref": "a", "type": "image", "group": "inner"},
                {"ref": "outer", "type": "group"},
                {"ref": "b", "type": "image"},
            ],
            connect=[{"from": "a", "to": "b"}],
        )
    )["created"]
    changed = await board.change(remove=[{"id": created["outer"]["id"]}, {"id": created["a"]["node_id"]}])
    assert changed["applied"]["removed"] == 3
    assert len(changed["warnings"]) == 1
    graph = await board.graph()
    assert [node["id"] for node in graph["nodes"]] == [created["b"]["id"]]
    assert graph["edges"] == []


async def test_groups_cannot_be_inside_each_other(board: Any) -> None:
    assert await board.causes(
        add=[{"ref": "a", "type": "group", "group": "b"}, {"ref": "b", "type": "group", "group": "a"}]
    ) == [("add[0].group", "group_cycle")]


async def test_positions_are_absolute_also_in_groups(board: Any) -> None:
    changed = await board.change(
        add=[
            {"ref": "group", "type": "group", "position": {"x": 1000, "y": 500}},
            {"ref": "placed", "type": "image", "group": "group", "position": {"x": 1100.25, "y": 700}},
            {"ref": "free", "type": "image", "group": "group"},
        ]
    )
    placed = changed["created"]["placed"]["id"]
    assert (await board.node(placed))["position"] == {"x": 1100.25, "y": 700}
    free = (await board.node(changed["created"]["free"]["id"]))["position"]
    assert free["x"] >= 1000
    assert free["y"] >= 700 + 320
    await board.change(update=[{"id": placed, "position": {"x": 1200, "y": 800}}])
    assert (await board.node(placed))["position"] == {"x": 1200, "y": 800}
    await board.change(update=[{"id": changed["created"]["group"]["id"], "position": {"x": 0, "y": 0}}])
    assert (await board.node(placed))["position"] == {"x": 200, "y": 300}


async def test_the_revision_tells_whether_something_changed(board: Any) -> None:
    first = (await board.graph())["revision"]
    second = (await board.change(**TRIO))["revision"]
    assert second == (await board.graph())["revision"] == (await board.graph())["revision"]
    third = (await board.change(update=[{"id": "n1", "position": {"x": 1, "y": 0}}]))["revision"]
    assert len({first, second, third}) == 3


async def test_short_ids_are_never_given_twice(board: Any) -> None:
    await board.change(**TRIO)
    await board.change(remove=[{"id": "n3"}])
    assert (await board.change(add=[{"ref": "x", "type": "image"}]))["created"]["x"]["id"] == "n4"


async def test_changesets_at_once_are_done_one_after_the_other(board: Any) -> None:
    await board.change(**TRIO)
    async with anyio.create_task_group() as tasks:
        for number in range(8):
            added, updated = [{"ref": "same", "type": "image"}], [{"id": "n1", "label": str(number)}]
            tasks.start_soon(partial(board.change, add=added, update=updated))
    graph = await board.graph()
    assert sorted(node["id"] for node in graph["nodes"]) == sorted(f"n{number}" for number in range(1, 12))
    assert len({(node["position"]["x"], node["position"]["y"]) for node in graph["nodes"]}) == 11


async def test_too_many_operations_are_refused(board: Any) -> None:
    removals = [{"id": "n1"}] * MOST_OPERATIONS
    assert await board.causes(add=[{"ref": "a", "type": "image"}], remove=removals) == [("remove", "too_many")]


async def test_a_repeated_key_is_refused_and_changes_nothing(board: Any) -> None:
    for status in (200, 409):
        answer = await board.api.post(f"{board.path}/canvas/changeset", TRIO, **{"Idempotency-Key": "a"})
        assert answer.status_code == status
    assert len((await board.graph())["nodes"]) == 3


@pytest.mark.parametrize("ending", ["graph", "canvas/definition", "canvas/changeset", "nodes/run"])
async def test_a_canvas_is_reached_through_its_own_workspace_only(board: Any, ending: str) -> None:
    other = await board.api.studio.create_workspace("Other")
    body = {"node_ids": ["n1"]} if ending == "nodes/run" else {}
    verb = "POST" if ending in ("canvas/changeset", "nodes/run") else "GET"
    for workspace_id, project_id in ((other, board.project_id), (board.api.workspace_id, "prj_none")):
        path = f"workspaces/{workspace_id}/projects/{project_id}/{ending}"
        answer = await board.api.http.request(verb, path, json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_outputs_of_generations_are_nodes_of_the_canvas(board: Any) -> None:
    for _ in range(2):
        await board.api.finished(await board.api.start(params={"aspect_ratio": "4:3", "seed": 3}))
    first, second = (await board.graph())["nodes"]
    assert (first["id"], first["type"], first["prompt"], first["status"]) == ("n1", "image", "a red cup", "done")
    assert (first["model_id"], first["params"]) == ("t2i-studio-scene", {"aspect_ratio": "4:3", "resolution": "1k"})
    assert first["output_url"].startswith("http://studio.localhost/media/run_")
    assert second["position"]["y"] >= first["position"]["y"] + 320
