"""However a server is ended, it ends in order and nothing of it stays."""

import signal
import sys
from pathlib import Path

import anyio
import pytest
from e2e import processes
from e2e.servers import SMALL, Wire, tells, wire

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc")

BUSY = f"""
workspace = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Busy", workspace_id=workspace.workspace_id)
run = await client.generations.create(type="image", prompt="a mug on a table", params={ {**SMALL, "resolution": "2k"} },
    workspace_id=workspace.workspace_id, project_id=project.project_id)
return await client.generations.wait(run.run_id)
"""


async def busy(server: Wire, directory: Path) -> None:
    """Has the server run a program in a sandbox and a render in a process of its own."""
    await server.initialize()
    await server.call_tool("execute", {"code": BUSY})
    await server.until(tells(r"running [1-9]\d*%"))
    assert len(processes.of(directory)) >= 3, "a server, a sandbox and a renderer"


async def ended(server: Wire, directory: Path) -> int:
    seen = processes.of(directory)
    with anyio.fail_after(15):
        code = await server.process.wait()
    await processes.gone(directory, seen=seen)
    return code


async def test_the_end_of_input_ends_the_server_and_its_children(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(60):
        async with wire(tmp_path, log=log) as server:
            await busy(server, tmp_path)
            await server.end_input()
            assert await ended(server, tmp_path) == 0
    assert (tmp_path / "log").read_text() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_server_while_its_client_says_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(60):
        async with wire(tmp_path, log=log) as server:
            await busy(server, tmp_path)
            server.process.send_signal(number)
            assert await ended(server, tmp_path) == 0
    assert (tmp_path / "log").read_text() == ""


async def test_a_signal_ends_an_idle_server(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(60):
        async with wire(tmp_path, log=log) as server:
            await server.initialize()
            server.process.send_signal(signal.SIGTERM)
            assert await ended(server, tmp_path) == 0
    assert (tmp_path / "log").read_text() == ""


async def test_a_client_that_dies_takes_the_server_along(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(60):
        async with wire(tmp_path, log=log) as server:
            await busy(server, tmp_path)
            assert server.process.stdout is not None
            await server.process.stdout.aclose()
            await server.end_input()
            assert await ended(server, tmp_path) == 0
    assert (tmp_path / "log").read_text() == ""
