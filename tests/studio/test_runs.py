"""The life of a run: its order, its failures, and the restarts it survives."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import pytest

from flora_mcp.studio import Studio
from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.media import FolderMedia
from flora_mcp.studio.media.arrivals import Arrivals
from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest, RenderThreads

MODEL = "t2i-studio-scene"


def picture(request: RenderRequest) -> Rendering:
    return Rendering(
        content=b"PNG", mime_type="image/png", width_px=request.width_px, height_px=request.height_px, facts={}
    )


class Gated:
    """A renderer that waits, at half of its way, until the test opens it."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.begun: list[str] = []
        self.most_at_once = 0
        self._inside = 0

    def __call__(self, request: RenderRequest, progress: Progress) -> Rendering:
        self.begun.append(request.prompt)
        self._inside += 1
        self.most_at_once = max(self.most_at_once, self._inside)
        try:
            while not self.opened.wait(0.005):
                progress(0.5)
        finally:
            self._inside -= 1
        return picture(request)


@pytest.fixture
def execute(tmp_path: Path) -> Callable[..., list[Any]]:
    """Runs a statement on the studio's database, from outside."""

    def run(statement: str) -> list[Any]:
        with closing(sqlite3.connect(tmp_path / "data" / "studio.sqlite3", isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    return run


async def test_a_run_goes_from_pending_through_running_with_its_progress(open_api: Any) -> None:
    gated = Gated()
    async with open_api(RenderThreads({MODEL: gated})) as api:
        run_id = await api.start()
        with anyio.fail_after(10):
            while (state := await api.get(f"runs/{run_id}"))["progress"] == 0:
                assert state["status"] in {"pending", "running"}
                assert "outputs" not in state
        assert (state["status"], state["progress"]) == ("running", 50)
        assert not {"outputs", "completed_at", "charged_cost", "facts"} & set(state)
        gated.opened.set()
        assert (await api.finished(run_id))["progress"] == 100


async def test_runs_begin_in_the_order_of_their_creation(open_api: Any) -> None:
    gated = Gated()
    async with open_api(RenderThreads({MODEL: gated}, capacity=1)) as api:
        run_ids = [await api.start(prompt=f"number {number}") for number in range(5)]
        await api.until(run_ids[0], "running")
        assert [(await api.get(f"runs/{run_id}"))["status"] for run_id in run_ids[1:]] == ["pending"] * 4
        gated.opened.set()
        for run_id in run_ids:
            await api.finished(run_id)
    assert gated.begun == [f"number {number}" for number in range(5)]
    assert gated.most_at_once == 1


async def test_as_many_runs_render_at_once_as_there_are_renderers(open_api: Any) -> None:
    gated = Gated()
    async with open_api(RenderThreads({MODEL: gated}, capacity=3)) as api:
        run_ids = [await api.start() for _ in range(5)]
        with anyio.fail_after(10):
            while gated.most_at_once < 3:
                await api.get("workspaces")
        assert [(await api.get(f"runs/{run_id}"))["status"] for run_id in run_ids[3:]] == ["pending"] * 2
        gated.opened.set()
        for run_id in run_ids:
            assert (await api.finished(run_id))["status"] == "completed"
    assert gated.most_at_once == 3


async def test_a_failed_run_tells_why_and_costs_nothing(open_api: Any, execute: Any) -> None:
    def fail(request: RenderRequest, progress: Progress) -> Rendering:
        raise ValueError("no paint")

    async with open_api(RenderThreads({MODEL: fail})) as api:
        run_id = await api.start()
        assert await api.finished(run_id) == {
            "run_id": run_id,
            "status": "failed",
            "progress": 100,
            "created_at": 1_800_000_000_000,
            "started_at": 1_800_000_000_000,
            "completed_at": 1_800_000_000_000,
            "charged_cost": 0.0,
            "error_code": "GENERATION_GENERIC_ERROR",
            "error_message": "The renderer failed with ValueError: no paint",
            "poll_url": f"http://studio.localhost/api/v1/runs/{run_id}",
        }
        assert (await api.get(f"projects/{api.project_id}/nodes"))["nodes"] == []
    assert execute("SELECT state FROM studio_charges") == [("refunded",)]


async def test_a_file_that_cannot_be_stored_fails_the_run_only(open_api: Any) -> None:
    async with open_api() as api:
        media = Path(api.directory) / "media"
        media.write_text("in the way")
        state = await api.finished(await api.start())
        assert (state["status"], state["error_code"]) == ("failed", "GENERATION_FAILED_TO_UPLOAD")
        assert str(api.directory) not in state["error_message"]
        media.unlink()
        assert (await api.finished(await api.start()))["status"] == "completed"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
async def test_a_full_disk_fails_the_run_and_leaves_no_part_of_the_file(open_api: Any, tmp_path: Path) -> None:
    part = tmp_path / "arrivals" / "part"
    part.parent.mkdir()
    part.symlink_to("/dev/full")
    media = FolderMedia(tmp_path / "media", arrivals=Arrivals(part.parent, name=lambda: part.name))
    async with open_api(media=media) as api:
        state = await api.finished(await api.start())
        assert (state["status"], state["error_code"]) == ("failed", "GENERATION_FAILED_TO_UPLOAD")
        assert "No space left on device" in state["error_message"]
        assert list(part.parent.iterdir()) == []


REFUSE = """CREATE TRIGGER refuse BEFORE UPDATE OF status ON studio_runs WHEN NEW.status IN ({})
BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"""


async def test_a_run_whose_end_the_database_refuses_is_failed(open_api: Any, execute: Any) -> None:
    async with open_api() as api:
        execute(REFUSE.format("'completed'"))
        state = await api.finished(await api.start())
        assert (state["status"], state["error_code"]) == ("failed", "SERVER_ERROR")
        execute("DROP TRIGGER refuse")
        assert (await api.finished(await api.start()))["status"] == "completed"


async def test_a_run_ends_once_the_database_writes_again(open_api: Any, execute: Any) -> None:
    async with open_api(poll_seconds=0.02) as api:
        execute(REFUSE.format("'completed', 'failed'"))
        run_id = await api.start()
        await api.until(run_id, "running")
        with anyio.fail_after(10):
            while execute("SELECT status FROM workflow_status") != [("ERROR",)]:
                await api.get("workspaces")
        execute("DROP TRIGGER refuse")
        assert (await api.finished(run_id))["error_code"] == "SERVER_ERROR"


async def test_a_run_whose_end_was_never_recorded_ends_at_the_next_start(open_api: Any, execute: Any) -> None:
    async with open_api(poll_seconds=0.02) as api:
        execute(REFUSE.format("'completed', 'failed'"))
        run_id = await api.start()
        await api.until(run_id, "running")
        with anyio.fail_after(10):
            while execute("SELECT status FROM workflow_status") != [("ERROR",)]:
                await api.get("workspaces")
    execute("DROP TRIGGER refuse")
    async with open_api() as api:
        assert (await api.finished(run_id))["error_code"] == "SERVER_ERROR"


async def test_a_run_that_is_cut_short_by_closing_completes_at_the_next_start(open_api: Any, execute: Any) -> None:
    gated = Gated()
    async with open_api(RenderThreads({MODEL: gated})) as api:
        run_id, waiting = await api.start(prompt="first"), await api.start(prompt="second")
        await api.until(run_id, "running")
    assert execute(f"SELECT status FROM studio_runs WHERE run_id = '{run_id}'") == [("running",)]
    gated.opened.set()
    async with open_api(RenderThreads({MODEL: gated})) as api:
        assert (await api.finished(run_id))["status"] == "completed"
        assert (await api.finished(waiting))["status"] == "completed"
    assert execute("SELECT state FROM studio_charges") == [("settled",)] * 2
    assert execute("SELECT count(*) FROM studio_nodes") == [(2,)]


async def test_the_workflow_engine_rests_when_nothing_runs_and_wakes_again(open_api: Any) -> None:
    async with open_api(poll_seconds=0.01, rest_seconds=0.0) as api:
        for _ in range(2):
            assert (await api.finished(await api.start()))["status"] == "completed"
            with anyio.fail_after(10):
                while any(thread.name.startswith("dbos") for thread in threading.enumerate()):
                    await api.get("workspaces")


async def test_two_studios_in_one_process_take_turns(open_api: Any, tmp_path: Path) -> None:
    def draw(request: RenderRequest, progress: Progress) -> Rendering:
        return picture(request)

    async with (
        open_api(poll_seconds=0.01, rest_seconds=0.0) as api,
        open_api(RenderThreads({MODEL: draw}), directory=tmp_path / "two", poll_seconds=0.01, rest_seconds=0.0) as two,
    ):
        run_ids = [(each, await each.start()) for each in (api, two, api, two)]
        for each, run_id in run_ids:
            assert (await each.finished(run_id))["status"] == "completed"


async def test_a_second_studio_over_the_same_directory_follows(open_api: Any) -> None:
    async with open_api() as api:
        with anyio.fail_after(10):
            while not api.studio.leads:
                await api.get("workspaces")
        async with open_api(poll_seconds=0.01) as follower:
            assert (await follower.finished(await follower.start()))["status"] == "completed"
            assert (api.studio.leads, follower.studio.leads) == (True, False)


async def test_data_of_a_newer_program_is_left_alone(open_api: Any, execute: Any, tmp_path: Path) -> None:
    async with open_api():
        pass
    execute("UPDATE studio_about SET value = '99' WHERE key = 'schema_version'")
    with pytest.raises(StudioUnavailableError, match="schema '99'"):
        async with Studio(directory=tmp_path / "data"):
            pass


async def test_an_error_inside_the_studio_block_comes_out_as_it_is(open_api: Any) -> None:
    with pytest.raises(LookupError, match="mine"):
        async with open_api():
            raise LookupError("mine")


async def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StudioUnavailableError, match="cannot be created"):
        async with Studio(directory=tmp_path / "file" / "data"):
            pass


async def test_a_run_ends_when_the_workflow_engine_cannot_start(open_api, tmp_path) -> None:
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "studio.sqlite3")) as connection:
        connection.execute("CREATE TABLE dbos_migrations (not_a_version TEXT)")
        connection.commit()
    async with open_api(poll_seconds=0.01) as api:
        ended = await api.finished(await api.start())
        asked_again = await api.finished(await api.start())
    assert (ended["status"], ended["error_code"], ended["charged_cost"]) == (
        "failed",
        "GENERATION_FAILED_TO_START",
        0.0,
    )
    assert asked_again["error_code"] == "GENERATION_FAILED_TO_START"
