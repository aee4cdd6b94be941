"""Two replicas behind a round-robin proxy: a client must not notice that each request goes to another one."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest
from e2e.servers import CHAT
from fakes.flora import PROJECT, WORKSPACE, FakeFlora, png
from fakes.patience import until
from fakes.raw import Raw, message
from fakes.raw import request as json_rpc
from fakes.replicas import Replicas, replicas
from mcp import Client, MCPDeprecationWarning
from mcp.client.subscriptions import ResourceUpdated
from mcp_types import ResourceUpdatedNotification
from studio.postgres import Postgres, open_postgres

from flora_mcp.executions import Intervals
from flora_mcp.settings import Settings

BRISK = Intervals(claim=0.02, save=0.05, beat=0.05, look=0.05, hold=60.0)
CREATE = f'client.generations.create(type="image", prompt="a mug", workspace_id="{WORKSPACE}", project_id="{PROJECT}")'
PROGRAM = (
    f"run = await {CREATE}\nprint('started', run.run_id)\nreturn (await client.generations.wait(run.run_id)).outputs"
)

ERAS = pytest.mark.parametrize("era", ["legacy", "auto"])
DATABASES = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with open_postgres() as server:
        yield server


@asynccontextmanager
async def deployment(
    database: str, directory: Path, request: pytest.FixtureRequest, *, budget_seconds: float = 45.0
) -> AsyncIterator[Replicas]:
    """Yields two replicas: on one machine, or on two that share nothing but PostgreSQL."""
    first = Settings(api_key=None, data_directory=directory / "one", time_budget_seconds=budget_seconds)
    if database == "sqlite":
        async with replicas([first, first], FakeFlora(), BRISK) as both:
            yield both
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        second = replace(first, data_directory=directory / "two", database=url)
        async with replicas([replace(first, database=url), second], FakeFlora(), BRISK) as both:
            yield both


def text_of(result: Any) -> str:
    return str(result.content[0].text)


@DATABASES
@ERAS
async def test_a_program_that_one_replica_runs_is_waited_for_and_shown_by_the_other(
    era: str, database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with deployment(database, tmp_path, request, budget_seconds=1.0) as both:
        with anyio.fail_after(60):
            async with Client(f"{both.url}/mcp", mode=era, client_info=CHAT) as client:
                begun = text_of(await client.call_tool("execute", {"code": PROGRAM}))
                execution_id = re.search(r"exe_[\w-]+", begun)
                assert execution_id is not None, begun
                waited = [text_of(await client.call_tool("wait", {"ids": [execution_id[0]]})) for _ in range(2)]
                both.flora.finish("run_1")
                result = await until(client, await client.call_tool("wait", {"ids": [execution_id[0]]}), "Returned:")
        assert [execution_id[0] in text for text in waited] == [True, True]
        assert [block.type for block in result.content] == ["text", "image", "resource_link"]
        address = re.search(rf"{both.url}/outputs/\S+\.png", text_of(result))
        assert address is not None, text_of(result)
        async with httpx.AsyncClient() as web:
            files = [(await web.get(address[0])).content for _ in range(2)]
    assert files == [png(), png()]
    assert len(both.flora.created) == 1
    assert min(both.proxy.answered.values()) >= 3


@DATABASES
async def test_what_was_cut_off_at_one_replica_is_picked_up_at_the_other(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with deployment(database, tmp_path, request) as both:
        with anyio.fail_after(60):
            for era in ("legacy", "auto"):
                async with Client(f"{both.url}/mcp", mode=era, client_info=CHAT) as client:
                    async with anyio.create_task_group() as tasks:
                        tasks.start_soon(client.call_tool, "execute", {"code": f"{PROGRAM}  # {era}"})
                        count = 1 + (era == "auto")
                        await both.flora.has(count)
                        tasks.cancel_scope.cancel()
                    both.flora.finish(f"run_{count}")
                    result = await client.call_tool("execute", {"code": f"{PROGRAM}  # {era}"})
                    assert "Picked up the program" in text_of(result)
                    assert [block.type for block in result.content] == ["text", "image", "resource_link"]
    assert len(both.flora.created) == 2


async def test_an_answer_that_crosses_with_a_cancellation_is_told_again_whichever_replica_gets_that(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    answers: list[str] = []
    async with deployment("sqlite", tmp_path, request) as both, httpx.AsyncClient(timeout=60) as web:
        raw = Raw(url=f"{both.url}/mcp", web=web, flora=both.flora)

        async def call(number: int) -> None:
            params = {"name": "execute", "arguments": {"code": PROGRAM}}
            asked = json_rpc("tools/call", params, number=number)
            answers.append(message(await raw.post(asked, session))["result"]["content"][0]["text"])

        with anyio.fail_after(60):
            session = await raw.session()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(call, 1)
                await both.flora.has(1)
                both.flora.finish("run_1")
            given_up = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
            before = dict(both.proxy.answered)
            assert (await raw.post(given_up, session)).status_code == 202
            # The replica that answered was asked first of the two, and now the other one was.
            assert [both.proxy.answered[url] - before[url] for url in before] == [0, 1]
            while told(tmp_path / "one" / "server.sqlite3"):
                await anyio.lowlevel.checkpoint()
            await call(2)
    assert ["Picked up the program" in answer for answer in answers] == [False, True]
    assert len(both.flora.created) == 1


def told(database: Path) -> bool:
    """Whether there is a program whose end was told."""
    with closing(sqlite3.connect(database)) as connection:
        return bool(connection.execute("SELECT count(*) FROM flora_executions WHERE told").fetchone()[0])


@DATABASES
@ERAS
async def test_a_client_hears_of_outputs_that_any_replica_stored(
    era: str, database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    uris = ["flora://runs/run_1/outputs/output_1", "flora://runs/run_2/outputs/output_1"]
    missing = set(uris)
    heard = anyio.Event()

    async def hear(message: object) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            note(str(message.params.uri))

    def note(uri: str) -> None:
        missing.discard(uri)
        if not missing:
            heard.set()

    async def listen(client: Client) -> None:
        async with client.listen(resource_subscriptions=uris) as events:
            listening.set()
            async for event in events:
                assert isinstance(event, ResourceUpdated)
                note(event.uri)

    listening = anyio.Event()
    async with deployment(database, tmp_path, request, budget_seconds=1.0) as both:
        with anyio.fail_after(60):
            async with (
                Client(f"{both.url}/mcp", mode=era, client_info=CHAT, message_handler=hear) as client,
                anyio.create_task_group() as tasks,
            ):
                if era == "auto":
                    tasks.start_soon(listen, client)
                    await listening.wait()
                else:
                    for uri in uris:
                        with pytest.warns(MCPDeprecationWarning):
                            await client.subscribe_resource(uri)
                for replica in both.proxy.answered:
                    async with Client(f"{replica}/mcp", client_info=CHAT) as maker:
                        await maker.call_tool("generate", {"prompt": f"a mug at {replica}", "project_id": PROJECT})
                await both.flora.has(2)
                for run_id in ("run_1", "run_2"):
                    both.flora.finish(run_id)
                await heard.wait()
                # A subscription that another replica took over is told of once more than needed, perhaps too soon.
                while not set(uris) <= {str(each.uri) for each in (await client.list_resources()).resources}:
                    await anyio.lowlevel.checkpoint()
                tasks.cancel_scope.cancel()
