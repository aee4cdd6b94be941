"""A canvas as one definition: read whole, replaced whole, and no key lost."""

from typing import Any

import pytest

from flora_mcp.studio.canvas.kinds import BLOCKS


def node(name: str, block: str = "emptyImageBlock", **more: Any) -> dict[str, Any]:
    return {"id": name, "type": block, "data": {}, **more}


def edge(name: str, source: str, target: str) -> dict[str, Any]:
    return {"id": name, "source": source, "source_handle": None, "target": target, "target_handle": None}


def whole(nodes: list[Any], edges: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"nodes": nodes, "edges": edges or [], "node_inputs": {}, "node_outputs": {}, **more}


async def test_a_definition_comes_back_as_it_was_put(board: Any) -> None:
    sent = whole(
        [
            node(
                "g",
                "group",
                data={"label": "Shots", "tint": [1, None]},
                position={"x": 1, "y": 2},
                width=900,
                height=700,
            ),
            node(
                "a",
                data={"label": "A", "locked": True, "nested": {"deep": [{"x": "ö"}]}},
                position={"x": 0.1, "y": -3},
                parent_id="g",
                extent="parent",
                expand_parent=True,
                style={"opacity": 0.5},
                z_index=3,
                hidden=False,
                origin=[0, 0.5],
            ),
            node("t", "textBlock", position={"x": 10, "y": 20}),
            node("l", "layerEditorNode", position={"x": 30, "y": 40}),
            node("v", "videoBlock", data={"label": 7}, position={"x": 0, "y": 0}),
        ],
        [
            {**edge("e1", "t", "a"), "target_handle": "text", "data": {"w": 1}, "type": "smooth"},
            {**edge("e2", "t", "a"), "source_handle": "out", "target_handle": "enabled"},
        ],
        node_inputs={
            "a": {"prompt": "a cup", "model": "t2i-flux-2-pro", "params": {"seed": 7}, "loras": ["x"]},
            "v": {"prompt": {"rich": "text"}},
        },
        node_outputs={
            "t": {"type": "text", "text": "a red cup"},
            "v": {"type": "videoUrl", "url": "https://media.flora.ai/a.mp4", "thumb": 1},
        },
        layer_editor_documents={"l": {"layers": [{"id": 1}]}},
    )
    answer = await board.put(sent)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["definition"] == sent
    assert told["summary"] == {
        "node_count": 5,
        "edge_count": 2,
        "group_count": 1,
        "isolated_node_count": 2,
        "workflow_count": 1,
    }
    assert await board.api.get(f"{board.path}/canvas/definition") == told
    again = await board.put(told["definition"])
    assert again.json() == told
    graph = {each["node_id"]: each for each in (await board.graph())["nodes"]}
    assert (graph["a"]["id"], graph["a"]["label"], graph["a"]["position"]) == ("n2", "A", {"x": 1.1, "y": -1})
    assert (graph["t"]["output_text"], graph["t"]["status"]) == ("a red cup", "done")
    assert (graph["v"]["output_url"], graph["v"]["model"]) == (None, None)


async def test_a_canvas_with_outputs_goes_round_and_into_another_project(board: Any) -> None:
    changed = await board.change(
        add=[{"ref": "a", "type": "image", "prompt": "a cup"}, {"ref": "g", "type": "group", "label": "G"}]
    )
    await board.ran("n1")
    await board.api.finished(await board.api.start())
    before, definition = await board.graph(), await board.definition()
    assert definition["node_inputs"][changed["created"]["a"]["node_id"]] == {
        "prompt": "a cup",
        "model": "t2i-studio-scene",
    }
    answer = await board.put(definition)
    assert answer.json()["definition"] == definition
    assert await board.graph() == before
    other = (await board.api.post("projects", {"name": "Copy", "workspace_id": board.api.workspace_id})).json()
    copy = type(board)(api=board.api, project_id=other["project_id"])
    assert (await copy.put(definition)).json()["definition"] == definition
    shown = [(each["type"], each["label"], each["output_url"], each["status"]) for each in before["nodes"]]
    copied = (await copy.graph())["nodes"]
    assert [(each["type"], each["label"], each["output_url"], each["status"]) for each in copied] == shown
    listed = (await board.api.get(f"projects/{other['project_id']}/nodes"))["nodes"]
    assert len(listed) == 2
    assert await board.graph() == before


async def test_what_is_not_in_the_definition_is_gone(board: Any) -> None:
    await board.put(whole([node("a"), node("b")], [edge("e", "a", "b")]))
    await board.put(whole([node("b")]))
    graph = await board.graph()
    assert [(each["id"], each["node_id"]) for each in graph["nodes"]] == [("n2", "b")]
    assert graph["edges"] == []
    await board.put(whole([node("a"), node("b")]))
    assert [(each["id"], each["node_id"]) for each in (await board.graph())["nodes"]] == [("n2", "b"), ("n3", "a")]


async def test_every_block_type_is_kept(board: Any) -> None:
    sent = whole([node(block, block, position={"x": 0, "y": 400 * place}) for place, block in enumerate(BLOCKS)])
    assert len(sent["nodes"]) == 30
    assert (await board.put(sent)).json()["definition"] == {**sent, "layer_editor_documents": {}}
    types = {each["node_id"]: each["type"] for each in (await board.graph())["nodes"]}
    assert types == {block: kind.word for block, kind in BLOCKS.items()}


async def test_nodes_without_a_place_are_laid_out_below_the_others(board: Any) -> None:
    names = ["a", "b", "c", "d"]
    inside, group = node("in", parent_id="grp"), node("grp", "group")
    sent = whole(
        [*[node(name) for name in names], node("fixed", position={"x": 50, "y": 10}), inside, group],
        [edge("1", "a", "b"), edge("2", "b", "c"), edge("3", "a", "in")],
    )
    told = (await board.put(sent)).json()["definition"]
    place = {each["id"]: each["position"] for each in told["nodes"]}
    assert place["fixed"] == {"x": 50, "y": 10}
    assert place["a"]["x"] < place["b"]["x"] < place["c"]["x"]
    assert place["a"]["x"] < place["grp"]["x"]
    assert min(place[name]["y"] for name in names) >= 330
    group = next(each for each in told["nodes"] if each["id"] == "grp")
    assert (group["width"], group["height"]) == (480, 480)
    again = (await board.put(sent)).json()["definition"]
    assert {each["id"]: each["position"] for each in again["nodes"]} == place


async def test_every_cause_is_told_and_nothing_is_replaced(board: Any) -> None:
    await board.put(whole([node("a", position={"x": 0, "y": 0})]))
    before = await board.graph()
    answer = await board.put(
        whole(
            [
                node("a"),
                node("a"),
                node("b", "picture"),
                node("c", parent_id="nobody"),
                node("d", parent_id="a"),
                node("g", "group", parent_id="h"),
                node("h", "group", parent_id="g"),
            ],
            [edge("1", "a", "b"), edge("1", "b", "c"), edge("2", "c", "a"), edge("3", "a", "x"), edge("4", "d", "d")],
            node_inputs={"y": {}},
            node_outputs={"z": {}},
        )
    )
    assert answer.status_code == 400
    assert [(field["field"], field["message"].partition(":")[0]) for field in answer.json()["error"]["fields"]] == [
        ("definition.nodes[1].id", "duplicate_id"),
        ("definition.nodes[2].type", "unknown_type"),
        ("definition.nodes[3].parent_id", "unknown_node"),
        ("definition.nodes[4].parent_id", "not_a_group"),
        ("definition.nodes[5].parent_id", "group_cycle"),
        ("definition.nodes[6].parent_id", "group_cycle"),
        ("definition.edges[1].id", "duplicate_id"),
        ("definition.edges[3].target", "unknown_node"),
        ("definition.edges[4]", "self_edge"),
        ("definition.edges", "cycle"),
        ("definition.node_inputs.y", "unknown_node"),
        ("definition.node_outputs.z", "unknown_node"),
    ]
    assert await board.graph() == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nodes": [{"id": "a", "type": "group"}]}, "definition.nodes.0.data"),
        ({"nodes": [{**node("a"), "colour": 1}]}, "definition.nodes.0.colour"),
        ({"edges": [{"id": "e", "source": "a", "target": "b"}]}, "definition.edges.0.source_handle"),
        ({"node_inputs": {"a": 1}}, "definition.node_inputs.a"),
        ({"nodes": [node("a", position={"x": 1e9, "y": 0})]}, "definition.nodes.0.position.x"),
    ],
)
async def test_a_definition_has_a_form(board: Any, change: dict[str, Any], field: str) -> None:
    answer = await board.put({**whole([]), **change})
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["field"] == field


async def test_a_locked_node_and_an_unknown_model_do_not_run(board: Any) -> None:
    await board.put(
        whole(
            [node("a", data={"locked": True}), node("b")],
            node_inputs={"a": {"prompt": "x"}, "b": {"prompt": "x", "model": "t2i-flux-2-pro"}},
        )
    )
    assert [each["reason"] for each in await board.run("a", "b")] == ["node_locked", "no_model_configured"]


@pytest.mark.parametrize("written", ['"\\u0000"', '"\\ud800"', '{"\\udc00": 1}', "[" * 65 + "]" * 65])
async def test_what_cannot_be_kept_is_refused(board: Any, written: str) -> None:
    content = '{"definition": {"nodes": [{"id": "a", "type": "group", "data": {"label": VALUE}}], "edges": []}}'
    content = content.replace("VALUE", written)
    headers = {"content-type": "application/json"}
    answer = await board.api.http.put(f"{board.path}/canvas/definition", content=content, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")
