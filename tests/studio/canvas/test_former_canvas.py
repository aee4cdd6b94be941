"""Canvases of former versions: what was on them has a place and a short id by now, and takes part."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from studio.canvas.conftest import Board

FORMER = Path(__file__).parents[1] / "former" / "version_1.sql"


async def test_outputs_of_a_former_version_are_nodes_of_the_canvas(open_api: Any, tmp_path: Path) -> None:
    directory = tmp_path / "old"
    directory.mkdir()
    with closing(sqlite3.connect(directory / "studio.sqlite3")) as connection:
        connection.executescript(FORMER.read_text(encoding="utf-8"))
    async with open_api(directory=directory) as api:
        board = Board(api=api, project_id="prj_4")
        nodes = (await board.graph())["nodes"]
        assert [(node["id"], node["type"], node["prompt"], node["model_id"], node["status"]) for node in nodes] == [
            ("n1", "image", "a red cup", "t2i-studio-scene", "done"),
            ("n2", "image", "a cat's hat", "t2i-studio-scene", "done"),
        ]
        assert [node["position"] for node in nodes] == [{"x": 0, "y": 0}, {"x": 0, "y": 400}]
        changed = await board.change(
            add=[{"ref": "next", "type": "image", "prompt": "a jug"}], connect=[{"from": "n1", "to": "next"}]
        )
        assert changed["created"]["next"]["id"] == "n3"
        assert (await board.node("n3"))["position"]["y"] >= 720
        states = await board.ran("n3", "n1")
        assert [state["status"] for state in states] == ["completed", "completed"]
        assert len((await board.graph())["nodes"]) == 4
