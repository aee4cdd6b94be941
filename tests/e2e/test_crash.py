"""The server is killed again and again; every run it took on is completed, once."""

import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from e2e import processes
from e2e.servers import SMALL, connection, tells, text, wire
from mcp_types import BlobResourceContents

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc")

WISH = {"prompt": "a ceramic mug on a sunlit table", "params": {**SMALL, "seed": 11}}

EVERY_RUN = """
workspace = (await client.workspaces.list()).workspaces[0]
return [run.run_id async for run in client.generations.list(workspace_id=workspace.workspace_id, limit=3)]
"""

Message = dict[str, Any]


def notified(method: str) -> Callable[[Message], bool]:
    return lambda message: message.get("method") == method


MOMENTS: dict[str, Callable[[Message], bool]] = {
    "initialized": lambda message: "result" in message,
    "call heard": notified("notifications/progress"),
    "run accepted": tells("run_"),
    "run begun": tells("running"),
    "some progress": tells(r"running ([1-9]\d?)%"),
    "a third": tells(r"running (3[3-9]|[4-9]\d)%"),
    "two thirds": tells(r"running (6[6-9]|[7-9]\d)%"),
    "run completed": tells("completed"),
    "picture announced": notified("notifications/resources/list_changed"),
    "answered": lambda message: "result" in message,
}
"""What a client hears of a generation, and so the moments at which it can tell that the server is to be killed."""


async def killed(directory: Path, moment: str) -> None:
    """Starts a server and a generation, and kills the server at the moment, or when it has answered."""
    with (directory / "log").open("a") as log:
        async with wire(directory, log=log) as server:
            await server.initialize()
            number = await server.call_tool("generate", WISH)
            if moment != "initialized":
                await server.until(lambda message: MOMENTS[moment](message) or message.get("id") == number)
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
            resources = (await client.list_resources()).resources
            contents = [(await client.read_resource(resource.uri)).contents[0] for resource in resources]
    # The first two calls may have been killed before their run was accepted.
    assert len(MOMENTS) - 2 <= len(runs) <= len(MOMENTS)
    assert len(set(runs)) == len(runs)
    assert f"Runs: {len(runs)} completed." in answer
    assert sorted(resource.uri for resource in resources) == sorted(
        f"flora://runs/{run}/outputs/output_1" for run in runs
    )
    pictures = {each.blob for each in contents if isinstance(each, BlobResourceContents)}
    assert len(pictures) == 1, "the same wish and seed make the same picture, interrupted or not"
