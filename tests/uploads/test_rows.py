"""What processes on one database tell each other of uploads, on both kinds of database."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa
from studio.postgres import Postgres, open_postgres

from flora_mcp.state.tables import Tables, open_tables
from flora_mcp.state.tables.uploads import KEPT_SECONDS, uploads
from flora_mcp.state.upload_row import UploadRow

MINE = UploadRow(asset_id=None, mine=True, attempt=0, age_seconds=0.0)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with open_postgres() as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def machines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Tables, Tables]]:
    """Two processes' tables on one database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'server.sqlite3'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        name = f"uploads_{next(server.numbers)}"
        server.execute(f"CREATE DATABASE {name}")
        url = server.url(name)
    opened = open_tables(url), open_tables(url)
    yield opened
    for tables in opened:
        tables.database.close()


async def silence(tables: Tables, *, seconds: float) -> None:
    """Has all uploaders not be heard of for so long."""
    change = uploads.update().values(beat_at=uploads.c.beat_at - seconds, changed_at=uploads.c.changed_at - seconds)
    await tables.database.write(lambda connection: connection.execute(change))


async def test_of_all_that_ask_at_once_one_is_to_upload(machines: tuple[Tables, Tables]) -> None:
    told: list[UploadRow] = []

    async def ask(number: int) -> None:
        rows = machines[number % 2].uploads
        told.append(await rows.claim("mug", tenant="t", uploader=f"u{number}"))

    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            for number in range(12):
                tasks.start_soon(ask, number)
    assert sum(row.mine for row in told) == 1


async def test_what_one_has_uploaded_the_other_is_told(machines: tuple[Tables, Tables]) -> None:
    a, b = (tables.uploads for tables in machines)
    assert await a.claim("mug", tenant="t", uploader="a") == MINE
    assert (await b.claim("mug", tenant="t", uploader="b")).mine is False
    await a.finish("mug", tenant="t", uploader="a", asset_id="asset_1")
    found = await b.claim("mug", tenant="t", uploader="b")
    assert (found.asset_id, found.mine) == ("asset_1", False)
    assert 0 <= found.age_seconds < 30
    assert await b.claim("mug", tenant="other", uploader="b") == MINE
    assert await b.claim("cup", tenant="t", uploader="b") == MINE


async def test_who_is_not_heard_of_is_replaced_and_has_no_say_any_more(machines: tuple[Tables, Tables]) -> None:
    a, b = (tables.uploads for tables in machines)
    await a.claim("mug", tenant="t", uploader="a")
    await silence(machines[0], seconds=15)
    assert (await b.claim("mug", tenant="t", uploader="b")).mine is False
    await silence(machines[0], seconds=15)
    assert await b.claim("mug", tenant="t", uploader="b") == MINE
    await a.finish("mug", tenant="t", uploader="a", asset_id="asset_a")
    await a.release("mug", tenant="t", uploader="a", failed=True)
    again = await b.claim("mug", tenant="t", uploader="b")
    assert (again.asset_id, again.mine, again.attempt) == (None, True, 0)


async def test_who_beats_is_not_replaced(machines: tuple[Tables, Tables]) -> None:
    a, b = (tables.uploads for tables in machines)
    await a.claim("mug", tenant="t", uploader="a")
    await silence(machines[0], seconds=30)
    await a.beat("mug", tenant="t", uploader="a")
    assert (await b.claim("mug", tenant="t", uploader="b")).mine is False


async def test_a_failed_attempt_is_followed_by_another_and_a_cut_off_one_by_the_same(
    machines: tuple[Tables, Tables],
) -> None:
    a, b = (tables.uploads for tables in machines)
    await a.claim("mug", tenant="t", uploader="a")
    await a.release("mug", tenant="t", uploader="a", failed=False)
    assert await b.claim("mug", tenant="t", uploader="b") == MINE
    await b.release("mug", tenant="t", uploader="b", failed=True)
    assert (await a.claim("mug", tenant="t", uploader="a")).attempt == 1


async def test_an_asset_that_is_gone_is_forgotten_once(machines: tuple[Tables, Tables]) -> None:
    a, b = (tables.uploads for tables in machines)
    await a.claim("mug", tenant="t", uploader="a")
    await a.finish("mug", tenant="t", uploader="a", asset_id="asset_1")
    await a.forget("mug", tenant="t", asset_id="asset_1")
    assert (await a.claim("mug", tenant="t", uploader="a")).mine is True
    await a.finish("mug", tenant="t", uploader="a", asset_id="asset_2")
    await b.forget("mug", tenant="t", asset_id="asset_1")
    assert (await b.claim("mug", tenant="t", uploader="b")).asset_id == "asset_2"


async def test_old_uploads_are_forgotten(machines: tuple[Tables, Tables]) -> None:
    rows = machines[0].uploads
    await rows.claim("mug", tenant="t", uploader="a")
    await rows.finish("mug", tenant="t", uploader="a", asset_id="asset_1")
    await silence(machines[0], seconds=KEPT_SECONDS + 60)
    await rows.claim("cup", tenant="t", uploader="a")
    count = await machines[0].database.read(
        lambda connection: connection.scalar(sa.select(sa.func.count()).select_from(uploads))
    )
    assert count == 1
