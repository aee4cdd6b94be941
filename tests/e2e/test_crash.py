"""The server is killed again and again; every run it took on is completed, once."""

import itertools
import re
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from e2e import processes
from e2e.servers import INITIALIZE, SMALL, Wire, connection, tells, text, wire
from mcp_types import BlobResourceContents

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc")

PROMPT, PARAMS = "a ceramic mug on a sunlit table", {**SMALL, "seed": 11}

EVERY_RUN = """
workspace = (await client.workspaces.list()).workspaces[0]
return [run.run_id async for run in client.generations.list(workspace_id=workspace.workspace_id, limit=3)]
"""

NUMBERS = itertools.count()

Moment = Callable[[Wire, Path], Awaitable[object]]
"""Starts a generation, and returns at the moment at which the server is to be killed."""


async def starting(server: Wire, directory: Path) -> None:
    await server.call("initialize", INITIALIZE)


async def asked(server: Wire, directory: Path) -> int:
    await server.initialize()
    # The spaces make it another wish with the same picture: the same one would pick up the run of the server before.
    spaces = " " * next(NUMBERS)
    return await server.call_tool("generate", {"prompt": f"{PROMPT}{spaces}", "params": PARAMS})


def heard(wanted: Callable[[dict[str, Any]], bool]) -> Moment:
    """Returns the moment at which the client hears of something, or of the end if it went by too fast."""

    async def moment(server: Wire, directory: Path) -> None:
        number = await asked(server, directory)
        await server.until(lambda message: wanted(message) or message.get("id") == number)

    return moment


async def renderer_started(server: Wire, directory: Path) -> None:
    await asked(server, directory)
    while not any("renderers.worker" in command for command in processes.of(directory).values()):
        await anyio.lowlevel.checkpoint()


MOMENTS: list[Moment] = [
    starting,
    asked,
    heard(tells("pending")),
    heard(tells("running")),
    renderer_started,
    heard(tells(r"running [1-9]")),
    heard(tells(r"running [5-9]\d")),
    heard(tells("completed")),
    heard(lambda message: message.get("method") == "notifications/resources/list_changed"),
    heard(lambda message: "result" in message),
]


async def killed(directory: Path, moment: Moment) -> None:
    """Starts a server, and kills it at the moment."""
    with (directory / "log").open("a") as log:
        async with wire(directory, log=log) as server:
            await moment(server, directory)
            server.process.send_signal(signal.SIGKILL)
            await server.process.wait()
    await processes.gone(directory)


async def test_a_server_that_is_killed_at_any_moment_loses_no_run_and_makes_none_twice(tmp_path: Path) -> None:
    for moment in MOMENTS:
        with anyio.fail_after(60):
            await killed(tmp_path, moment)
    with (tmp_path / "log").open("a") as log, anyio.fail_after(120):
        async with connection(tmp_path, log=log) as client:
            runs = re.findall(r"run_\w+", text(await client.call_tool("execute", {"code": EVERY_RUN})))
            answer = text(await client.call_tool("wait", {"ids": runs}))
            while "Not done yet" in answer:
                answer = text(await client.call_tool("wait", {"ids": runs}))
            listed = (await client.list_resources()).resources
            resources = [each for each in listed if each.uri.startswith("flora://runs/")]
            contents = [(await client.read_resource(resource.uri)).contents[0] for resource in resources]
    # One server was killed before it was asked, and one perhaps before it had taken the wish on.
    assert len(MOMENTS) - 2 <= len(runs) <= len(MOMENTS) - 1
    assert len(set(runs)) == len(runs)
    assert f"Runs: {len(runs)} completed." in answer
    assert sorted(resource.uri for resource in resources) == sorted(
        f"flora://runs/{run}/outputs/output_1" for run in runs
    )
    pictures = {each.blob for each in contents if isinstance(each, BlobResourceContents)}
    assert len(pictures) == 1, "the same wish and seed make the same picture, interrupted or not"
