"""A studio that is killed in the midst of a chain of nodes finishes the chain, in its order, at its price."""

import itertools
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from studio.servers import Gates, Server, open_gates, open_server

SEEDS = (1, 2, 3)


async def project_of(server: Server) -> str:
    """Returns the path of a new project."""
    workspace_id = (await server.get("workspaces"))["workspaces"][0]["workspace_id"]
    answer = await server.http.post("projects", json={"name": "Test", "workspace_id": workspace_id})
    return f"workspaces/{workspace_id}/projects/{answer.json()['project_id']}"


async def start_chain(server: Server, gates: Gates) -> tuple[str, list[str]]:
    """Runs three nodes, each of which waits at a gate; returns the project's path and the runs."""
    path = await project_of(server)
    added = [{"ref": f"r{seed}", "type": "image", "prompt": gates.at(0.5), "params": {"seed": seed}} for seed in SEEDS]
    connected = [{"from": f"r{seed}", "to": f"r{seed + 1}"} for seed in SEEDS[:-1]]
    changed = await server.http.post(f"{path}/canvas/changeset", json={"add": added, "connect": connected})
    assert changed.status_code == 200, changed.text
    answer = await server.http.post(f"{path}/nodes/run", json={"node_ids": ["n3", "n2", "n1"]})
    assert answer.status_code == 200, answer.text
    return path, [run["run_id"] for run in reversed(answer.json()["runs"])]


async def test_a_chain_is_finished_although_the_server_is_killed(tmp_path: Path) -> None:
    async with open_gates() as gates:
        await gates.open(fraction=0.5, seed=1)
        async with open_server(tmp_path) as server:
            path, run_ids = await start_chain(server, gates)
            await gates.arrival(fraction=0.5, seed=2)
            assert [(await server.get(f"runs/{run_id}"))["status"] for run_id in run_ids] == [
                "completed",
                "running",
                "pending",
            ]
            server.kill()
        await gates.open(fraction=0.5, seed=2)
        await gates.open(fraction=0.5, seed=3)
        async with open_server(tmp_path) as server:
            states: list[Any] = [await server.finished(run_id) for run_id in run_ids]
            assert [state["status"] for state in states] == ["completed"] * 3
            assert all(one["completed_at"] <= two["started_at"] for one, two in itertools.pairwise(states))
            nodes = (await server.get(f"{path}/graph"))["nodes"]
            assert [(node["id"], node["status"]) for node in nodes] == [("n1", "done"), ("n2", "done"), ("n3", "done")]
    with closing(sqlite3.connect(tmp_path / "studio.sqlite3")) as connection:
        charges = "SELECT state, count(*), sum(credits) FROM studio_charges GROUP BY state"
        assert connection.execute(charges).fetchall() == [("settled", 3, 12)]
