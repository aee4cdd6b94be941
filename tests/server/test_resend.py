"""Calls that are given up and sent again: what was begun is picked up, and paid for once."""

import dataclasses
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from e2e.servers import CHAT
from fakes.flora import PROJECT, WORKSPACE, FakeFlora
from fakes.patience import until
from mcp import Client

from flora_mcp.app import open_desks
from flora_mcp.executions import Intervals
from flora_mcp.settings import Settings

CREATE = (
    f'await client.generations.create(type="image", prompt="a mug", workspace_id="{WORKSPACE}", project_id="{PROJECT}")'
)
ONE = f"run = {CREATE}\nprint('started', run.run_id)\nreturn (await client.generations.wait(run.run_id)).outputs"
TWO = f"""
import asyncio
first = {CREATE}
print("one")
while (await client.generations.retrieve(first.run_id)).status == "pending":
    await asyncio.sleep(0.01)
second = {CREATE}
return [first.run_id, second.run_id]
"""

BRISK = Intervals(claim=0.02, save=0.05, beat=0.05, look=0.02, hold=60.0)
"""So that no test waits long; a hold is as good as endless."""

BRIEF = dataclasses.replace(BRISK, hold=1.5)

MODES = pytest.mark.parametrize("mode", ["auto", "legacy"])


def text_of(result: Any) -> str:
    return str(result.content[0].text)


@asynccontextmanager
async def opened(
    settings: Settings, flora: FakeFlora, *, intervals: Intervals = BRISK, mode: str = "auto"
) -> AsyncIterator[tuple[Client, Callable[[], int]]]:
    """Yields a client, and what tells how many programs its server runs."""
    with anyio.fail_after(30):
        async with (
            open_desks(settings, backend=flora.app, intervals=intervals) as all_of_it,
            all_of_it.desks.use(all_of_it.local) as desk,
            Client(all_of_it.server(lambda _: all_of_it.local), mode=mode, client_info=CHAT) as client,
        ):
            yield client, lambda: desk.executions.running


@asynccontextmanager
async def connected(settings: Settings, flora: FakeFlora, *, mode: str = "auto") -> AsyncIterator[Client]:
    async with opened(settings, flora, mode=mode) as (client, _):
        yield client


async def none(running: Callable[[], int]) -> None:
    """Returns when no program runs any more."""
    while running():
        await anyio.lowlevel.checkpoint()


async def finish(flora: FakeFlora, count: int) -> None:
    """Completes all runs once there are so many."""
    await flora.has(count)
    for run_id in flora.runs:
        flora.finish(run_id)


async def given_up(client: Client, name: str, arguments: dict[str, Any], when: Callable[[], Awaitable[object]]) -> None:
    """Calls a tool, and cancels the call when something has happened."""
    async with anyio.create_task_group() as tasks:

        async def call() -> None:
            await client.call_tool(name, arguments)

        tasks.start_soon(call)
        await when()
        tasks.cancel_scope.cancel()


@MODES
async def test_a_program_that_is_sent_again_while_it_runs_is_followed(settings: Settings, mode: str) -> None:
    flora = FakeFlora()
    async with connected(settings, flora, mode=mode) as client:
        await given_up(client, "execute", {"code": ONE}, lambda: flora.has(1))
        flora.finish("run_1")
        result = await client.call_tool("execute", {"code": f"\n{ONE}  \n"})
    assert len(flora.created) == 1
    assert not result.is_error
    assert [block.type for block in result.content] == ["text", "image", "resource_link"]
    assert re.search(r"\nPicked up the program that was started \d s ago \(exe_[\w-]+\); ", text_of(result))


async def test_two_calls_at_once_with_the_same_program_start_it_once(settings: Settings) -> None:
    flora = FakeFlora()
    told = []
    async with connected(settings, flora) as client, anyio.create_task_group() as tasks:

        async def call() -> None:
            told.append(text_of(await client.call_tool("execute", {"code": ONE})))

        tasks.start_soon(call)
        tasks.start_soon(call)
        await flora.has(1)
        flora.finish("run_1")
    assert len(flora.created) == 1
    assert sorted("Picked up" in each for each in told) == [False, True]


async def test_a_program_whose_end_was_told_runs_anew(settings: Settings) -> None:
    flora = FakeFlora()
    async with connected(settings, flora) as client:
        for number in (1, 2):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(finish, flora, number)
                result = await client.call_tool("execute", {"code": ONE})
            assert "Picked up" not in text_of(result)
    assert len(flora.created) == 2


async def test_a_program_that_ended_after_its_call_was_given_up_is_told_once_and_then_runs_anew(
    settings: Settings,
) -> None:
    flora = FakeFlora()
    code = f"run = {CREATE}\nreturn run.run_id"
    async with opened(settings, flora) as (client, running):
        await given_up(client, "execute", {"code": code}, lambda: flora.has(1))
        await none(running)
        flora.finish("run_1")
        first = await client.call_tool("execute", {"code": code})
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(finish, flora, 2)
            second = await client.call_tool("execute", {"code": code})
    assert re.search(
        r"Picked up the program .* no answer had told its end, so it was not started again\.", text_of(first)
    )
    assert 'Returned: "run_1"' in text_of(first)
    assert 'Returned: "run_2"' in text_of(second)
    assert len(flora.created) == 2


async def test_what_wait_has_told_runs_anew(settings: Settings) -> None:
    flora = FakeFlora()
    code = f"run = {CREATE}\nreturn run.run_id"
    impatient = dataclasses.replace(settings, time_budget_seconds=1.0)
    async with connected(impatient, flora) as client:

        async def asked() -> str:
            """Sends the program until it has returned; its run goes on."""
            told = ""
            while "call wait with ids ['run_" not in told:
                told = text_of(await client.call_tool("execute", {"code": code}))
            return told

        first, again = await asked(), await asked()
        flora.finish("run_1")
        result = await client.call_tool("wait", {"ids": ["run_1"]})
        await until(client, result, "Runs: 1 completed.")
        anew = await asked()
    assert 'Returned: "run_1"' in first
    assert 'Returned: "run_1"' in again
    assert "Picked up" in again
    assert 'Returned: "run_2"' in anew
    assert len(flora.created) == 2


@MODES
async def test_a_program_that_nobody_wants_pays_for_nothing_more_and_is_ended(settings: Settings, mode: str) -> None:
    flora = FakeFlora()
    async with opened(settings, flora, intervals=BRIEF, mode=mode) as (client, running):
        await given_up(client, "execute", {"code": TWO}, lambda: flora.has(1))
        flora.finish("run_1")
        await none(running)
        first = await client.call_tool("execute", {"code": TWO})
    assert len(flora.created) == 1
    assert text_of(first).startswith("The program was ended: the call for it was cancelled")
    assert "Runs: 1 completed." in text_of(first)
    assert "Printed:\none" in text_of(first)
    assert [block.type for block in first.content] == ["text", "image", "resource_link"]


@MODES
async def test_a_program_that_is_wanted_again_in_time_goes_on_to_its_end(settings: Settings, mode: str) -> None:
    flora = FakeFlora()
    async with connected(settings, flora, mode=mode) as client:
        await given_up(client, "execute", {"code": TWO}, lambda: flora.has(1))
        flora.finish("run_1")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(finish, flora, 2)
            result = await client.call_tool("execute", {"code": TWO})
    assert len(flora.created) == 2
    assert 'Returned: ["run_1", "run_2"]' in text_of(result)
    assert "Runs: 2 completed." in text_of(result)


@MODES
async def test_runs_that_a_given_up_call_has_started_are_picked_up_by_the_same_call(
    settings: Settings, mode: str
) -> None:
    flora = FakeFlora()
    wish = {"prompt": "a mug", "count": 3}
    async with connected(settings, flora, mode=mode) as client:
        await given_up(client, "generate", wish, lambda: flora.has(3))
        for run_id in flora.runs:
            flora.finish(run_id)
        again = await client.call_tool("generate", wish)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(finish, flora, 6)
            anew = await client.call_tool("generate", {"count": 3, "prompt": "a mug", "type": "image"})
    assert "Runs: 3 completed." in text_of(again)
    assert "Picked up the call" in text_of(again)
    assert "Picked up" not in text_of(anew)
    assert len(flora.created) == 6


async def test_of_a_program_that_was_given_up_before_it_paid_nothing_is_told(settings: Settings) -> None:
    flora = FakeFlora()
    code = "import asyncio\nawait client.workspaces.list()\nawait asyncio.sleep(0.4)\nreturn 'done'"

    async def asked() -> None:
        while not flora.requests["workspaces"]:
            await anyio.lowlevel.checkpoint()

    async with opened(settings, flora, intervals=dataclasses.replace(BRISK, hold=0.05)) as (client, running):
        await given_up(client, "execute", {"code": code}, asked)
        await none(running)
        result = await client.call_tool("execute", {"code": code})
    assert text_of(result) == 'The program is done.\nReturned: "done"'
    assert flora.requests["workspaces"] == 2
