"""What is PostgreSQL's own: writers at once from several processes, a server that goes away, and its URL."""

import signal
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx
import pytest
from fakes.command import main
from studio.conftest import MODEL, Api, OpenApi, draw
from studio.postgres import Postgres

from flora_mcp.studio import Studio
from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest, RenderThreads

COMMAND = [sys.executable, "-W", "error", "-m", "flora_mcp.cli", "studio"]


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield url


@pytest.fixture
async def two(open_api: OpenApi) -> AsyncIterator[list[Api]]:
    """Two studios over one database, which only accept."""
    async with open_api(works=False) as first, open_api(works=False) as second:
        yield [first, second]


async def statuses(apis: list[Api], count: int, **headers: str) -> Counter[int]:
    """Asks for runs through all studios at once, and counts the answers."""
    found: Counter[int] = Counter()

    async def ask(api: Api) -> None:
        found[(await api.post("generate", api.asked(), **headers)).status_code] += 1

    async with anyio.create_task_group() as tasks:
        for number in range(count):
            tasks.start_soon(ask, apis[number % len(apis)])
    return found


async def test_a_key_that_comes_to_two_processes_at_once_is_taken_once(two: list[Api]) -> None:
    assert await statuses(two, 12, **{"Idempotency-Key": "once"}) == {201: 1, 409: 11}


async def test_studios_that_start_at_once_over_an_empty_database_agree(postgres: Postgres, tmp_path: Path) -> None:
    postgres.execute("CREATE DATABASE empty")
    studios = [Studio(directory=tmp_path, database_url=postgres.url("empty"), works=False) for _ in range(4)]
    found: list[object] = []
    async with anyio.create_task_group() as tasks:
        for studio in studios:
            tasks.start_soon(_open, studio, found)
    assert len(found) == 4
    assert all(each == found[0] for each in found)


async def _open(studio: Studio, found: list[object]) -> None:
    async with (
        studio,
        httpx.AsyncClient(transport=httpx.ASGITransport(studio.app), base_url=studio.base_url) as http,
    ):
        found.append((await http.get("workspaces")).json())


async def test_a_server_that_goes_away_is_told_of_and_comes_back(open_api: OpenApi, postgres: Postgres) -> None:
    async with open_api(poll_seconds=0.1) as api:
        await api.finished(await api.start())
        postgres.stop()
        try:
            answer = await api.post("generate", api.asked())
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "service_unavailable")
            assert "start the database" in answer.json()["error"]["message"]
        finally:
            postgres.start()
        state = await api.finished(await api.start())
        assert state["status"] == "completed"


async def test_a_render_outlasts_a_server_that_goes_away(open_api: OpenApi, postgres: Postgres) -> None:
    begun, ended = threading.Event(), threading.Event()

    def wait(request: RenderRequest, progress: Progress) -> Rendering:
        begun.set()
        assert ended.wait(30)
        return draw(request, progress)

    async with open_api(RenderThreads({MODEL: wait}), poll_seconds=0.1) as api:
        run_id = await api.start()
        assert await anyio.to_thread.run_sync(begun.wait, 20)
        postgres.stop()
        try:
            ended.set()
        finally:
            postgres.start()
        state = await api.finished(run_id)
        assert (state["status"], state["charged_cost"]) == ("completed", 0.004)


async def test_a_character_that_no_text_can_hold_is_refused(open_api: OpenApi) -> None:
    async with open_api(works=False) as api:
        answer = await api.http.get("projects", params={"workspace_id": api.workspace_id, "query": "a\0"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "input_validation_error")


@pytest.mark.parametrize(
    "url",
    ["postgresql://flora:geheim@127.0.0.1:1/studio", "mysql://flora:geheim@localhost/studio", "flora:geheim@localhost"],
)
def test_a_database_that_cannot_be_used_is_told_of_without_its_password(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["studio", "--port", "0", "--data-dir", str(tmp_path), "--database", url]) == 1
    said = capsys.readouterr()
    assert len(said.err.splitlines()) == 1
    assert "postgresql://" in said.err or "its URL" in said.err
    assert "geheim" not in said.out + said.err


@pytest.mark.parametrize("arguments", [["worker"], ["--port", "0", "--no-work"]])
def test_without_postgresql_there_are_no_workers(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["studio", *arguments, "--data-dir", str(tmp_path)]) == 2
    assert "--database postgresql://" in capsys.readouterr().err


async def test_a_worker_does_the_runs_of_a_server_that_only_answers(
    open_api: OpenApi, database_url: str, tmp_path: Path
) -> None:
    command = [*COMMAND, "worker", "--database", database_url, "--data-dir", str(tmp_path), "--capacity", "1"]
    async with open_api(works=False, directory=tmp_path / "studio") as api:
        async with await anyio.open_process(command, stderr=None) as worker:
            small = {"aspect_ratio": "1:1", "resolution": "0.5k"}
            run_id = await api.start(prompt="a mug on a table", params=small)
            with anyio.fail_after(60):
                while (state := await api.get(f"runs/{run_id}"))["status"] not in {"completed", "failed"}:
                    await anyio.lowlevel.checkpoint()
            assert state["status"] == "completed"
            worker.send_signal(signal.SIGTERM)
            with anyio.fail_after(20):
                assert await worker.wait() == 0
        file = await api.http.get(state["outputs"][0]["url"])
        assert file.content[:4] == b"\x89PNG"
