"""A studio in this process, and the picture renderer that tests put into it."""

import itertools
import os
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest
from studio.postgres import Postgres, open_postgres

from flora_mcp.studio import Studio
from flora_mcp.studio.renderers import Progress, RenderHost, Rendering, RenderRequest, RenderThreads

MODEL = "t2i-studio-scene"

SQLITE, POSTGRESQL = "sqlite", "postgresql"

ON_BOTH = pytest.mark.parametrize("database_url", [SQLITE, POSTGRESQL], indirect=True)
"""Has the tests of a module run on both databases: `pytestmark = ON_BOTH`."""


def draw(request: RenderRequest, progress: Progress) -> Rendering:
    """A renderer that is done at once; its bytes tell what was asked for."""
    progress(0.5)
    return Rendering(
        content=repr(request).encode(),
        mime_type="image/png",
        width_px=request.width_px,
        height_px=request.height_px,
        facts={"alt_text": f"A drawing of {request.prompt}", "recognised": [], "ignored": []},
    )


class CountingIds:
    """Ids that a test can foretell."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers)}"

    def node(self) -> str:
        return str(uuid.UUID(int=next(self._numbers)))

    def seed(self) -> int:
        return 7


class Clock:
    """A wall clock that moves only when told."""

    def __init__(self) -> None:
        self.now_ms = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now_ms


@dataclass(kw_only=True)
class Api:
    """A running studio, a client of it, and a workspace with a project."""

    studio: Studio
    http: httpx.AsyncClient
    clock: Clock
    directory: Path
    workspace_id: str
    project_id: str

    async def get(self, path: str, **query: str | int) -> Any:
        answer = await self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return await self.http.post(path, json=body, headers=headers)

    def asked(self, **changes: object) -> dict[str, object]:
        """The body of a good POST /generate, with changes."""
        ids = {"workspace_id": self.workspace_id, "project_id": self.project_id}
        return {"type": "image", "prompt": "a red cup", **ids, **changes}

    async def start(self, **changes: object) -> str:
        answer = await self.post("generate", self.asked(**changes))
        assert answer.status_code == 201, answer.text
        run_id: str = answer.json()["run_id"]
        return run_id

    async def until(self, run_id: str, *statuses: str) -> Any:
        """Asks until the run has one of the statuses."""
        with anyio.fail_after(20):
            while True:
                state = await self.get(f"runs/{run_id}")
                if state["status"] in statuses:
                    return state

    async def delivery(self) -> dict[str, Any] | None:
        """Returns what the studio keeps of the newest webhook."""

        def work() -> dict[str, Any] | None:
            with closing(sqlite3.connect(self.directory / "studio.sqlite3")) as connection:
                connection.row_factory = sqlite3.Row
                row = connection.execute("SELECT * FROM studio_deliveries ORDER BY number DESC").fetchone()
                return None if row is None else dict(row)

        return await anyio.to_thread.run_sync(work)

    async def finished(self, run_id: str) -> Any:
        return await self.until(run_id, "completed", "failed")


OpenApi = Callable[..., AbstractAsyncContextManager[Api]]


def is_open(path: Path) -> bool:
    """Whether this process has the file open, whoever opened it."""
    wanted = path.stat()
    for number in os.listdir("/dev/fd"):
        try:
            if os.path.samestat(os.fstat(int(number)), wanted):
                return True
        except OSError:  # such as the one that listed the others
            continue
    return False


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """What `open_api` opens studios on: a file, or a fresh database of a server."""
    if getattr(request, "param", SQLITE) == SQLITE:
        yield None
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture
def open_api(tmp_path: Path, database_url: str | None) -> Iterator[OpenApi]:
    """Opens studios over the test's own directory, one after the other or at once; they must leave no file open."""

    @asynccontextmanager
    async def open_one(renderers: RenderHost | None = None, **options: Any) -> AsyncIterator[Api]:
        clock = options.pop("clock_ms", None) or Clock()
        directory = options.pop("directory", tmp_path / "data")
        studio = Studio(
            directory=directory,
            database_url=options.pop("database_url", database_url),
            renderers=renderers or RenderThreads({MODEL: draw}),
            clock_ms=clock,
            **options,
        )
        async with (
            studio,
            httpx.AsyncClient(transport=httpx.ASGITransport(studio.app), base_url=studio.base_url) as http,
        ):
            workspace_id = (await http.get("workspaces")).json()["workspaces"][0]["workspace_id"]
            found = (await http.get("projects", params={"workspace_id": workspace_id})).json()["projects"]
            if not found:
                body = {"name": "Test", "workspace_id": workspace_id}
                found = [(await http.post("projects", json=body)).json()]
            yield Api(
                studio=studio,
                http=http,
                clock=clock,
                directory=directory,
                workspace_id=workspace_id,
                project_id=found[0]["project_id"],
            )

    yield open_one
    deadline = time.monotonic() + 10
    # A thread of DBOS may still record that a workflow is over; it closes its connection afterwards.
    while (held := [path for path in tmp_path.rglob("*.sqlite3") if is_open(path)]) and time.monotonic() < deadline:
        pass
    assert held == []


@pytest.fixture
async def api(open_api: OpenApi) -> AsyncIterator[Api]:
    async with open_api(ids=CountingIds()) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the tests of this process."""
    with open_postgres() as opened:
        yield opened
