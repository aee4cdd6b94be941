"""Studio processes that are killed at random lose no run, and charge and tell of none twice."""

import hashlib
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest
import sqlalchemy as sa
from studio.nursery import Born, Nursery, Orders, Place, Receiver, answers, open_nursery, open_receiver, settle_in
from studio.postgres import Postgres

from flora_mcp.studio.store.tables import charges, claims, deliveries, nodes, outputs, runs

SEED = 20_261_122
"""Of the moments; another one makes other moments."""

LONGEST = 25
"""Answers of the victim before it is killed."""


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with open_nursery() as opened:
        yield opened


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as opened:
        yield opened


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield url


async def test_thirty_kills_on_sqlite(tmp_path: Path, nursery: Nursery, receiver: Receiver) -> None:
    life = {"directory": str(tmp_path), "reach": f"127.0.0.1:{receiver.port}"}
    with settle_in(tmp_path, None) as place:
        born = [await nursery.bear(**life), await nursery.bear(**life)]
        await _kill(30, born, nursery=nursery, orders=Orders(place, receiver))
        await _check(place, receiver, count=60, media=tmp_path / "media")


async def test_ten_kills_of_a_server_and_two_workers_on_postgresql(
    tmp_path: Path, nursery: Nursery, receiver: Receiver, database_url: str
) -> None:
    life = {"directory": str(tmp_path), "reach": f"127.0.0.1:{receiver.port}", "database_url": database_url}
    with settle_in(tmp_path, database_url) as place:
        born = [await nursery.bear(**life, works=works) for works in (False, True, True)]
        await _kill(10, born, nursery=nursery, orders=Orders(place, receiver))
        await _check(place, receiver, count=20, media=tmp_path / "media")


async def _kill(times: int, born: list[Born], *, nursery: Nursery, orders: Orders) -> None:
    """Asks for two runs at a time while a process is killed at a random moment; the last ones are left to end."""
    chance = random.Random(SEED)
    waiting = []
    for _ in range(times):
        waiting += [orders.next(), orders.next()]
        victim = chance.choice(born)
        accepted: list[bool] = [False] * len(waiting)

        async def ask(number: int, through: Born) -> None:
            accepted[number] = await waiting[number](through.http)  # noqa: B023 - ends within this turn

        async with anyio.create_task_group() as tasks:
            for number in range(len(waiting)):
                tasks.start_soon(ask, number, chance.choice(born))
            await answers(victim.http, chance.randrange(LONGEST))
            await victim.kill()
        born[born.index(victim)] = await nursery.again(victim)
        waiting = [each for each, done in zip(waiting, accepted, strict=True) if not done]
    for each in waiting:
        assert await each(born[0].http)


async def _check(place: Place, receiver: Receiver, *, count: int, media: Path) -> None:
    await _drained(place)
    ended = {row[0]: row[1:] for row in place.rows(sa.select(runs.c.run_id, runs.c.type, runs.c.status, runs.c.params))}
    assert len(ended) == count
    assert {(status,) for _, status, _ in ended.values()} == {("completed",)}
    assert Counter(place.rows(sa.select(charges.c.run_id, charges.c.state))) == Counter(
        {(run_id, "settled"): 1 for run_id in ended}
    )
    made = Counter(run_id for (run_id,) in place.rows(sa.select(outputs.c.run_id)))
    per_run = {"generation": 1, "action": 1, "technique": 6}
    assert made == {run_id: per_run[kind] for run_id, (kind, _, _) in ended.items()}
    drawn = {run_id for run_id, (kind, _, _) in ended.items() if kind == "generation"}
    shown = Counter(run_id for (run_id,) in place.rows(sa.select(nodes.c.run_id)))
    assert {run_id: number for run_id, number in shown.items() if run_id in drawn} == dict.fromkeys(drawn, 1)
    _check_files(place, ended, media)
    told = {run_id for run_id, (kind, _, _) in ended.items() if kind != "action"}
    rows = place.rows(sa.select(deliveries.c.run_id, deliveries.c.delivery_id, deliveries.c.body, deliveries.c.state))
    assert Counter((run_id, state) for run_id, _, _, state in rows) == Counter(
        {(each, "delivered"): 1 for each in told}
    )
    # An attempt may be made again after a crash, with the same event; there is no second event.
    assert receiver.bodies == {delivery_id: {body.encode()} for _, delivery_id, body, _ in rows}
    assert place.rows(sa.select(claims)) == []


def _check_files(place: Place, ended: dict[str, tuple[Any, ...]], media: Path) -> None:
    """Each file has the bytes that are recorded, and a picture those of its seed."""
    files = place.rows(sa.select(outputs.c.run_id, outputs.c.file_name, outputs.c.sha256))
    for run_id, file_name, sha256 in files:
        content = (media / run_id / file_name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
        kind, _, params = ended[run_id]
        if kind == "generation":
            assert content == b"PNG" + random.Random(params["seed"]).randbytes(2_000_000)
    for run_id in ended:
        kept = sorted(path.name for path in (media / run_id).iterdir())
        assert kept == sorted(name for each, name, _ in files if each == run_id)


async def _drained(place: Place) -> None:
    """Waits until every run has ended, every webhook is delivered, and no job is left to anybody."""
    open_runs = sa.select(runs.c.run_id, runs.c.status).where(runs.c.status.in_(("pending", "running")))
    due = sa.select(deliveries.c.delivery_id, deliveries.c.problem).where(deliveries.c.state == "due")
    left: list[Any] = []
    try:
        with anyio.fail_after(60):
            while left := [*place.rows(open_runs), *place.rows(due), *place.rows(sa.select(claims))]:
                await anyio.lowlevel.checkpoint()
    except TimeoutError:
        raise AssertionError(json.dumps([list(row) for row in left], default=str)) from None
