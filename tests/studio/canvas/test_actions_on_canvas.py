"""Actions as nodes: what their edges bring them, and where their outputs appear."""

import io
from typing import Any

import pytest
from PIL import Image
from studio.pictures import picture


async def place(board: Any, action_id: str, **params: Any) -> str:
    answer = await board.api.post(
        f"projects/{board.project_id}/actions", {"action_id": action_id, **({"params": params} if params else {})}
    )
    assert answer.status_code == 201, answer.text
    assert answer.json() == {
        "action_id": action_id,
        "node_id": answer.json()["node_id"],
        "project_id": board.project_id,
        "canvas_url": f"http://studio.localhost/projects/{board.project_id}",
    }
    node_id: str = answer.json()["node_id"]
    return node_id


async def run(board: Any, node_id: str) -> Any:
    return await board.api.http.post(f"projects/{board.project_id}/actions/{node_id}/run")


async def photo(board: Any, **look: Any) -> str:
    """Puts a picture on the canvas and returns its node's id."""
    answer = await board.api.http.post(
        "assets",
        data={"workspace_id": board.api.workspace_id, "project_id": board.project_id},
        files={"file": ("a.png", picture(**look))},
    )
    assert answer.status_code == 201, answer.text
    node_id: str = (await board.graph())["nodes"][-1]["node_id"]
    return node_id


async def test_an_action_is_a_node_with_its_parameters(board: Any) -> None:
    node_id = await place(board, "resize-image-browser", width=20, height=10)
    node = await board.node("n1")
    assert (node["node_id"], node["type"], node["label"], node["status"]) == (
        node_id,
        "action",
        "Resize image",
        "idle",
    )
    assert (node["params"], node["model_id"]) == (None, None)
    assert node["action"] == {"action_id": "resize-image-browser", "params": {"width": 20, "height": 10}}
    assert (await board.api.get(f"projects/{board.project_id}/nodes"))["nodes"] == []
    await board.change(update=[{"id": "n1", "params": {"width": 30}}])
    assert (await board.node("n1"))["action"]["params"] == {"width": 30, "height": 10}
    assert await board.causes(update=[{"id": "n1", "params": {"width": -1, "depth": 2}, "model": "x"}]) == [
        ("update[0].model", "unsupported_field")
    ]
    assert await board.causes(update=[{"id": "n1", "params": {"width": -1, "depth": 2}}]) == [
        ("update[0].params.width", "invalid_param"),
        ("update[0].params.depth", "unknown_param"),
    ]


async def test_an_action_runs_on_what_its_edges_bring(board: Any) -> None:
    source = await photo(board, size=(40, 40), colour="red")
    node_id = await place(board, "resize-image-browser", width=20, height=10, fit="stretch")
    await board.change(connect=[{"from": source, "to": node_id}])
    assert (await board.graph())["edges"] == [{"from": "n1", "to": "n2", "in": "image"}]
    answer = await run(board, "n2")
    assert answer.status_code == 201, answer.text
    started = answer.json()
    assert (started["type"], started["charged_cost"], started["action"], started["project_id"]) == (
        "action",
        0,
        {"action_id": "resize-image-browser"},
        board.project_id,
    )
    state = await board.api.finished(started["run_id"])
    assert state["status"] == "completed", state
    node = await board.node(node_id)
    assert (node["status"], node["output_url"]) == ("done", state["outputs"][0]["url"])
    content = (await board.api.http.get(node["output_url"])).content
    assert Image.open(io.BytesIO(content)).size == (20, 10)
    listed = (await board.api.get(f"projects/{board.project_id}/nodes"))["nodes"]
    assert [(each["node_id"], each["type"], each["width"]) for each in listed] == [
        (node_id, "image", 20),
        (source, "image", 40),
    ]


async def test_further_outputs_are_nodes_of_their_own(board: Any) -> None:
    node_id = await place(board, "split-text-browser", split_mode="lines", lines_per_part=1)
    await board.change(
        add=[{"ref": "t", "type": "text", "prompt": "one\ntwo\nthree"}], connect=[{"from": "t", "to": node_id}]
    )
    await board.api.finished((await run(board, node_id)).json()["run_id"])
    graph = await board.graph()
    assert [(node["type"], node["output_text"]) for node in graph["nodes"]] == [
        ("action", "one"),
        ("text", None),
        ("text", "two"),
        ("text", "three"),
    ]


async def test_slots_are_filled_in_their_order_and_by_their_names(board: Any) -> None:
    first, second = await photo(board, colour="red"), await photo(board, colour="blue")
    node_id = await place(board, "overlay-image-browser", opacity=1)
    await board.change(connect=[{"from": first, "to": node_id, "in": "overlay"}, {"from": second, "to": node_id}])
    assert [edge["in"] for edge in (await board.graph())["edges"]] == ["overlay", "base"]
    third = await photo(board, colour="green")
    assert await board.causes(connect=[{"from": third, "to": node_id}]) == [("connect[0].in", "slot_full")]
    assert await board.causes(connect=[{"from": third, "to": node_id, "in": "base"}]) == [
        ("connect[0].in", "slot_full")
    ]
    assert await board.causes(
        add=[{"ref": "t", "type": "text"}],
        connect=[
            {"from": "t", "to": node_id},
            {"from": third, "to": node_id, "in": "mask"},
            {"from": third, "to": node_id, "in": "text"},
        ],
    ) == [("connect[0].in", "slot_mismatch"), ("connect[1].in", "unknown_slot"), ("connect[2].in", "slot_mismatch")]
    state = await board.api.finished((await run(board, node_id)).json()["run_id"])
    assert state["status"] == "completed", state


async def test_missing_inputs_are_named(board: Any) -> None:
    node_id = await place(board, "overlay-image-browser")
    await board.change(
        add=[{"ref": "a", "type": "image", "prompt": "a cup"}], connect=[{"from": "a", "to": node_id, "in": "base"}]
    )
    answer = await run(board, node_id)
    assert answer.status_code == 400
    fields = answer.json()["error"]["fields"]
    assert [field["field"] for field in fields] == ["inputs.base", "inputs.overlay"]
    assert "run n2 first" in fields[0]["message"]
    assert "connect a node that shows image to its input 'overlay'" in fields[1]["message"]
    assert (await board.node(node_id))["status"] == "idle"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"action_id": "no-such-action"}, ["action_id"]),
        ({"action_id": "resize-image-browser", "params": {"width": -1, "depth": 2}}, ["params.width", "params.depth"]),
        ({}, ["action_id"]),
    ],
)
async def test_a_wrong_action_is_refused(board: Any, body: dict[str, Any], fields: list[str]) -> None:
    answer = await board.api.post(f"projects/{board.project_id}/actions", body)
    assert answer.status_code == 400
    assert [field["field"] for field in answer.json()["error"]["fields"]] == fields
    assert (await board.graph())["nodes"] == []


async def test_only_actions_run_as_actions(board: Any) -> None:
    await board.change(add=[{"ref": "a", "type": "image", "prompt": "a cup"}])
    assert [(await run(board, name)).status_code for name in ("n1", "n9")] == [400, 404]


async def test_an_action_that_fails_tells_so_on_its_node(board: Any) -> None:
    node_id = await place(board, "crop-image-browser")
    state = await board.api.finished(await board.api.start())
    url = state["outputs"][0]["url"]  # the tests' renderer makes no real picture
    await board.change(
        add=[{"ref": "a", "type": "static_image", "content_url": url}], connect=[{"from": "a", "to": node_id}]
    )
    ended = await board.api.finished((await run(board, node_id)).json()["run_id"])
    assert (ended["status"], ended["error_code"]) == ("failed", "GENERATION_INPUT_VALIDATION")
    node = await board.node(node_id)
    assert (node["status"], node["error_code"]) == ("error", "GENERATION_INPUT_VALIDATION")
    assert node["error_message"] == ended["error_message"]
