"""Clients that went away in the midst of a paid call, and come back."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from fakes.raw import Raw, message, modern, modern_headers, raw, request

PAID = """
run = await client.generations.create(type="image", prompt="a mug", workspace_id="ws_1", project_id="prj_1")
return (await client.generations.wait(run.run_id)).status
"""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Raw]:
    async with raw(tmp_path) as server:
        yield server


@pytest.mark.parametrize("era", ["handshake", "2026-07-28"])
async def test_whoever_comes_back_after_a_broken_connection_pays_once(server: Raw, era: str) -> None:
    arguments = {"name": "execute", "arguments": {"code": PAID}}
    if era == "handshake":
        body, headers = request("tools/call", arguments), await server.session()
    else:
        body, headers = modern("tools/call", **arguments), modern_headers("tools/call", "execute")
    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.post, body, headers)
            await server.flora.has(1)
            tasks.cancel_scope.cancel()
        server.flora.finish("run_1")
        result = message(await server.post({**body, "id": 2}, headers))["result"]
    assert 'Returned: "completed"' in result["content"][0]["text"]
    assert len(server.flora.created) == 1


async def test_a_session_goes_on_after_a_cancelled_call(server: Raw) -> None:
    headers = await server.session()
    call = request("tools/call", {"name": "execute", "arguments": {"code": PAID}}, number=7)
    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.post, call, headers)
            await server.flora.has(1)
            cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}}
            assert (await server.post(cancelled, headers)).status_code == 202
        assert "result" in message(await server.post(request("tools/list", number=8), headers))
        server.flora.finish("run_1")
        result = message(await server.post({**call, "id": 9}, headers))["result"]
    assert 'Returned: "completed"' in result["content"][0]["text"]
    assert len(server.flora.created) == 1


TOOLS = pytest.mark.parametrize(
    ("tool", "arguments"),
    [("execute", {"code": PAID}), ("generate", {"prompt": "a mug", "project_id": "prj_1"})],
    ids=["execute", "generate"],
)


@TOOLS
async def test_whoever_gave_up_while_the_answer_came_is_told_again_and_pays_once(
    server: Raw, tool: str, arguments: dict[str, str]
) -> None:
    headers, answers = await server.session(), list[str]()

    async def call(number: int) -> None:
        asked = request("tools/call", {"name": tool, "arguments": arguments}, number=number)
        answers.append(message(await server.post(asked, headers))["result"]["content"][0]["text"])

    with anyio.fail_after(30):
        for number in (1, 2, 3):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(call, number)
                # The second call starts nothing.
                made = 1 if number < 3 else 2
                await server.flora.has(made)
                server.flora.finish(f"run_{made}")
            if number == 1:
                given_up = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": number}}
                assert (await server.post(given_up, headers)).status_code == 202
    assert ["Picked up" in answer for answer in answers] == [False, True, False]
    assert len(server.flora.created) == 2
