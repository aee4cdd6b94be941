"""What a program may call: what its backend answers, and nothing that belongs to the host."""

import json
from typing import Any

import anyio
import pytest
from fakes.flora import FakeFlora
from mcp import Client

from flora_mcp.app import open_app
from flora_mcp.executions import callable_methods, exposure, groups, listing
from flora_mcp.flora import METHODS
from flora_mcp.settings import Settings
from flora_mcp.studio.endpoints import answers

DESCRIPTION_CHARACTERS = 2048
"""Clients cut a longer description."""

LIST_CHARACTERS = 6000
"""Agents carry the list of tools in every conversation."""

CHANGE_IN_PYTHON = """
return await client.workspaces.projects.canvas.apply_changeset(
    "prj_1", workspace_id="ws_1", connect=[{"from": "n1", "to": "n2", "in": "image"}], remove=[{"id": "n3"}]
)
"""
CHANGE_IN_JAVASCRIPT = """
async function run(client) {
  return await client.workspaces.projects.canvas.applyChangeset("prj_1", {
    workspaceId: "ws_1", connect: [{ from: "n1", to: "n2", in: "image" }], remove: [{ id: "n3" }],
  });
}
"""


def text_of(result: Any) -> str:
    return str(result.content[0].text)


def test_a_program_is_given_nothing_of_the_host() -> None:
    paths = {entry.path for entry in callable_methods(METHODS)}
    assert {entry.path for entry in METHODS} - paths == {
        "assets.create_direct",
        "assets.upload",
        "webhooks.unwrap",
        "webhooks.verify",
    }


def test_a_program_is_given_what_the_backend_answers() -> None:
    endpoints = {("POST", "/generate"), ("GET", "/runs/{run_id}"), ("POST", "/runs/generation")}
    methods = callable_methods(METHODS, answers=lambda verb, path: (verb, path) in endpoints)
    assert [entry.path for entry in methods] == [
        "generations.create",
        "generations.retrieve",
        "generations.wait",
        "runs.start_generation",
    ]
    assert listing(methods) == "generations.create, retrieve, wait"
    assert groups(methods) == "generations.*"
    assert {method.path for method in exposure(methods).methods} == {
        "client.generations.create",
        "client.generations.retrieve",
        "client.generations.wait",
        "client.runs.start_generation",
        "help",
        "show",
    }


async def tools_of(settings: Settings, backend: FakeFlora | None) -> list[dict[str, Any]]:
    with anyio.fail_after(30):
        async with open_app(settings, backend=backend and backend.app) as server, Client(server) as client:
            return [tool.model_dump(mode="json", exclude_none=True) for tool in (await client.list_tools()).tools]


@pytest.mark.parametrize("whole", [False, True], ids=["studio", "all of FLORA"])
async def test_the_list_of_tools_is_short_and_tells_the_methods(settings: Settings, whole: bool) -> None:
    tools = await tools_of(settings, FakeFlora() if whole else None)
    [execute] = [tool for tool in tools if tool["name"] == "execute"]
    methods = callable_methods(METHODS, answers=None if whole else answers)
    assert f"Methods of client: {groups(methods)}. `search_docs`" in execute["description"]
    assert all(len(tool["description"]) < DESCRIPTION_CHARACTERS for tool in tools)
    assert len(json.dumps(tools, separators=(",", ":"))) < LIST_CHARACTERS


async def test_a_method_that_the_studio_lacks_is_no_method(settings: Settings) -> None:
    lacking = [entry for entry in callable_methods(METHODS) if not answers(*entry.http.split(" ", maxsplit=1))]
    if not lacking:
        return
    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server) as client:
            result = await client.call_tool("execute", {"code": f"return {lacking[0].example}"})
    assert result.is_error
    assert lacking[0].path.rpartition(".")[2] in text_of(result)


@pytest.mark.parametrize("code", [CHANGE_IN_PYTHON, CHANGE_IN_JAVASCRIPT], ids=["python", "javascript"])
async def test_a_nested_method_takes_nested_arguments(settings: Settings, code: str) -> None:
    flora = FakeFlora()
    with anyio.fail_after(60):
        async with open_app(settings, backend=flora.app) as server, Client(server) as client:
            result = await client.call_tool("execute", {"code": code})
    assert not result.is_error, text_of(result)
    assert flora.changes == [{"connect": [{"from": "n1", "to": "n2", "in": "image"}], "remove": [{"id": "n3"}]}]


async def test_a_run_of_a_technique_is_watched_where_the_technique_is(settings: Settings) -> None:
    flora = FakeFlora()
    code = """
run = await client.techniques.runs.create("book-drop", inputs=[{"id": "a", "type": "text", "value": "b"}])
return run.run_id
"""
    with anyio.fail_after(60):
        async with open_app(settings, backend=flora.app) as server, Client(server) as client:
            result = await executed(client, code, flora=flora, runs=1)
    assert not result.is_error, text_of(result)
    assert [block.type for block in result.content] == ["text", "image", "resource_link"]
    assert "Runs: 1 completed." in text_of(result)


async def test_every_node_that_was_started_is_watched(settings: Settings) -> None:
    flora = FakeFlora()
    code = 'return await client.workspaces.projects.run_nodes("prj_1", workspace_id="ws_1", node_ids=["n1", "n2"])'
    with anyio.fail_after(60):
        async with open_app(settings, backend=flora.app) as server, Client(server) as client:
            result = await executed(client, code, flora=flora, runs=2)
    assert not result.is_error, text_of(result)
    assert "Runs: 2 completed." in text_of(result)
    assert [block.type for block in result.content].count("image") == 2


async def executed(client: Client, code: str, *, flora: FakeFlora, runs: int) -> Any:
    """Executes a program, and finishes its runs once they are all there."""

    async def finish() -> None:
        await flora.has(runs)
        for run_id in list(flora.runs):
            flora.finish(run_id)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(finish)
        return await client.call_tool("execute", {"code": code})
