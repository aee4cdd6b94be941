"""The rows by which processes share sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from studio.postgres import Postgres, open_postgres

from flora_mcp.state.session_record import SessionRecord, Word
from flora_mcp.state.tables import open_tables
from flora_mcp.state.tables.sessions import KEPT_SECONDS, WORD_SECONDS, Sessions

ADA = SessionRecord(id="s1", tenant="ada", protocol_version="2025-11-25", client={"capabilities": {}})
SUBSCRIBED = {"jsonrpc": "2.0", "id": "1", "method": "resources/subscribe", "params": {"uri": "flora://runs/1"}}
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized", "params": {}}


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with open_postgres() as server:
        yield server


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def opened(database: str, directory: Path, request: pytest.FixtureRequest, clock: Clock) -> Iterator[Sessions]:
    if database == "sqlite":
        tables = open_tables(f"sqlite:///{directory / 'state.sqlite3'}")
        try:
            yield Sessions(tables.database, clock=clock)
        finally:
            tables.database.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        tables = open_tables(url)
        try:
            yield Sessions(tables.database, clock=clock)
        finally:
            tables.database.close()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_a_session_is_found_by_its_tenant_with_what_lasts_of_it(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with opened(database, tmp_path, request, Clock()) as sessions:
        await sessions.add(ADA)
        place = await sessions.last()
        for message, key in ((INITIALIZED, "a"), (SUBSCRIBED, "b"), (SUBSCRIBED, "c"), (SUBSCRIBED, "b")):
            await sessions.keep(Word(session_id="s1", tenant="ada", message=message), key=key, origin="one")
        await sessions.keep(Word(session_id="s1", tenant="bob", message=SUBSCRIBED), key="d", origin="one")
        await sessions.drop(Word(session_id="s1", tenant="bob", message=SUBSCRIBED), key="b", origin="one")
        await sessions.drop(Word(session_id="s1", tenant="ada", message=SUBSCRIBED), key="c", origin="one")
        found = await sessions.get("s1", tenant="ada")
        assert found is not None
        assert sorted(message["method"] for message in found.lasting) == [INITIALIZED["method"], SUBSCRIBED["method"]]
        assert await sessions.get("s1", tenant="bob") is None
        # The same thing twice is said once; the process that says it does not hear it.
        heard, after = await sessions.heard(place, origin="two")
        assert (found.place, heard[-1].place) == (after, after)
        methods = [word.message["method"] for word in heard if word.tenant == "ada" and word.message is not None]
        assert methods == [INITIALIZED["method"], *[SUBSCRIBED["method"]] * 3]
        assert await sessions.heard(place, origin="one") == ([], after)
        assert await sessions.heard(after, origin="two") == ([], after)


async def test_an_end_is_heard_and_only_the_owners_counts(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with opened("sqlite", tmp_path, request, Clock()) as sessions:
        await sessions.add(ADA)
        await sessions.say(Word(session_id="s1", tenant="bob", message=None), origin="one")
        assert await sessions.get("s1", tenant="ada") is not None
        await sessions.say(Word(session_id="s1", tenant="ada", message=None), origin="one")
        assert await sessions.get("s1", tenant="ada") is None
        heard, _ = await sessions.heard(0, origin="two")
        assert (heard[-1].session_id, heard[-1].tenant, heard[-1].message) == ("s1", "ada", None)


async def test_what_nobody_uses_is_forgotten(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    clock = Clock()
    with opened("sqlite", tmp_path, request, clock) as sessions:
        for number in (1, 2, 3):
            record = SessionRecord(id=f"s{number}", tenant="ada", protocol_version="2025-11-25", client={})
            await sessions.add(record)
        await sessions.say(Word(session_id="s1", tenant="ada", message=INITIALIZED), origin="one")
        clock.now += KEPT_SECONDS - 1
        await sessions.touch(["s2"])
        assert await sessions.get("s3", tenant="ada") is not None
        clock.now += 2
        await sessions.add(SessionRecord(id="s4", tenant="ada", protocol_version="2025-11-25", client={}))
        there = [number for number in (1, 2, 3, 4) if await sessions.get(f"s{number}", tenant="ada") is not None]
        assert there == [2, 3, 4]
        assert KEPT_SECONDS > WORD_SECONDS
        await sessions.say(Word(session_id="s2", tenant="ada", message=INITIALIZED), origin="one")
        heard, _ = await sessions.heard(0, origin="two")
        assert [word.session_id for word in heard] == ["s2"]
