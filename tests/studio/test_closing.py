"""A studio lets go of its database however it ends, and also when it never began."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest
from studio.conftest import MODEL, Clock, CountingIds, draw, is_open

from flora_mcp.studio import Studio
from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.media import FolderMedia
from flora_mcp.studio.renderers import RenderThreads
from flora_mcp.studio.runs.dispatcher import Dispatcher
from flora_mcp.studio.runs.generation import Generation
from flora_mcp.studio.runs.leader import Leadership
from flora_mcp.studio.store import Database, projects, runs, workspaces

ENDED = "SELECT 1 FROM workflow_status WHERE status = 'SUCCESS'"

RUN = runs.NewRun(
    run_id="run_1",
    workspace_id="ws_1",
    project_id="prj_1",
    media_type="image",
    model_id=MODEL,
    prompt="a red cup",
    params={"aspect_ratio": "1:1", "resolution": "1k", "seed": 7},
    credits=4,
)


class GatedIds(CountingIds):
    """Ids that a thread waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.opened = threading.Event()

    def new(self, prefix: str) -> str:
        self.asked.set()
        assert self.opened.wait(20)
        return super().new(prefix)


class Stopwatch:
    """A clock that runs a day ahead, and first calls `at_last`, once it is let go."""

    def __init__(self) -> None:
        self.let_go = False
        self.at_last: Callable[[], object] = bool

    def __call__(self) -> float:
        if not self.let_go:
            return 0.0
        self.at_last()
        return 86_400.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "studio.sqlite3"


@pytest.fixture
def database(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    database.create_tables()
    return database


def ask(path: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


def test_a_closed_database_has_no_connection(database: Database, path: Path) -> None:
    assert is_open(path)
    database.close()
    assert not is_open(path)


def test_a_transaction_that_ends_after_the_database_closed_its_connection(database: Database, path: Path) -> None:
    with database.writing() as connection:
        database.close()
        workspaces.create(connection, workspace_id="ws_1", name="Late", now_ms=1)
    assert not is_open(path)
    assert ask(path, "SELECT name FROM studio_workspaces") == [("Late",)]


async def test_a_studio_that_cannot_open_has_no_connection(database: Database, path: Path) -> None:
    database.close()
    ask(path, "UPDATE studio_about SET value = '99' WHERE key = 'schema_version'")
    studio = Studio(directory=path.parent)
    with pytest.raises(StudioUnavailableError):
        await studio.__aenter__()
    assert not is_open(path)


async def test_a_file_that_is_no_database_is_named_as_the_reason_and_closed(path: Path) -> None:
    await anyio.Path(path).write_bytes(b"no database" * 100)
    studio = Studio(directory=path.parent)
    with pytest.raises(StudioUnavailableError, match="file is not a database"):
        await studio.__aenter__()
    assert not is_open(path)


async def test_a_task_cancelled_while_its_studio_opens_leaves_no_connection(path: Path) -> None:
    ids = GatedIds()
    studio = Studio(directory=path.parent, renderers=RenderThreads({MODEL: draw}), ids=ids)
    opening = asyncio.create_task(studio.__aenter__())
    await anyio.to_thread.run_sync(partial(ids.asked.wait, 20))
    # As asyncio does at Ctrl-C: unlike a cancel scope, it does not wait for the thread.
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    ids.opened.set()
    with anyio.fail_after(10):
        while not ask(path, "SELECT workspace_id FROM studio_workspaces") or is_open(path):
            await anyio.lowlevel.checkpoint()


async def test_a_dispatcher_cancelled_on_the_way_to_its_rest_still_stops_the_engine(
    database: Database, path: Path
) -> None:
    with database.writing() as connection:
        workspaces.create(connection, workspace_id="ws_1", name="Studio", now_ms=1)
        projects.create(connection, project_id="prj_1", workspace_id="ws_1", name="Test", now_ms=1)
        runs.create(connection, RUN, now_ms=1)
    renderers = RenderThreads({MODEL: draw})
    media = FolderMedia(path.parent / "media")
    stopwatch = Stopwatch()
    generation = Generation(database=database, media=media, renderers=renderers, ids=CountingIds(), clock_ms=Clock())
    dispatcher = Dispatcher(
        database=database,
        works=(generation,),
        renderers=renderers,
        membership=Leadership(path.parent / "leader.lock"),
        monotonic=stopwatch,
    )
    try:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(dispatcher.run)
                while await database.read(generation.unfinished) or not ask(path, ENDED):
                    await anyio.lowlevel.checkpoint()
                stopwatch.at_last = tasks.cancel_scope.cancel
                stopwatch.let_go = True
                dispatcher.wake()
                await anyio.sleep_forever()
    finally:
        await dispatcher.close()
        database.close()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("dbos")] == []
    assert not is_open(path)
