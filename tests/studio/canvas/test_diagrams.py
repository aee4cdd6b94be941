"""The canvas as a flowchart: what is read, and what a flowchart adds."""

from typing import Any

import pytest

from flora_mcp.studio.canvas.mermaid import parse

PHOTO = 'graph LR\n  source["Product photo (Image)"]\n  output["Editorial campaign image (Image)"]\n  source --> output'
"""The sample of the API's documentation."""

APPLIED = """graph LR
  n1["Product photo (image)"]
  n2["Editorial campaign image (image)"]
  n1 -->|image| n2"""


async def canvas(board: Any) -> Any:
    return await board.api.get(f"projects/{board.project_id}/canvas")


async def drawn(board: Any, diagram: str, **node_params: Any) -> Any:
    answer = await board.draw(diagram, **node_params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(board: Any, diagram: str, **node_params: Any) -> list[tuple[str, str]]:
    before = await board.graph()
    answer = await board.draw(diagram, **node_params)
    assert answer.status_code == 400, answer.text
    assert await board.graph() == before
    fields = answer.json()["error"]["fields"]
    return [(field["field"], ":".join(field["message"].split(":")[:2])) for field in fields]


async def test_an_empty_canvas_is_an_empty_flowchart(board: Any) -> None:
    assert await canvas(board) == {
        "project_id": board.project_id,
        "canvas_url": f"http://studio.localhost/projects/{board.project_id}",
        "diagram": "graph LR",
        "summary": {
            "node_count": 0,
            "edge_count": 0,
            "group_count": 0,
            "isolated_node_count": 0,
            "workflow_count": 0,
        },
    }


async def test_a_flowchart_adds_nodes_and_edges(board: Any) -> None:
    answer = await drawn(board, PHOTO)
    whole = await canvas(board)
    assert answer == {
        "project_id": board.project_id,
        "canvas_url": whole["canvas_url"],
        "diagram": APPLIED,
        "created_node_count": 2,
        "created_edge_count": 1,
    }
    assert whole["diagram"] == answer["diagram"]
    assert whole["summary"] == {
        "node_count": 2,
        "edge_count": 1,
        "group_count": 0,
        "isolated_node_count": 0,
        "workflow_count": 1,
    }
    first, second = (await board.graph())["nodes"]
    assert (first["prompt"], first["model_id"], first["type"]) == ("Product photo", "t2i-studio-scene", "image")
    assert first["position"]["x"] + 320 < second["position"]["x"]


async def test_existing_nodes_are_meant_by_their_bare_ids(board: Any) -> None:
    await drawn(board, PHOTO)
    node_id = (await board.node("n1"))["node_id"]
    answer = await drawn(board, f'graph TD\n  n2 --> more["More (Image)"]\n  {node_id} --> more')
    assert answer["diagram"] == 'graph LR\n  n3["More (image)"]\n  n2 -->|image| n3\n  n1 -->|image| n3'
    assert "warnings" not in answer


async def test_an_existing_id_with_a_label_is_a_new_node_and_a_warning(board: Any) -> None:
    await drawn(board, PHOTO)
    answer = await drawn(board, 'graph LR\n  n2["Again (Image)"] --> n3["And more (Image)"]')
    assert answer["diagram"] == 'graph LR\n  n3["Again (image)"]\n  n4["And more (image)"]\n  n3 -->|image| n4'
    assert len(answer["warnings"]) == 1
    assert "'n2'" in answer["warnings"][0]
    assert (await board.node("n2"))["label"] == "Editorial campaign image"


async def test_parameters_are_keyed_by_the_ids_of_the_flowchart(board: Any) -> None:
    await drawn(
        board,
        'graph LR\n  words["(Text)"] --> a["A cup (Image)"]',
        words={"prompt": "red"},
        a={
            "prompt": "a blue cup",
            "model": "Studio scene (local)",
            "aspect_ratio": "16:9",
            "resolution": "0.5k",
            "model_parameters": {"seed": 5},
            "content_url": None,
        },
    )
    words, cup = (await board.graph())["nodes"]
    assert (words["label"], words["prompt"]) == ("red", "red")
    assert (cup["label"], cup["prompt"]) == ("A cup", "a blue cup")
    assert cup["params"] == {"seed": 5, "aspect_ratio": "16:9", "resolution": "0.5k"}


async def test_a_node_shows_media_of_this_studio(board: Any) -> None:
    state = await board.api.finished(await board.api.start())
    url = state["outputs"][0]["url"]
    answer = await drawn(board, 'graph LR\n  img1["(Image)"] --> out["A poster (Image)"]', img1={"content_url": url})
    assert "warnings" not in answer
    shown = await board.node("n2")
    assert (shown["type"], shown["output_url"], shown["prompt"], shown["status"]) == ("static_image", url, None, None)
    assert answer["diagram"].splitlines()[1] == '  n2["Static image (image)"]'


async def test_what_is_not_applied_is_told(board: Any) -> None:
    answer = await drawn(
        board, 'graph LR\nsubgraph one\n  a["A fox (red)"]\nend\nstyle a fill:#f00\nb["B (Image)"]\na --> b\na --> b'
    )
    assert [warning.partition(":")[0] for warning in answer["warnings"]] == ["line 2", "line 5", "line 3", "line 8"]
    assert (await board.node("n1"))["label"] == "A fox (red)"


async def test_each_fault_names_its_line(board: Any) -> None:
    await drawn(board, PHOTO)
    faults = await refused(
        board,
        'graph LR\n  a["A (Action)"]\n  b --- c\n  b["B (Image)"] --> nowhere\n  a --> b\n  n2 --> n1\n  s["(Image)"]',
        b={"model": "sora", "prompt": "x", "content_url": "https://example.com/a.png"},
        s={"model_parameters": {"colour": 1}, "aspect_ratio": "banana"},
        n1={"prompt": "a change"},
    )
    assert faults == [
        ("diagram", "invalid_syntax: line 3"),
        ("diagram", "unknown_type: line 2"),
        ("node_params.n1", "unknown_node: The diagram gives no node of this id a label; it does so for a, b, s."),
        ("node_params.b.prompt", "exclusive_fields: A node with content_url has no prompt; give one of them."),
        ("node_params.b.model", "exclusive_fields: A node with content_url has no model; give one of them."),
        ("node_params.s.model_parameters.colour", faults[5][1]),
        ("node_params.s.model_parameters.aspect_ratio", faults[6][1]),
        ("diagram", "unknown_node: line 4"),
        ("diagram", "cycle: line 6"),
    ]


@pytest.mark.parametrize("text", ["", "graph LR\n" + "x" * 100_000])
async def test_a_flowchart_has_a_length(board: Any, text: str) -> None:
    assert [field for field, _ in await refused(board, text)] == ["diagram"]


async def test_parameters_that_are_keyed_by_no_node_are_explained(board: Any) -> None:
    [(field, message)] = await refused(board, PHOTO, content_url="https://example.com/a.png")
    assert field == "node_params"
    assert "keyed by the ids of the diagram" in message


async def test_what_is_read_can_be_read_back(board: Any) -> None:
    await drawn(board, PHOTO)
    await board.change(
        add=[{"ref": "odd", "type": "text", "label": 'He said "no" <b> | #1 [x] (y)', "prompt": "-->"}],
        connect=[{"from": "odd", "to": "n2"}],
    )
    read = parse((await canvas(board))["diagram"])
    assert (read.faults, read.warnings) == ([], [])
    graph = await board.graph()
    assert {name: node.label.rpartition(" ")[0] for name, node in read.nodes.items()} == {
        node["id"]: node["label"] for node in graph["nodes"]
    }
    assert [{"from": each.source, "to": each.target, "in": each.slot} for each in read.arrows] == graph["edges"]
