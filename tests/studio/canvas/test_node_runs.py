"""Nodes that run: in the order of their edges, with what edges bring, and at their own price only."""

import sqlite3
import threading
from contextlib import closing
from typing import Any

import anyio
import pytest
from studio.canvas.conftest import Board

from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest, RenderThreads

MODEL = "t2i-studio-scene"


class Painter:
    """A renderer that tells what it was asked, waits for words that are held, and fails at others."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.held: dict[str, threading.Event] = {}

    def hold(self, word: str) -> threading.Event:
        return self.held.setdefault(word, threading.Event())

    def __call__(self, request: RenderRequest, progress: Progress) -> Rendering:
        self.begun.append(request.prompt)
        for word, event in self.held.items():
            while word in request.prompt and not event.wait(0.005):
                progress(0.5)
        if "fail" in request.prompt:
            raise ValueError("the paint is dry")
        return Rendering(
            content=request.prompt.encode(),
            mime_type="image/png",
            width_px=request.width_px,
            height_px=request.height_px,
            facts={},
        )


def image(ref: str, prompt: str | None = None, **more: Any) -> dict[str, Any]:
    return {"ref": ref, "type": "image", **({"prompt": prompt} if prompt else {}), **more}


def edge(source: str, target: str) -> dict[str, str]:
    return {"from": source, "to": target}


async def test_a_node_runs_and_shows_its_output(board: Any) -> None:
    await board.change(add=[image("a", "a red cup", params={"aspect_ratio": "4:3", "seed": 9})])
    [entry] = await board.run("n1")
    run_id = entry["run_id"]
    assert entry == {
        "node_id": "n1",
        "status": "started",
        "run_id": run_id,
        "type": "generation",
        "poll_url": f"http://studio.localhost/api/v1/runs/{run_id}",
        "charged_cost": 0.004,
        "estimated_seconds": 5,
        "model": {"model_id": MODEL},
    }
    state = await board.api.finished(run_id)
    assert (state["status"], state["charged_cost"], state["facts"]["seed"]) == ("completed", 0.004, 9)
    node = await board.node("n1")
    assert (node["status"], node["output_url"]) == ("done", state["outputs"][0]["url"])
    [listed] = (await board.api.get(f"projects/{board.project_id}/nodes"))["nodes"]
    assert (listed["node_id"], listed["url"], listed["width"]) == (node["node_id"], node["output_url"], 1024)
    [generation] = (await board.api.get("generations"))["generations"]
    assert generation["generation_id"] == run_id


async def test_nodes_that_cannot_run_are_skipped_for_their_reasons(board: Any) -> None:
    await board.change(
        add=[
            image("n", "a cup"),
            image("m"),
            {"ref": "v", "type": "video", "prompt": "a film"},
            {"ref": "t", "type": "text", "prompt": "words"},
            {"ref": "g", "type": "group"},
        ]
    )
    action = await board.api.post(f"projects/{board.project_id}/actions", {"action_id": "crop-image-browser"})
    asked = ["n7", "n1", (await board.node("n1"))["node_id"], "n2", "n3", "n4", "n5", action.json()["node_id"]]
    runs = await board.run(*asked)
    assert [run["node_id"] for run in runs] == asked
    assert [run.get("reason") for run in runs] == [
        "node_not_found",
        None,
        "generation_already_running",
        "run_failed_to_start",
        "video_generation_not_available",
        "no_model_configured",
        "node_not_executable",
        "node_not_executable",
    ]
    assert all(set(run) == {"node_id", "status", "reason", "message"} for run in runs if run["status"] == "skipped")
    await board.api.finished(runs[1]["run_id"])
    assert len((await board.api.get("generations"))["generations"]) == 1


@pytest.mark.parametrize("node_ids", [[], ["n1"] * 51, [""], [1], None])
async def test_one_to_fifty_nodes_run_at_once(board: Any, node_ids: Any) -> None:
    answer = await board.api.post(f"{board.path}/nodes/run", {"node_ids": node_ids})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "input_validation_error")


async def test_a_chain_runs_in_order_and_others_beside_it(open_api: Any) -> None:
    painter = Painter()
    first = painter.hold("first")
    async with open_api(RenderThreads({MODEL: painter}, capacity=3)) as api:
        board = Board(api=api, project_id=api.project_id)
        await board.change(
            add=[image("c", "third"), image("b", "second"), image("a", "first"), image("x", "apart")],
            connect=[edge("a", "b"), edge("b", "c")],
        )
        runs = await board.run("n1", "n2", "n3", "n4")
        ids = [run["run_id"] for run in runs]
        await api.finished(ids[3])
        assert sorted(painter.begun) == ["apart", "first"]
        assert [(await board.node(name))["status"] for name in ("n1", "n2", "n3", "n4")] == [
            "generating",
            "generating",
            "generating",
            "done",
        ]
        first.set()
        states = [await api.finished(run_id) for run_id in ids]
        assert [state["status"] for state in states] == ["completed"] * 4
        assert painter.begun[-2:] == ["second", "third"]
        assert states[0]["facts"]["ignored_inputs"] == ["image"]
        assert "ignored_inputs" not in states[2]["facts"]


async def test_what_waits_for_a_run_that_fails_fails_with_it_and_costs_nothing(open_api: Any) -> None:
    async with open_api(RenderThreads({MODEL: Painter()})) as api:
        board = Board(api=api, project_id=api.project_id)
        await board.change(
            add=[image("a", "fail"), image("b", "second"), image("c", "third"), image("d", "fourth")],
            connect=[edge("a", "b"), edge("b", "c")],
        )
        states = await board.ran("n1", "n2", "n3", "n4")
        assert [state.get("error_code") for state in states] == [
            "GENERATION_GENERIC_ERROR",
            "UPSTREAM_NODE_FAILED",
            "UPSTREAM_NODE_FAILED",
            None,
        ]
        assert [state["charged_cost"] for state in states] == [0, 0, 0, 0.004]
        assert states[0]["run_id"] in states[1]["error_message"]
        node = await board.node("n2")
        assert (node["status"], node["error_code"], node["output_url"]) == ("error", "UPSTREAM_NODE_FAILED", None)
        assert "Run both again" in node["error_message"]
        [again] = await board.ran("n2")
        assert again["status"] == "completed"
        assert (await board.node("n2"))["status"] == "done"


async def test_texts_that_lead_to_a_node_are_part_of_its_prompt(open_api: Any) -> None:
    painter = Painter()
    async with open_api(RenderThreads({MODEL: painter})) as api:
        board = Board(api=api, project_id=api.project_id)
        texts = [{"ref": f"t{number}", "type": "text", "prompt": f"text {number}"} for number in (1, 2)]
        await board.change(
            add=[*texts, image("a", "a cup"), image("b")],
            connect=[edge("t2", "a"), edge("t1", "a"), edge("t1", "b"), {"from": "t2", "to": "b", "in": "enabled"}],
        )
        await board.ran("n3", "n4")
        assert sorted(painter.begun) == ["text 1", "text 2\ntext 1\na cup"]


async def test_a_node_waits_for_an_action_that_still_runs(open_api: Any) -> None:
    painter = Painter()
    held = painter.hold("held")
    async with open_api(RenderThreads({MODEL: painter}, capacity=1)) as api:
        board = Board(api=api, project_id=api.project_id)
        answer = await api.post(
            f"projects/{board.project_id}/actions",
            {"action_id": "find-and-replace-text-browser", "params": {"find": "cup", "replace": "jug"}},
        )
        action = answer.json()["node_id"]
        created = (
            await board.change(
                add=[{"ref": "t", "type": "text", "prompt": "a red cup"}, image("a", "on a table")],
                connect=[edge("t", action), edge(action, "a")],
            )
        )["created"]
        blocker = await api.start(prompt="held")
        started = await api.post(f"projects/{board.project_id}/actions/{action}/run", {})
        assert started.status_code == 201, started.text
        [entry] = await board.run(created["a"]["id"])
        held.set()
        for run_id in (blocker, started.json()["run_id"], entry["run_id"]):
            assert (await api.finished(run_id))["status"] == "completed"
        assert painter.begun == ["held", "a red jug\non a table"]


async def test_a_node_that_runs_is_not_started_again(open_api: Any) -> None:
    painter = Painter()
    held = painter.hold("held")
    async with open_api(RenderThreads({MODEL: painter})) as api:
        board = Board(api=api, project_id=api.project_id)
        await board.change(add=[image("a", "held")])
        [entry] = await board.run("n1")
        assert [run["reason"] for run in await board.run("n1")] == ["generation_already_running"]
        revision = (await board.graph())["revision"]
        held.set()
        await api.finished(entry["run_id"])
        assert (await board.graph())["revision"] != revision


async def test_running_a_node_again_keeps_what_it_showed(board: Any) -> None:
    await board.change(add=[image("a", "a cup", label="Cup")])
    [first] = await board.ran("n1")
    await board.change(update=[{"id": "n1", "prompt": "a blue cup"}])
    [second] = await board.ran("n1")
    node, former = (await board.graph())["nodes"]
    assert (node["id"], node["output_url"]) == ("n1", second["outputs"][0]["url"])
    assert (former["type"], former["label"], former["prompt"]) == ("image", "Cup", "a cup")
    assert (former["status"], former["output_url"]) == ("done", first["outputs"][0]["url"])
    assert former["position"]["y"] >= node["position"]["y"] + 320


async def test_a_run_whose_node_is_removed_keeps_its_output_off_the_canvas(open_api: Any) -> None:
    painter = Painter()
    held = painter.hold("held")
    async with open_api(RenderThreads({MODEL: painter})) as api:
        board = Board(api=api, project_id=api.project_id)
        await board.change(add=[image("a", "held")])
        [entry] = await board.run("n1")
        await board.change(remove=[{"id": "n1"}])
        held.set()
        assert len((await api.finished(entry["run_id"]))["outputs"]) == 1
        assert (await board.graph())["nodes"] == []


async def test_a_repeated_key_starts_nothing(board: Any) -> None:
    await board.change(add=[image("a", "a cup")])
    for status in (200, 409):
        body = {"node_ids": ["n1"]}
        answer = await board.api.post(f"{board.path}/nodes/run", body, **{"Idempotency-Key": "a"})
        assert answer.status_code == status
    assert len((await board.api.get("generations"))["generations"]) == 1


async def test_a_studio_that_was_closed_goes_on_with_the_rest_of_a_chain(open_api: Any) -> None:
    painter = Painter()
    painter.hold("second")
    async with open_api(RenderThreads({MODEL: painter}, capacity=3)) as api:
        board = Board(api=api, project_id=api.project_id)
        await board.change(
            add=[image("a", "first"), image("b", "second"), image("c", "third")],
            connect=[edge("a", "b"), edge("b", "c")],
        )
        runs = await board.run("n1", "n2", "n3")
        await api.until(runs[1]["run_id"], "running")
    painter.held.clear()
    async with open_api(RenderThreads({MODEL: painter})) as api:
        with anyio.fail_after(20):
            states = [await api.finished(run["run_id"]) for run in runs]
        assert [state["status"] for state in states] == ["completed"] * 3
        assert [prompt for prompt in painter.begun if prompt != "second"] == ["first", "third"]
    with closing(sqlite3.connect(api.directory / "studio.sqlite3")) as connection:
        assert connection.execute("SELECT state, count(*) FROM studio_charges GROUP BY state").fetchall() == [
            ("settled", 3)
        ]
