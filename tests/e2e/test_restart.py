"""A server is killed while a program runs: the next one tells what it had done, and shows its pictures."""

import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa
from e2e import processes
from e2e.servers import SMALL, Wire, connection, text, wire
from mcp_types import CallToolResult
from studio.postgres import Postgres, open_postgres

from flora_mcp.database import Database

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc")

ENDLESS = f"""
import asyncio
workspace = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Endless", workspace_id=workspace.workspace_id)
run = await client.generations.create(type="image", prompt="a mug on a table", params={SMALL},
    workspace_id=workspace.workspace_id, project_id=project.project_id)
print("waiting for", run.run_id)
await asyncio.sleep(600)
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with open_postgres() as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'shared.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as found:
        yield found


async def killed_in_the_midst(directory: Path, url: str) -> str:
    """Kills a server that runs the program; returns the id that its client was told."""
    with (directory / "log").open("a") as log:
        async with wire(directory, log=log, FLORA_DATABASE=url, FLORA_TIME_BUDGET_SECONDS="1") as server:
            await server.initialize()
            told = await answer(server, await server.call_tool("execute", {"code": ENDLESS}))
            while "waiting for run_" not in told:
                ids = re.findall(r"exe_[\w-]+", told)[:1]
                told = await answer(server, await server.call_tool("wait", {"ids": ids}))
            server.process.send_signal(signal.SIGKILL)
            await server.process.wait()
    await processes.gone(directory)
    return str(re.findall(r"exe_[\w-]+", told)[0])


async def answer(server: Wire, number: int) -> str:
    message = await server.until(lambda message: message.get("id") == number)
    return str(message["result"]["content"][0]["text"])


def age(url: str) -> None:
    """Has as much time pass as a server may be silent: what it wrote last is older now."""
    database = Database(url)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE flora_executions SET beat_at = beat_at - 60"))
    database.close()


def is_told(result: CallToolResult) -> None:
    """Checks that all that the killed server's program did is in an answer."""
    told = text(result)
    assert "The program was cut off: the server that ran it has ended." in told
    assert "Runs it has started go on and are paid for." in told
    [printed] = re.findall(r"Printed:\nwaiting for (run_\w+)", told)
    assert re.search(rf"1\. {printed} completed", told)
    assert re.search(r"Runs: 1 completed\. Spent 0\.\d+ USD of studio credits", told)
    assert [block.type for block in result.content] == ["text", "image", "resource_link"]


async def waited(directory: Path, url: str, call: Callable[[str], tuple[str, dict[str, object]]]) -> CallToolResult:
    """Kills a server, and asks the next one."""
    with anyio.fail_after(60):
        execution_id = await killed_in_the_midst(directory, url)
        age(url)
        with (directory / "log").open("a") as log:
            async with connection(directory, log=log, variables={"FLORA_DATABASE": url}) as client:
                return await client.call_tool(*call(execution_id))


async def test_wait_tells_what_a_killed_server_had_done(tmp_path: Path, url: str) -> None:
    is_told(await waited(tmp_path, url, lambda execution_id: ("wait", {"ids": [execution_id]})))
    assert (tmp_path / "log").read_text() == ""


async def test_a_program_sent_again_tells_what_a_killed_server_had_done(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    result = await waited(tmp_path, url, lambda _: ("execute", {"code": ENDLESS}))
    is_told(result)
    assert "Picked up the program that was started" in text(result)
    assert "Sent once more, it starts anew." in text(result)
    assert (tmp_path / "log").read_text() == ""
