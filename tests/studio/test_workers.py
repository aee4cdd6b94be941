"""Several workers over one PostgreSQL database: each job is done by one of them, also when one falters."""

import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest
import sqlalchemy as sa
from studio.nursery import Born, Nursery, Place, open_nursery, settle_in
from studio.postgres import Postgres
from studio.servers import Gates, open_gates

from flora_mcp.studio.store.tables import charges, claims, nodes, outputs, workers


@pytest.fixture
def place(postgres: Postgres, tmp_path: Path) -> Iterator[Place]:
    with postgres.database() as url, settle_in(tmp_path, url) as opened:
        yield opened


@pytest.fixture
def life(place: Place, tmp_path: Path) -> dict[str, Any]:
    return {"directory": str(tmp_path), "database_url": place.database.url}


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with open_nursery() as opened:
        yield opened


@pytest.fixture
async def gates() -> AsyncIterator[Gates]:
    async with open_gates() as opened:
        yield opened


async def start(server: Born, place: Place, prompt: str, *, seed: int) -> str:
    body = {"type": "image", "prompt": prompt, "params": {"seed": seed}, **place.ids}
    answer = await server.http.post("generate", json=body)
    assert answer.status_code == 201, answer.text
    run_id: str = answer.json()["run_id"]
    return run_id


async def finished(server: Born, run_id: str) -> dict[str, Any]:
    with anyio.fail_after(60):
        while True:
            state: dict[str, Any] = (await server.http.get(f"runs/{run_id}")).json()
            if state["status"] in {"completed", "failed"}:
                return state


async def until(place: Place, query: sa.Select[Any], wanted: list[tuple[Any, ...]]) -> None:
    with anyio.fail_after(60):
        while place.rows(query) != wanted:
            await anyio.lowlevel.checkpoint()


async def test_a_paused_worker_that_comes_back_repeats_nothing(
    nursery: Nursery, gates: Gates, place: Place, life: dict[str, Any]
) -> None:
    server = await nursery.bear(**life, works=False)
    first = await nursery.bear(**life)
    run_id = await start(server, place, gates.at(0.5), seed=1)
    visitor = await gates.arrival(fraction=0.5, seed=1)
    assert visitor.pid == first.pid
    first.send(signal.SIGSTOP)
    second = await nursery.bear(**life)
    # Its lease runs out, and the other comes to the same gate.
    visitor = await gates.arrival(fraction=0.5, seed=1)
    assert visitor.pid == second.pid
    await gates.open(fraction=0.5, seed=1)
    assert (await finished(server, run_id))["status"] == "completed"
    before = place.rows(sa.select(outputs)), place.rows(sa.select(charges)), place.rows(sa.select(nodes))
    first.send(signal.SIGCONT)
    # It renders to the end, shows that it lives again, and is trusted with what comes.
    await until(place, sa.select(sa.func.count()).select_from(workers), [(2,)])
    second.send(signal.SIGTERM)
    await second.gone()
    after = await start(server, place, "noise", seed=2)
    assert (await finished(server, after))["status"] == "completed"
    await until(place, sa.select(claims.c.job_id), [])
    late = [sa.select(table).where(table.c.run_id == run_id) for table in (outputs, charges, nodes)]
    assert tuple(place.rows(each) for each in late) == before


async def test_a_worker_that_is_ended_gives_its_jobs_back_at_once(
    nursery: Nursery, gates: Gates, place: Place, life: dict[str, Any]
) -> None:
    # With a lease that does not run out in this test.
    life = {**life, "lease_seconds": 3600.0, "render_processes": True}
    server = await nursery.bear(**life, works=False)
    first = await nursery.bear(**life)
    run_id = await start(server, place, gates.at(0.5), seed=1)
    visitor = await gates.arrival(fraction=0.5, seed=1)
    assert visitor.parent_pid == first.pid
    second = await nursery.bear(**life)
    first.send(signal.SIGTERM)
    await first.gone()
    visitor = await gates.arrival(fraction=0.5, seed=1)
    assert visitor.parent_pid == second.pid
    await gates.open(fraction=0.5, seed=1)
    assert (await finished(server, run_id))["status"] == "completed"
    await until(place, sa.select(claims.c.job_id), [])


async def test_workers_share_the_jobs_and_keep_to_the_most_of_a_workspace(
    nursery: Nursery, gates: Gates, place: Place, life: dict[str, Any]
) -> None:
    life = {**life, "workspace_runs": 4}
    server = await nursery.bear(**life, works=False)
    # Six renders would have room.
    born = [await nursery.bear(**life), await nursery.bear(**life)]
    run_ids = [await start(server, place, gates.at(0.5), seed=seed) for seed in range(6)]
    visitors = [await gates.arrival(fraction=0.5, seed=seed) for seed in range(4)]
    shares = Counter(visitor.pid for visitor in visitors)
    assert set(shares) == {each.pid for each in born}
    await until(place, sa.select(sa.func.count()).select_from(claims), [(4,)])
    for seed in range(6):
        await gates.open(fraction=0.5, seed=seed)
    assert {(await finished(server, run_id))["status"] for run_id in run_ids} == {"completed"}
