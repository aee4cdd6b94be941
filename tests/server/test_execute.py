"""Programs as an agent lives them: answers, errors, limits, and a budget that ends first."""

import dataclasses
import os
import re
from typing import Any

import anyio
import pytest
from e2e.servers import CHAT
from fakes.flora import PROJECT, WORKSPACE, FakeFlora
from mcp import Client
from mcp_types import ResourceLink

from code_sandbox import Failure
from flora_mcp.app import open_app, open_desks
from flora_mcp.settings import Settings
from flora_mcp.tools.failures import failure

THREE_SHOTS = """
ws = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Mugs", workspace_id=ws.workspace_id)
models = (await client.models.list(type="image")).models
model = models[0]
print("using", model.model_id, [p.name for p in model.params])
runs = [
    await client.generations.create(
        type="image", model=model.model_id, prompt="a ceramic mug on a sunlit table",
        params={"aspect_ratio": "4:3", "resolution": "0.5k"},
        workspace_id=ws.workspace_id, project_id=project.project_id,
    )
    for _ in range(3)
]
open_ids = {run.run_id for run in runs}
outputs = []
import asyncio
while open_ids:
    async for run in client.generations.list(workspace_id=ws.workspace_id, limit=20):
        if run.run_id in open_ids and run.status in ("completed", "failed"):
            print(run.run_id, run.status, run.progress)
            open_ids.remove(run.run_id)
            outputs.extend(run.outputs or [])
    await asyncio.sleep(0.1)
return outputs
"""


def text_of(result: Any) -> str:
    return str(result.content[0].text)


async def run(settings: Settings, code: str) -> Any:
    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server) as client:
            return await client.call_tool("execute", {"code": code})


async def test_the_main_job_shows_all_three_pictures(settings: Settings) -> None:
    result = await run(settings, THREE_SHOTS)
    facts = text_of(result)
    assert not result.is_error, facts
    assert [block.type for block in result.content] == ["text", *["image"] * 3, *["resource_link"] * 3]
    assert facts.startswith("Finished; there is nothing to call again.")
    assert "using t2i-studio-scene" in facts
    assert "Runs: 3 completed." in facts


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("1 + 1", "2"),
        ("return {'a': [1, 2]}", '{"a": [1, 2]}'),
        ("async def run(client):\n    return 'hello'", '"hello"'),
        ("```python\n40 + 2\n```", "42"),
        ("async function run(client) {\n  return `${[1, 2]}`;\n}", '"1,2"'),
    ],
)
async def test_the_value_of_a_program_comes_back(settings: Settings, code: str, value: str) -> None:
    result = await run(settings, code)
    assert text_of(result) == f"The program is done.\nReturned: {value}"


async def test_the_language_of_a_program_can_be_named(settings: Settings) -> None:
    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server) as client:
            result = await client.call_tool("execute", {"code": "[1] + [2]", "language": "javascript"})
    assert text_of(result) == 'The program is done.\nReturned: "12"'


async def test_a_wrong_name_in_javascript_is_answered_in_javascript(settings: Settings) -> None:
    result = await run(settings, "const x = 1;\nawait client.projects.list_node('prj_1');")
    assert result.is_error
    assert "client.projects has no 'list_node'" in text_of(result)
    assert "Did you mean client.projects.listNodes?" in text_of(result)
    assert "client.projects.listNodes(projectId: string, options?: {" in text_of(result)


def test_a_lacking_engine_is_answered_with_how_to_get_it() -> None:
    told = failure(Failure(type_name="LanguageUnavailable", message="no engine"))
    assert 'pip install "flora-mcp[javascript]"' in told


async def test_a_wrong_name_is_answered_with_the_right_one(settings: Settings) -> None:
    result = await run(settings, "x = 1\nawait client.project.create(title='a')")
    assert result.is_error
    assert (
        text_of(result)
        == """\
The program was not run: nothing was called, nothing is to be paid. Mend it and send it again.
CheckError:
line 2: await client.project.create(title='a')
  client has no 'project'. Did you mean client.projects.create?
Signatures:
  client.projects.create(*, name: str, workspace_id: str, idempotency_key: str | None = None) -> Project"""
    )


async def test_all_that_is_wrong_is_told_at_once_and_nothing_is_paid(settings: Settings) -> None:
    code = """
import client, numpy
ws = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(title="Mugs", workspace_id=ws.workspace_id)
model = client.models.list(type="image").models[0]
run = json.loads(await client.generations.creat(prompt="a mug", modle=model))
show(run, size="large")
"""
    result = await run(settings, code)
    assert result.is_error
    told = text_of(result)
    assert (
        told
        == """\
The program was not run: nothing was called, nothing is to be paid. Mend it and send it again.
7 problems were found before the run:
line 2: import client, numpy
  'client' is not imported. client is already there: remove the import.
  there is no module 'numpy' here. Third-party packages are not here. Modules: asyncio, base64, collections, \
dataclasses, datetime, functools, hashlib, itertools, json, math, operator, random, re, statistics, string, textwrap, \
time, typing, urllib.parse, uuid.
line 4: project = await client.projects.create(title="Mugs", workspace_id=ws.workspace_id)
  client.projects.create has no argument 'title'. It takes: name, workspace_id, idempotency_key
  client.projects.create needs 'name'.
line 5: model = client.models.list(type="image").models[0]
  client.models.list(...) was not awaited, so it has no 'models' yet. Write: result = await client.models.list(...), \
then result.models.
line 6: run = json.loads(await client.generations.creat(prompt="a mug", modle=model))
  client.generations has no 'creat'. Did you mean client.generations.create?
line 7: show(run, size="large")
  show has no argument 'size'. It takes: output
Signatures:
"""
        + told.partition("Signatures:\n")[2]
    )
    assert told.count("client.generations.create(*, type") == 1


async def test_an_uncaught_error_tells_line_prints_and_runs_already_started(settings: Settings) -> None:
    code = """
ws = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="x", workspace_id=ws.workspace_id)
run = await client.generations.create(type="image", prompt="a mug", params={"resolution": "0.5k"},
                                      workspace_id=ws.workspace_id, project_id=project.project_id)
print("started")
1 / 0
"""
    result = await run(settings, code)
    facts = text_of(result)
    assert result.is_error
    assert "ZeroDivisionError" in facts
    assert "line 7: 1 / 0" in facts
    assert "Printed:\nstarted" in facts
    assert re.search(r"1\. run_\S+ (pending|running|completed)", facts)


async def test_an_error_of_flora_can_be_caught_and_has_its_code(settings: Settings) -> None:
    code = """
try:
    await client.projects.retrieve("prj_none")
except NotFoundError as error:
    return [error.status, error.code, error.request_id.startswith("req_")]
"""
    assert 'Returned: [404, "not_found", true]' in text_of(await run(settings, code))


async def test_an_uncaught_error_of_flora_tells_what_to_quote_to_support(settings: Settings) -> None:
    code = """
ws = (await client.workspaces.list()).workspaces[0]
await client.generations.create(type="image", prompt="a mug", workspace_id=ws.workspace_id, project_id="prj_none")
"""
    result = await run(settings, code)
    assert result.is_error
    assert "NotFoundError: 404 not_found" in text_of(result)
    assert re.search(r"status 404, code not_found, request_id req_\w+", text_of(result))


async def test_the_key_is_out_of_reach_of_a_program(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "FLORA_API_KEY", "sk_live_canary")
    result = await run(settings, "import os\nreturn os.environ['FLORA_API_KEY']")
    assert result.is_error
    assert "sk_live_canary" not in text_of(result)


async def test_a_program_over_the_budget_is_taken_up_by_wait(settings: Settings) -> None:
    short = dataclasses.replace(settings, time_budget_seconds=2.0)
    code = "import asyncio\nprint('begun')\nawait asyncio.sleep(3)\nreturn 'late'"
    with anyio.fail_after(60):
        async with open_app(short) as server, Client(server) as client:
            first = await client.call_tool("execute", {"code": code})
            found = re.search(r"exe_[\w-]+", text_of(first))
            assert found is not None
            result = await client.call_tool("wait", {"ids": [found[0]]})
            while "Still running" in text_of(result):
                result = await client.call_tool("wait", {"ids": [found[0]]})
    assert "Do not send the program again" in text_of(first)
    assert "Printed:\nbegun" in text_of(first)
    assert 'Returned: "late"' in text_of(result)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("while True: pass", "cpu"),
        ("x = []\nwhile True: x.append('a' * 10_000_000)", "memory"),
        ("while True: print('x' * 10_000)", "print"),
        ("raise ValueError('no')", "ValueError: no"),
    ],
)
async def test_a_program_that_misbehaves_gets_a_clear_error_and_the_next_works(
    settings: Settings, code: str, said: str
) -> None:
    with anyio.fail_after(100):
        async with open_app(settings) as server, Client(server) as client:
            bad = await client.call_tool("execute", {"code": code})
            good = await client.call_tool("execute", {"code": "1 + 1"})
    assert bad.is_error
    assert said in text_of(bad).lower() or said in text_of(bad)
    assert "Returned: 2" in text_of(good)


async def test_after_an_error_the_answer_names_the_run_of_a_call_that_was_still_under_way(settings: Settings) -> None:
    flora = FakeFlora()
    code = f"""
import asyncio
async def fail():
    while not (await client.projects.list(workspace_id="{WORKSPACE}")).projects:
        await asyncio.sleep(0.01)
    print("failing")
    raise ValueError("no")
create = client.generations.create(type="image", prompt="slow", workspace_id="{WORKSPACE}", project_id="{PROJECT}")
await asyncio.gather(create, fail())
"""
    with anyio.fail_after(30):
        async with (
            open_desks(settings, backend=flora.app) as opened,
            opened.desks.use(opened.local) as desk,
            Client(opened.server(lambda _: opened.local)) as client,
        ):
            execution = desk.executions.program(code).execution
            while not flora.requests["slow"]:
                await anyio.lowlevel.checkpoint()
            flora.add_project("told", workspace_id=WORKSPACE)
            while execution.outcome is None:
                await anyio.lowlevel.checkpoint()
            assert execution.runs == []
            flora.slow.set()
            result = await client.call_tool("execute", {"code": code})
    assert result.is_error
    assert text_of(result).startswith("The program failed. Runs it has started go on and are paid for.\nPicked up")
    assert "ValueError: no\n" in text_of(result)
    assert "\nPrinted:\nfailing\nRuns: 1 pending." in text_of(result)
    assert "Spent 0.040 USD" in text_of(result)
    assert "1. run_1 pending 0%, model t2i-fake" in text_of(result)


async def test_what_a_program_returns_is_shown_and_its_other_outputs_are_linked(settings: Settings) -> None:
    flora = FakeFlora()
    code = f"""
import asyncio
wish = dict(type="image", prompt="a mug", workspace_id="{WORKSPACE}", project_id="{PROJECT}")
runs = [await client.generations.create(**wish) for _ in range(3)]
done = [await client.generations.wait(run.run_id) for run in runs]
return done[1].outputs
"""

    async def finish() -> None:
        await flora.has(3)
        for run_id in flora.runs:
            flora.finish(run_id)

    with anyio.fail_after(30):
        async with (
            open_app(settings, backend=flora.app) as server,
            Client(server, client_info=CHAT) as client,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(finish)
            result = await client.call_tool("execute", {"code": code})
            listing = f"async for run in client.generations.list(workspace_id='{WORKSPACE}'):\n"
            again = await client.call_tool(
                "execute", {"code": f"{listing}    if run.run_id == 'run_3': return run.outputs"}
            )
    assert [block.type for block in result.content] == ["text", "image", *["resource_link"] * 3]
    links = [block.uri for block in result.content if isinstance(block, ResourceLink)]
    assert links == [f"flora://runs/run_{number}/outputs/output_1" for number in (2, 1, 3)]
    assert [block.type for block in again.content] == ["text", "image", "resource_link"]
    assert "Shown from before:\n1. run_3 completed" in text_of(again)
