"""A technique whose studio is killed between two steps goes on with the second."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import anyio
import anyio.lowlevel
import anyio.to_thread
from studio.servers import Server, open_gates, open_server
from studio.techniques.conftest import given
from studio.techniques.documents import generation, output, technique

from flora_mcp.studio import Studio
from flora_mcp.studio.renderers import RenderThreads

WORDS = {"name": "Words", "type": "text", "max_characters": 500}
INPUTS = ({"id": "first_words", **WORDS}, {"id": "second_words", **WORDS})


async def add(directory: Path) -> None:
    """Adds a technique of two pictures whose prompts a run chooses."""
    steps = (
        generation("first", "{first_words}", params={"seed": 1}),
        generation("second", "{second_words}", params={"seed": 2}),
    )
    document = technique(*steps, inputs=INPUTS, outputs=(output("first"), output("second")))
    async with Studio(directory=directory, renderers=RenderThreads({})) as studio:
        workspace_id = await studio.create_workspace("Techniques")
        await studio.add_technique(json.dumps(document).encode(), workspace_id=workspace_id)


async def start(server: Server, first: str, second: str) -> str:
    inputs = [given("first_words", first), given("second_words", second)]
    answer = await server.http.post("techniques/sketch/runs", json={"inputs": inputs, "mode": "async"})
    assert answer.status_code == 201, answer.text
    run_id: str = answer.json()["run_id"]
    return run_id


async def recorded(directory: Path, step_id: str) -> None:
    """Waits until a step is recorded as done: progress tells of steps under way too, and not of every change."""
    with anyio.fail_after(20):
        while step_id not in await anyio.to_thread.run_sync(steps_of, directory):
            await anyio.lowlevel.checkpoint()


def steps_of(directory: Path) -> set[str]:
    with closing(sqlite3.connect(directory / "studio.sqlite3")) as connection:
        return {row[0] for row in connection.execute("SELECT step_id FROM studio_technique_steps")}


async def test_a_step_that_was_done_before_a_crash_is_not_done_again(tmp_path: Path) -> None:
    directory, trap = tmp_path / "data", tmp_path / "trap"
    await add(directory)
    async with open_gates() as gates:
        async with open_server(directory) as server:
            # The first step would take the trap away and end its process, if it were done while there is one.
            run_id = await start(server, f"die={trap}", gates.at(0.5))
            await gates.arrival(fraction=0.5, seed=2)
            await recorded(directory, "first")
            server.kill()
        trap.touch()
        await gates.open(fraction=0.5, seed=2)
        async with open_server(directory) as server:
            state = await server.finished(run_id)
            assert (state["status"], state["progress"], state["charged_cost"]) == ("completed", 100, 0.008)
            assert [each["output_id"] for each in state["outputs"]] == ["first_out", "second_out"]
            assert trap.exists()
            for each in state["outputs"]:
                assert (await server.http.get(each["url"])).status_code == 200
