"""A studio that is killed, at every moment of a run that can be seen from outside, loses nothing."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from studio.servers import Gates, Server, open_gates, open_server

Moment = Callable[[Server, Gates, Path, int], Awaitable[str]]
"""Starts a run with a seed and returns at the moment to kill the server at."""


async def accepted(server: Server, gates: Gates, media: Path, seed: int) -> str:
    return await server.start("noise", seed=seed)


async def accepted_and_read(server: Server, gates: Gates, media: Path, seed: int) -> str:
    run_id = await server.start("noise", seed=seed)
    await server.get(f"runs/{run_id}")
    return run_id


async def running(server: Server, gates: Gates, media: Path, seed: int) -> str:
    run_id = await server.start("noise", seed=seed)
    await server.until(run_id, "running", "completed")
    return run_id


def at_gate(fraction: float) -> Moment:
    async def moment(server: Server, gates: Gates, media: Path, seed: int) -> str:
        run_id = await server.start(gates.at(fraction), seed=seed)
        await gates.arrival(fraction=fraction, seed=seed)
        return run_id

    return moment


async def progress_told(server: Server, gates: Gates, media: Path, seed: int) -> str:
    run_id = await server.start(gates.at(0.6), seed=seed)
    state = await server.until(run_id, "running", progress=60)
    assert state["progress"] == 60
    return run_id


def when_on_disk(name: str) -> Moment:
    async def moment(server: Server, gates: Gates, media: Path, seed: int) -> str:
        run_id = await server.start("noise", seed=seed)
        path = media / run_id / name
        with anyio.fail_after(20):
            while not path.exists():
                await anyio.lowlevel.checkpoint()
        return run_id

    return moment


async def while_written(server: Server, gates: Gates, media: Path, seed: int) -> str:
    """Returns when the file is on its way to the disk, or has just arrived."""
    run_id = await server.start("noise", seed=seed)
    with anyio.fail_after(20):
        while not any((media / "incoming").glob("*")) and not (media / run_id / "output_1.png").exists():
            await anyio.lowlevel.checkpoint()
    return run_id


async def completed(server: Server, gates: Gates, media: Path, seed: int) -> str:
    run_id = await server.start("noise", seed=seed)
    await server.until(run_id, "completed")
    return run_id


async def three_at_once(server: Server, gates: Gates, media: Path, seed: int) -> str:
    await server.start("noise", seed=seed)
    await server.start("noise", seed=seed)
    run_id = await server.start(gates.at(0.3), seed=seed)
    await gates.arrival(fraction=0.3, seed=seed)
    return run_id


MOMENTS: list[Moment] = [
    accepted,
    accepted_and_read,
    running,
    at_gate(0.0),
    at_gate(0.5),
    at_gate(0.95),
    progress_told,
    when_on_disk("."),
    while_written,
    when_on_disk("output_1.png"),
    completed,
    three_at_once,
]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


def rows(directory: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(directory / "studio.sqlite3")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def test_a_run_completes_exactly_once_however_often_the_server_is_killed(directory: Path) -> None:
    async with open_gates() as gates:
        for seed, moment in enumerate(MOMENTS):
            # Each server also takes up what the ones before it left, and is killed in the midst of that.
            async with open_server(directory) as server:
                await moment(server, gates, directory / "media", seed)
                server.kill()
            for fraction in (0.0, 0.3, 0.5, 0.6, 0.95):
                await gates.open(fraction=fraction, seed=seed)
        async with open_server(directory) as server:
            server.kill()
        async with open_server(directory) as server:
            run_ids = [str(row[0]) for row in rows(directory, "SELECT run_id FROM studio_runs ORDER BY run_id")]
            assert len(run_ids) == len(MOMENTS) + 2
            for run_id in run_ids:
                state = await server.finished(run_id)
                assert (state["status"], state["progress"], state["charged_cost"]) == ("completed", 100, 0.004)
            charges = rows(directory, "SELECT run_id, state FROM studio_charges ORDER BY run_id")
            assert charges == [(run_id, "settled") for run_id in run_ids]
            assert rows(directory, "SELECT run_id FROM studio_nodes ORDER BY run_id") == [(each,) for each in run_ids]
            await check_files(server, directory, run_ids)


async def check_files(server: Server, directory: Path, run_ids: list[str]) -> None:
    """Each run has one file, equal to that of an uninterrupted run of the same seed."""
    wanted: dict[int, bytes] = {}
    for run_id in run_ids:
        state = await server.get(f"runs/{run_id}")
        seed = state["facts"]["seed"]
        if seed not in wanted:
            wanted[seed] = await content(server, await server.finished(await server.start("noise", seed=seed)))
        assert await content(server, state) == wanted[seed]
        assert [path.name for path in (directory / "media" / run_id).iterdir()] == ["output_1.png"]


async def content(server: Server, state: Any) -> bytes:
    answer = await server.http.get(state["outputs"][0]["url"])
    assert answer.status_code == 200
    return answer.content
