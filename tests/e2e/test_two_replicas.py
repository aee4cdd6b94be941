"""Two processes on two machines, as far as they know: PostgreSQL and FLORA are all that they have in common."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx
from e2e.served import served
from e2e.servers import CHAT, studio, text
from fakes import serving
from fakes.replicas import RoundRobin
from mcp import Client
from mcp_types import CallToolResult
from starlette.applications import Starlette
from starlette.routing import Route
from studio.postgres import open_postgres

PROGRAM = """
ws = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Mugs", workspace_id=ws.workspace_id)
run = await client.generations.create(
    type="image", prompt="a {} mug", params={{"resolution": "0.5k"}},
    workspace_id=ws.workspace_id, project_id=project.project_id,
)
print("started", run.run_id)
done = await client.generations.wait(run.run_id)
await asyncio.sleep(4)
return done.outputs
"""


@asynccontextmanager
async def deployment(directory: Path) -> AsyncIterator[tuple[str, RoundRobin]]:
    """Yields the address of the proxy in front of both, and the proxy."""
    folders = [directory / name for name in ("studio", "one", "two")]
    for folder in folders:
        folder.mkdir()
    with open_postgres() as server, server.database() as database:
        async with studio(folders[0]) as (_, base_url):
            variables = {
                "FLORA_API_KEY": "sk_test_any",
                "FLORA_BASE_URL": base_url,
                "FLORA_DATABASE": database,
                "FLORA_TIME_BUDGET_SECONDS": "1",
            }
            async with (
                served(folders[1], **variables) as one,
                served(folders[2], **variables) as two,
                httpx.AsyncClient(timeout=None, limits=httpx.Limits(max_connections=None)) as web,
            ):
                proxy = RoundRobin(web, [one.url, two.url])
                async with serving.served(Starlette(routes=[Route("/{path:path}", proxy)])) as url:
                    yield url, proxy


async def test_a_program_is_run_by_one_waited_for_at_both_and_its_picture_comes_from_either(tmp_path: Path) -> None:
    async with deployment(tmp_path) as (url, proxy), httpx.AsyncClient() as web:
        for era, colour in (("legacy", "red"), ("auto", "blue")):
            async with Client(f"{url}/mcp", mode=era, client_info=CHAT) as client:
                begun = text(await client.call_tool("execute", {"code": PROGRAM.format(colour)}))
                [execution_id] = re.findall(r"exe_[\w-]+", begun)[:1]
                answers = await waited_for(client, execution_id, times=len(proxy.answered))
            for answer in answers:
                assert [block.type for block in answer.content] == ["text", "image", "resource_link"]
            addresses = {re.findall(rf"{url}/outputs/\S+\.png", text(answer))[0] for answer in answers}
            files = {(await web.get(address)).content for address in addresses for _ in proxy.answered}
            assert len(files) == 1
            assert files.pop().startswith(b"\x89PNG")
    assert min(proxy.answered.values()) >= 6


async def waited_for(client: Client, execution_id: str, *, times: int) -> list[CallToolResult]:
    """Returns what so many calls are told that wait at the same time, once all are told the end."""
    answers: list[CallToolResult] = []

    async def wait() -> None:
        answers.append(await client.call_tool("wait", {"ids": [execution_id]}))

    while not answers or any(answer.content[-1].type == "text" for answer in answers):
        answers.clear()
        async with anyio.create_task_group() as tasks:
            for _ in range(times):
                tasks.start_soon(wait)
    return answers
