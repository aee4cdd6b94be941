"""Several studio processes over one directory: one renders, the others answer and stand by."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from studio.servers import Gates, open_gates, open_server


@pytest.fixture
async def gates() -> AsyncIterator[Gates]:
    async with open_gates() as opened:
        yield opened


async def test_a_follower_accepts_runs_that_the_leader_renders(tmp_path: Path, gates: Gates) -> None:
    async with open_server(tmp_path) as leader, open_server(tmp_path) as follower:
        run_id = await follower.start(gates.at(0.5), seed=1)
        visitor = await gates.arrival(fraction=0.5, seed=1)
        assert visitor.parent_pid == leader.process.pid
        await gates.open(fraction=0.5, seed=1)
        state = await follower.finished(run_id)
        assert state["status"] == "completed"
        file = await follower.http.get(state["outputs"][0]["url"])
        assert (file.status_code, file.headers["content-type"]) == (200, "image/png")


async def test_a_follower_takes_over_the_runs_of_a_killed_leader(tmp_path: Path, gates: Gates) -> None:
    async with open_server(tmp_path) as leader, open_server(tmp_path) as follower:
        begun = await leader.start(gates.at(0.5), seed=1)
        visitor = await gates.arrival(fraction=0.5, seed=1)
        assert visitor.parent_pid == leader.process.pid
        leader.kill()
        waiting = await follower.start("noise", seed=2)
        visitor = await gates.arrival(fraction=0.5, seed=1)
        assert visitor.parent_pid == follower.process.pid
        await gates.open(fraction=0.5, seed=1)
        for run_id in (begun, waiting):
            assert (await follower.finished(run_id))["status"] == "completed"
        project_id = follower.ids["project_id"]
        nodes = (await follower.get(f"projects/{project_id}/nodes"))["nodes"]
        assert sorted(node["label"] for node in nodes) == sorted([gates.at(0.5), "noise"])


async def test_a_render_process_ends_with_its_killed_studio(tmp_path: Path, gates: Gates) -> None:
    async with open_server(tmp_path) as server:
        await server.start(gates.at(0.5), seed=1)
        visitor = await gates.arrival(fraction=0.5, seed=1)
        server.kill()
        await gates.departure(visitor)


async def test_two_studios_that_start_at_once_over_an_empty_directory_agree(tmp_path: Path) -> None:
    found: list[object] = []

    async def look() -> None:
        async with open_server(tmp_path) as server:
            found.append(await server.get("workspaces"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look)
        tasks.start_soon(look)
    assert found[0] == found[1]
