"""A technique whose studio is killed between two steps goes on with the second."""

import json
from pathlib import Path

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


async def test_a_step_that_was_done_before_a_crash_is_not_done_again(tmp_path: Path) -> None:
    directory, trap = tmp_path / "data", tmp_path / "trap"
    await add(directory)
    async with open_gates() as gates:
        async with open_server(directory) as server:
            # The first step would take the trap away and end its process, if it were done while there is one.
            run_id = await start(server, f"die={trap}", gates.at(0.5))
            await gates.arrival(fraction=0.5, seed=2)
            # The whole first, which is recorded before it is shown as done; of the second perhaps nothing is shown
            # yet, as it came soon after.
            await server.until(run_id, "running", progress=50)
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
