"""The same canvas on PostgreSQL: changes wait for each other, and chains run in order."""

from functools import partial
from typing import Any

import anyio
from studio.canvas.conftest import Board
from studio.postgres import Postgres


async def test_a_canvas_is_changed_run_and_put_back_on_postgresql(open_api: Any, postgres: Postgres) -> None:
    with postgres.database() as url:
        async with open_api(database_url=url) as api:
            board = Board(api=api, project_id=api.project_id)
            await board.change(
                add=[
                    {"ref": "t", "type": "text", "prompt": "red"},
                    {"ref": "a", "type": "image", "prompt": "a cup", "params": {"seed": 1}},
                    {"ref": "b", "type": "image", "prompt": "a jug"},
                    {"ref": "g", "type": "group"},
                ],
                connect=[{"from": "t", "to": "a"}, {"from": "a", "to": "b"}],
            )
            async with anyio.create_task_group() as tasks:
                for _ in range(4):
                    tasks.start_soon(partial(board.change, add=[{"ref": "same", "type": "image", "group": "n4"}]))
            first, second = await board.ran("n2", "n3")
            assert (first["status"], second["status"]) == ("completed", "completed")
            assert first["completed_at"] <= second["started_at"]
            [again] = await board.ran("n2")
            assert again["status"] == "completed"
            before, definition = await board.graph(), await board.definition()
            assert [node["id"] for node in before["nodes"]] == [f"n{number}" for number in range(1, 10)]
            assert (await board.put(definition)).json()["definition"] == definition
            assert await board.graph() == before
            await board.change(remove=[{"id": "n4"}], disconnect=[{"from": "n1", "to": "n2"}])
            assert len((await board.graph())["nodes"]) == 4
