"""Servers that share a database: what one was asked for, the others know; on SQLite and PostgreSQL."""

import dataclasses
import itertools
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from e2e.servers import CHAT
from fakes.flora import PROJECT, WORKSPACE, FakeFlora
from fakes.patience import ids_to_wait_with, until
from mcp import Client

from flora_mcp.app import open_desks
from flora_mcp.database import Database
from flora_mcp.executions import Intervals
from flora_mcp.settings import Settings
from flora_mcp.tenant import Tenant

CREATE = (
    f'await client.generations.create(type="image", prompt="a mug", workspace_id="{WORKSPACE}", project_id="{PROJECT}")'
)
ONE = f"run = {CREATE}\nprint('started', run.run_id)\nreturn (await client.generations.wait(run.run_id)).outputs"
TWO = f"""
import asyncio
first = {CREATE}
while (await client.generations.retrieve(first.run_id)).status == "pending":
    await asyncio.sleep(0.01)
second = {CREATE}
return [first.run_id, second.run_id]
"""

BRISK = Intervals(claim=0.02, save=0.05, beat=0.05, look=0.02, hold=60.0)
"""So that no test waits long; a hold is as good as endless."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Machine:
    """One server, and a client of it."""

    client: Client
    running: Callable[[], int]
    """How many programs it runs."""

    async def execute(self, code: str, *, until: str = "") -> str:
        return await self._call("execute", {"code": code}, until)

    async def wait(self, *ids: str, until: str = "") -> str:
        return await self._call("wait", {"ids": list(ids)}, until)

    async def generate(self, prompt: str, *, until: str = "") -> str:
        return await self._call("generate", {"prompt": prompt}, until)

    async def _call(self, tool: str, arguments: dict[str, Any], wanted: str) -> str:
        """Calls a tool, and waits on within a budget that may be too short until an answer tells what is wanted."""
        return text_of(await until(self.client, await self.client.call_tool(tool, arguments), wanted))


OpenMachine = Callable[..., AbstractAsyncContextManager[Machine]]


@pytest.fixture
def flora() -> FakeFlora:
    return FakeFlora()


@pytest.fixture
def open_machine(tmp_path: Path, url: str, flora: FakeFlora) -> OpenMachine:
    """Opens servers as machines would: each in a folder of its own, on one database."""
    numbers = itertools.count(1)

    @asynccontextmanager
    async def open_one(
        *, tenant: str = "local", intervals: Intervals = BRISK, budget_seconds: float = 45.0
    ) -> AsyncIterator[Machine]:
        settings = Settings(
            data_directory=tmp_path / f"machine-{next(numbers)}", database=url, time_budget_seconds=budget_seconds
        )
        who = Tenant(id=tenant)
        with anyio.fail_after(60):
            async with (
                open_desks(settings, backend=flora.app, intervals=intervals) as opened,
                opened.desks.use(who) as desk,
                Client(opened.server(lambda _: who), client_info=CHAT) as client,
            ):
                yield Machine(client=client, running=lambda: desk.executions.running)

    return open_one


def text_of(result: Any) -> str:
    return str(result.content[0].text)


async def given_up(machine: Machine, code: str, flora: FakeFlora, *, runs: int) -> None:
    """Sends a program, and cancels the call when so many runs were started."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(machine.execute, code)
        await flora.has(runs)
        tasks.cancel_scope.cancel()


async def is_polling(flora: FakeFlora) -> None:
    """Returns when a program reads its run again and again: what it has started is written down by then."""
    while flora.requests["retrieve"] < 5:
        await anyio.lowlevel.checkpoint()


async def finish(flora: FakeFlora, count: int) -> None:
    await flora.has(count)
    for run_id in flora.runs:
        flora.finish(run_id)


async def test_servers_that_get_a_program_at_the_same_moment_start_it_once(
    open_machine: OpenMachine, flora: FakeFlora
) -> None:
    answers: list[str] = []
    async with open_machine() as one, open_machine() as other, anyio.create_task_group() as tasks:

        async def call(machine: Machine) -> None:
            answers.append(await machine.execute(ONE))

        for machine in (one, other, one, other):
            tasks.start_soon(call, machine)
        await finish(flora, 1)
    assert len(flora.created) == 1
    assert ["Runs: 1 completed." in answer for answer in answers] == [True] * 4
    assert sorted("Picked up" in answer for answer in answers) == [False, True, True, True]


async def test_wait_follows_a_program_of_another_server(open_machine: OpenMachine, flora: FakeFlora) -> None:
    async with open_machine(budget_seconds=1.0) as one, open_machine() as other:
        first = await one.execute(ONE, until="Printed:\nstarted run_1")
        [execution_id] = set(re.findall(r"exe_[\w-]+", first))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(finish, flora, 1)
            second = await other.client.call_tool("wait", {"ids": [execution_id]})
    assert text_of(second).startswith("Finished; there is nothing to call again.\nReturned: ")
    assert [block.type for block in second.content] == ["text", "image", "resource_link"]


async def test_a_program_that_one_server_holds_goes_on_when_another_is_asked_for_it(
    open_machine: OpenMachine, flora: FakeFlora
) -> None:
    async with open_machine() as one, open_machine() as other:
        await given_up(one, TWO, flora, runs=1)
        flora.finish("run_1")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(finish, flora, 2)
            answer = await other.execute(TWO)
    assert len(flora.created) == 2
    assert 'Returned: ["run_1", "run_2"]' in answer


async def test_a_call_to_another_server_that_is_cancelled_keeps_the_program_from_paying(
    open_machine: OpenMachine, flora: FakeFlora
) -> None:
    brief = dataclasses.replace(BRISK, hold=0.3)
    async with open_machine(intervals=brief, budget_seconds=1.0) as one, open_machine(intervals=brief) as other:
        assert "Still running" in await one.execute(TWO)
        # No progress would come before the program is followed.
        followed = anyio.Event()

        async def hear(progress: float, total: float | None, message: str | None) -> None:
            if "run_1" in (message or ""):
                followed.set()

        async with anyio.create_task_group() as tasks:

            async def call() -> None:
                await other.client.call_tool("execute", {"code": TWO}, progress_callback=hear)

            tasks.start_soon(call)
            await followed.wait()
            tasks.cancel_scope.cancel()
        while one.running():
            await anyio.lowlevel.checkpoint()
        flora.finish("run_1")
        answer = await other.execute(TWO)
    assert len(flora.created) == 1
    assert answer.startswith("The program was ended: the call for it was cancelled")
    assert "Runs: 1 completed." in answer


async def test_what_one_server_has_told_another_starts_anew(open_machine: OpenMachine, flora: FakeFlora) -> None:
    code = f"run = {CREATE}\nreturn run.run_id"
    async with open_machine(budget_seconds=1.0) as one, open_machine(budget_seconds=1.0) as other:
        await given_up(one, code, flora, runs=1)
        flora.finish("run_1")
        told = await other.execute(code, until="Runs: 1 completed.")
        anew = await one.execute(code, until="call wait with ids ['run_2']")
    assert 'Returned: "run_1"' in told
    assert 'Returned: "run_2"' in anew


async def test_what_wait_has_told_of_runs_starts_anew_elsewhere(open_machine: OpenMachine, flora: FakeFlora) -> None:
    async with open_machine(budget_seconds=1.0) as one, open_machine(budget_seconds=1.0) as other:
        await one.generate("a mug", until="call wait with ids ['run_1']")
        again = await other.generate("a mug", until="call wait with ids ['run_1']")
        flora.finish("run_1")
        await other.wait("run_1", until="Runs: 1 completed.")
        await one.generate("a mug", until="call wait with ids ['run_2']")
    assert "Picked up the call" in again
    assert len(flora.created) == 2


async def test_a_server_that_ends_leaves_word_of_its_program(open_machine: OpenMachine, flora: FakeFlora) -> None:
    async with open_machine() as other:
        async with open_machine(budget_seconds=1.0) as one:
            [execution_id] = set(re.findall(r"exe_[\w-]+", await one.execute(TWO)))
            await is_polling(flora)
        flora.finish("run_1")
        waited = await other.wait(execution_id)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(finish, flora, 2)
            tasks.start_soon(finish, flora, 3)
            anew = await other.execute(TWO)
    assert waited.startswith("The program was cut off: the server that ran it has ended.")
    assert "Runs: 1 completed. Spent 0.050 USD" in waited
    assert 'Returned: ["run_2", "run_3"]' in anew


async def test_a_paid_call_that_a_server_did_not_outlive_is_told_as_a_doubt(
    open_machine: OpenMachine, flora: FakeFlora
) -> None:
    code = CREATE.replace("a mug", "slow")
    async with open_machine(budget_seconds=1.0) as other:
        async with open_machine(budget_seconds=1.0) as one:
            await one.execute(code)
            while not flora.requests["slow"]:
                await anyio.lowlevel.checkpoint()
        flora.slow.set()
        told = await other.execute(code, until="Nobody knows")
        asked = flora.requests["slow"]
        await other.execute(code)
    assert "Nobody knows whether it has started runs." in told
    assert "Without a clear answer, perhaps started and billed: 1 calls." in told
    assert "client.generations.create(type='image', prompt='slow', " in told
    assert (asked, flora.requests["slow"]) == (1, 2)


async def test_what_turns_out_to_be_elsewhere_is_waited_for_by_the_id_that_was_told_before(
    open_machine: OpenMachine, flora: FakeFlora
) -> None:
    code = f"import asyncio\nawait asyncio.sleep(1.5)\n{ONE}"
    late = dataclasses.replace(BRISK, claim=60.0)
    async with open_machine(budget_seconds=1.0) as one, open_machine(budget_seconds=1.0, intervals=late) as other:
        await one.execute(code, until="started run_1")
        first = await other.execute(code)
        while other.running():
            await anyio.lowlevel.checkpoint()
        flora.finish("run_1")
        told = await other.wait(*ids_to_wait_with(first), until="Returned:")
    assert first.startswith("Still running as exe_")
    assert "Runs: 1 completed." in told
    assert len(flora.created) == 1


async def test_a_wish_that_a_server_did_not_outlive_is_told_by_another(
    open_machine: OpenMachine, flora: FakeFlora
) -> None:
    async with open_machine() as other:
        async with open_machine(budget_seconds=1.0) as one:
            await one.generate("a mug", until="call wait with ids ['run_1']")
        flora.finish("run_1")
        told = await other.generate("a mug")
    assert "Picked up the call" in told
    assert "Runs: 1 completed." in told
    assert len(flora.created) == 1


async def test_a_server_that_was_taken_for_gone_pays_for_nothing_more(
    open_machine: OpenMachine, flora: FakeFlora, url: str
) -> None:
    deaf = dataclasses.replace(BRISK, save=3600.0, beat=3600.0)
    async with open_machine(intervals=deaf, budget_seconds=1.0) as one, open_machine(budget_seconds=1.0) as other:
        [execution_id] = set(re.findall(r"exe_[\w-]+", await one.execute(TWO)))
        await is_polling(flora)
        await anyio.to_thread.run_sync(age, url)
        told = await other.wait(execution_id, until="The program was cut off")
        flora.finish("run_1")
        while one.running():
            await anyio.lowlevel.checkpoint()
    assert told.startswith("The program was cut off: the server that ran it has ended.")
    assert "They are not done: call wait with ids ['run_1']." in told
    assert len(flora.created) == 1


def age(url: str) -> None:
    """Has as much time pass as a server may be silent: what it wrote last is older now."""
    database = Database(url)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE flora_executions SET beat_at = beat_at - 60"))
    database.close()


async def test_nobody_finds_a_program_of_another_tenant(open_machine: OpenMachine, flora: FakeFlora) -> None:
    async with open_machine(tenant="alice", budget_seconds=1.0) as alice, open_machine(tenant="mallory") as mallory:
        [execution_id] = set(re.findall(r"exe_[\w-]+", await alice.execute(ONE)))
        stranger = await mallory.wait(execution_id)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(finish, flora, 2)
            own = await mallory.execute(ONE)
    assert stranger.startswith(f"No program {execution_id!r} is known here")
    assert "Picked up" not in own
    assert len(flora.created) == 2


async def test_without_its_database_a_server_starts_nothing_and_says_so(tmp_path: Path, flora: FakeFlora) -> None:
    (tmp_path / "file").touch()
    settings = Settings(data_directory=tmp_path / "data", database=f"sqlite:///{tmp_path / 'file' / 'server.sqlite3'}")
    who = Tenant(id="local")
    with anyio.fail_after(60):
        async with (
            open_desks(settings, backend=flora.app, intervals=BRISK) as opened,
            Client(opened.server(lambda _: who)) as client,
        ):
            sums = await client.call_tool("execute", {"code": "1 + 1"})
            paid = await client.call_tool("execute", {"code": ONE})
            wished = await client.call_tool("generate", {"prompt": "a mug"})
    assert text_of(sums) == "The program is done.\nReturned: 2"
    assert paid.is_error
    assert "It has started no runs.\nIt was stopped before its first call: " in text_of(paid)
    assert wished.is_error
    assert flora.created == []
