"""Real clients that lose patience with a real server, and send the same program again."""

import re
from pathlib import Path

import anyio
import pytest
from e2e.servers import SMALL, connection, text, wire
from fakes.raw import META
from mcp import Client, MCPError

SLOW = f"""
import asyncio
workspace = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Slow", workspace_id=workspace.workspace_id)
run = await client.generations.create(type="image", prompt="a mug on a table", params={SMALL},
    workspace_id=workspace.workspace_id, project_id=project.project_id)
print("started", run.run_id)
await asyncio.sleep(2)
return (await client.generations.wait(run.run_id)).outputs
"""

EVERY_RUN = """
workspace = (await client.workspaces.list()).workspaces[0]
return [run.run_id async for run in client.generations.list(workspace_id=workspace.workspace_id)]
"""

PATIENCE_SECONDS = 0.8


async def insisted(client: Client, code: str) -> tuple[str, int]:
    """Sends a program until it is answered; returns the answer, and how often the client lost patience."""
    lost = 0
    while True:
        try:
            result = await client.call_tool("execute", {"code": code}, read_timeout_seconds=PATIENCE_SECONDS)
        except MCPError:
            lost += 1
        else:
            return text(result), lost


async def runs(client: Client) -> list[str]:
    return re.findall(r"run_\w+", text(await client.call_tool("execute", {"code": EVERY_RUN})))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_that_loses_patience_and_sends_the_program_again_pays_once(tmp_path: Path, mode: str) -> None:
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(60):
        async with connection(tmp_path, log=log, mode=mode) as client:
            answer, lost = await insisted(client, SLOW)
            made = await runs(client)
    assert lost >= 2
    assert len(made) == 1
    assert "Runs: 1 completed." in answer
    assert "Picked up the program that was started" in answer
    assert (tmp_path / "log").read_text() == ""


@pytest.mark.parametrize("era", ["2025-11-25", "2026-07-28"])
async def test_a_client_that_gives_up_while_its_answer_comes_is_told_again(tmp_path: Path, era: str) -> None:
    arguments = {"name": "execute", "arguments": {"code": SLOW}, **({"_meta": META} if era == "2026-07-28" else {})}
    answers = []
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(60):
        async with wire(tmp_path, log=log) as server:
            if era == "2025-11-25":
                await server.initialize()
            for _ in range(3):
                number = await server.call("tools/call", arguments)
                message = await server.until(lambda each, number=number: each.get("id") == number)
                answers.append(message["result"]["content"][0]["text"])
                if len(answers) == 1:
                    # The answer was on its way already.
                    await server.notify("notifications/cancelled", {"requestId": number})
    made = [re.findall(r"started (run_\w+)", answer) for answer in answers]
    assert made[0] == made[1] != made[2]
    assert ["Picked up the program" in answer for answer in answers] == [False, True, False]


async def test_two_servers_on_one_folder_that_get_a_program_at_the_same_moment_run_it_once(tmp_path: Path) -> None:
    answers: list[str] = []
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(60):
        async with connection(tmp_path, log=log) as one, connection(tmp_path, log=log) as other:

            async def call(client: Client) -> None:
                answers.append(text(await client.call_tool("execute", {"code": SLOW})))

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(call, one)
                tasks.start_soon(call, other)
            made = await runs(one)
    assert len(made) == 1
    assert [made[0] in answer and "Runs: 1 completed." in answer for answer in answers] == [True, True]
    assert sorted("Picked up the program" in answer for answer in answers) == [False, True]
    assert (tmp_path / "log").read_text() == ""
