"""Uploads of several calls, processes and lives: each file arrives once."""

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from fakes.flora import error, png
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.flora import Flora
from flora_mcp.flora.errors import BadRequestError, OutcomeUncertainError
from flora_mcp.state import State
from flora_mcp.state.tables import open_tables
from flora_mcp.state.tables.uploads import uploads
from flora_mcp.uploads import Content, Done, Link, Place, Uploads, file_of
from flora_mcp.uploads.uploads import LINK_SECONDS, LOOK_SECONDS

HERE = Place(workspace_id="ws_1")


class Desk:
    """FLORA's desk for assets: it takes a file when the test lets it, and takes no request twice."""

    def __init__(self) -> None:
        self.assets: dict[str, str] = {}
        """Asset ids by idempotency key."""
        self.gone: set[str] = set()
        self.arrived = anyio.Event()
        self.open = anyio.Event()
        self.open.set()
        self.failures: list[int] = []
        """Statuses of the next answers; 0 answers after the asset was made, with an answer that is lost."""
        self.app = Starlette(
            routes=[
                Route("/api/v1/assets", self._create, methods=["POST"]),
                Route("/api/v1/assets/{asset_id}", self._retrieve),
            ]
        )

    async def _create(self, request: Request) -> Response:
        await request.body()
        self.arrived.set()
        await self.open.wait()
        status = self.failures.pop(0) if self.failures else 201
        if status not in {0, 201}:
            return error(status, "input_validation_error", "no")
        key = request.headers["idempotency-key"]
        asset_id = self.assets.setdefault(key, f"asset_{len(self.assets) + 1}")
        if status == 0:
            return Response("<h1>Bad gateway</h1>", status_code=502, headers={"x-should-retry": "false"})
        return JSONResponse({"asset_id": asset_id, "status": "ready"}, status_code=201)

    async def _retrieve(self, request: Request) -> Response:
        asset_id = request.path_params["asset_id"]
        if asset_id in self.gone:
            return error(404, "not_found", "Not found.")
        return JSONResponse({"asset_id": asset_id, "status": "ready", "url": f"https://media.example/{asset_id}"})


class Clock:
    """Sleeps that last until the test wakes them."""

    def __init__(self) -> None:
        self._slept = anyio.Event()
        self._wake = anyio.Event()
        self._looks = 0

    async def sleep(self, seconds: float) -> None:
        self._looks += seconds == LOOK_SECONDS
        self._slept.set()
        await self._wake.wait()

    async def looked(self, times: int) -> None:
        """Returns when somebody has looked so often after what another process is at."""
        while self._looks < times:
            await self._slept.wait()
            await anyio.to_thread.run_sync(lambda: None)

    async def tick(self) -> None:
        """Waits until somebody sleeps, and wakes all."""
        await self._slept.wait()
        self._slept = anyio.Event()
        wake, self._wake = self._wake, anyio.Event()
        wake.set()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@asynccontextmanager
async def processes(
    desk: Desk, directory: Path, *names: str, tenants: dict[str, str] | None = None, **options: Any
) -> AsyncIterator[list[Uploads]]:
    """Uploads of several processes on one database."""
    async with AsyncExitStack() as stack:
        opened = []
        for name in names:
            flora = await stack.enter_async_context(Flora(api_key="sk_live_secret", app=desk.app, max_retries=0))
            state = State(f"sqlite:///{directory / 'state.sqlite3'}")
            stack.callback(state.close)
            tenant = (tenants or {}).get(name, "local")
            uploads = Uploads(flora=flora, state=state, tenant_id=tenant, uploader=name, **options)
            opened.append(await stack.enter_async_context(uploads))
        with anyio.fail_after(20):
            yield opened


def content(colour: str = "teal") -> Content:
    return file_of(io.BytesIO(png(colour)), name="a.png")


async def done(uploads: Uploads, what: Content | None = None, place: Place = HERE) -> Done:
    flight = await uploads.start(what or content(), place)
    await flight.ended.wait()
    return flight.result()


async def test_another_process_and_another_life_find_the_asset(desk: Desk, tmp_path: Path) -> None:
    async with processes(desk, tmp_path, "a", "b") as (a, b):
        first, second = await done(a), await done(b)
    async with processes(desk, tmp_path, "c") as (c,):
        third = await done(c)
    assert [each.asset.asset_id for each in (first, second, third)] == ["asset_1"] * 3
    assert first.age_seconds is None
    assert second.age_seconds is not None
    assert len(desk.assets) == 1


async def test_another_place_another_name_and_other_bytes_are_another_asset(desk: Desk, tmp_path: Path) -> None:
    places = [HERE, Place(workspace_id="ws_2"), Place(workspace_id="ws_1", project_id="prj_1")]
    places.append(Place(workspace_id="ws_1", name="cup.png"))
    async with processes(desk, tmp_path, "a") as (a,):
        ids = {(await done(a, place=place)).asset.asset_id for place in places}
        ids.add((await done(a, content("red"))).asset.asset_id)
    assert len(ids) == 5


async def test_tenants_share_nothing(desk: Desk, tmp_path: Path) -> None:
    async with processes(desk, tmp_path, "a", "b", tenants={"b": "other"}) as (a, b):
        first, second = await done(a), await done(b)
    assert first.asset.asset_id != second.asset.asset_id
    assert second.age_seconds is None


async def test_processes_at_the_same_time_send_it_once(desk: Desk, tmp_path: Path) -> None:
    desk.open = anyio.Event()
    clock = Clock()
    results: list[Done] = []

    async def follow(uploads: Uploads) -> None:
        results.append(await done(uploads))

    async def tick() -> None:
        while True:
            await clock.tick()

    async with processes(desk, tmp_path, "a", "b", sleep=clock.sleep) as (a, b), anyio.create_task_group() as ticking:
        ticking.start_soon(tick)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(follow, a)
            await desk.arrived.wait()
            tasks.start_soon(follow, a)
            tasks.start_soon(follow, b)
            await clock.looked(5)
            desk.open.set()
        ticking.cancel_scope.cancel()
    assert {each.asset.asset_id for each in results} == {"asset_1"}
    assert len(results) == 3
    assert len(desk.assets) == 1


async def test_an_upload_goes_on_when_its_caller_is_gone(desk: Desk, tmp_path: Path) -> None:
    desk.open = anyio.Event()
    async with processes(desk, tmp_path, "a") as (a,):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(done, a)
            await desk.arrived.wait()
            tasks.cancel_scope.cancel()
        assert a.running == 1
        desk.open.set()
        assert (await done(a)).asset.asset_id == "asset_1"
        assert a.running == 0
    assert len(desk.assets) == 1


async def test_an_upload_that_was_cut_off_is_asked_for_under_the_same_key(desk: Desk, tmp_path: Path) -> None:
    """FLORA had taken the file when the process ended: it says which asset that was."""
    desk.failures = [0]
    async with processes(desk, tmp_path, "a") as (a,):
        with pytest.raises(OutcomeUncertainError):
            await done(a)
    async with processes(desk, tmp_path, "b") as (b,):
        assert (await done(b)).asset.asset_id == "asset_1"
    assert len(desk.assets) == 1


async def test_a_process_that_ends_leaves_the_upload_to_the_next(desk: Desk, tmp_path: Path) -> None:
    desk.open = anyio.Event()
    async with processes(desk, tmp_path, "a") as (a,):
        await a.start(content(), HERE)
        await desk.arrived.wait()
    desk.open.set()
    async with processes(desk, tmp_path, "b") as (b,):
        assert (await done(b)).age_seconds is None
    assert len(desk.assets) == 1


async def test_a_refused_file_may_be_tried_again(desk: Desk, tmp_path: Path) -> None:
    desk.failures = [400]
    async with processes(desk, tmp_path, "a") as (a,):
        with pytest.raises(BadRequestError):
            await done(a)
        assert (await done(a)).asset.asset_id == "asset_1"


async def test_an_asset_that_was_removed_is_uploaded_anew(desk: Desk, tmp_path: Path) -> None:
    async with processes(desk, tmp_path, "a") as (a,):
        await done(a)
        desk.gone.add("asset_1")
        again = await done(a)
    assert again.asset.asset_id == "asset_2"
    assert again.age_seconds is None


async def test_an_address_is_the_same_file_as_long_as_it_is_fresh(desk: Desk, tmp_path: Path) -> None:
    link = Link(url="https://media.example/a.png")
    async with processes(desk, tmp_path, "a") as (a,):
        first, second = await done(a, link), await done(a, link)
        other = await done(a, Link(url="https://media.example/b.png"))
    assert first.asset.asset_id == second.asset.asset_id != other.asset.asset_id


async def test_an_address_may_hold_something_else_after_some_hours(desk: Desk, tmp_path: Path) -> None:
    link = Link(url="https://media.example/a.png")
    async with processes(desk, tmp_path, "a") as (a,):
        await done(a, link)
        file = await done(a)
        tables = open_tables(f"sqlite:///{tmp_path / 'state.sqlite3'}")
        older = uploads.update().values(changed_at=uploads.c.changed_at - LINK_SECONDS - 1)
        await tables.database.write(lambda connection: connection.execute(older))
        tables.database.close()
        assert (await done(a, link)).asset.asset_id == "asset_3"
        assert (await done(a)).asset.asset_id == file.asset.asset_id


async def test_copies_are_removed_whatever_came_of_them(desk: Desk, tmp_path: Path) -> None:
    long = png() + bytes(4 * 1024 * 1024)
    files = [file_of(io.BytesIO(long), name="a.png") for _ in range(3)]
    places = [Path(str(file.media)).parent for file in files]
    desk.failures = [400, 400]
    async with processes(desk, tmp_path, "a") as (a,):
        with pytest.raises(BadRequestError):
            await done(a, files[0])
        desk.open = anyio.Event()
        await a.start(files[1], HERE)
        await a.start(files[2], HERE)
        await anyio.to_thread.run_sync(lambda: None)
        assert places[1].exists()
        assert not places[2].exists()
    assert not any(place.exists() for place in places)
