"""The server as any MCP client meets it: a process of its own, spoken to in both eras of the protocol."""

import base64
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest
from e2e.servers import SMALL, connection, text
from mcp import Client
from mcp_types import (
    BlobResourceContents,
    CallToolResult,
    ImageContent,
    ResourceLink,
    ResourceListChangedNotification,
)
from PIL import Image

OUTLASTING = """
import asyncio
workspace = (await client.workspaces.list()).workspaces[0]
await asyncio.sleep(2)
return workspace.workspace_id
"""


@dataclass(frozen=True, kw_only=True)
class Served:
    """One client and its server, used by all tests of an era."""

    client: Client
    era: str
    changed: list[object] = field(default_factory=list)
    """List changes that a handshake client was notified of."""

    async def generate(self, **arguments: Any) -> CallToolResult:
        wish = {"prompt": "a ceramic mug on a table", "params": SMALL, **arguments}
        result = await self.client.call_tool("generate", wish)
        while ids := re.findall(r"wait with ids \[([^\]]*)\]", text(result)):
            result = await self.client.call_tool("wait", {"ids": re.findall(r"run_\w+", ids[0])})
        return result


@pytest.fixture(scope="module", params=["auto", "legacy"])
async def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    directory = tmp_path_factory.mktemp(f"stdio-{request.param}")
    changed: list[object] = []

    async def hear(message: object) -> None:
        if isinstance(message, ResourceListChangedNotification):
            changed.append(message)

    with (directory / "log").open("w+") as log:
        async with connection(
            directory, log=log, mode=request.param, message_handler=hear, read_timeout_seconds=60
        ) as client:
            yield Served(client=client, era=request.param, changed=changed)
    assert (directory / "log").read_text() == ""


async def test_each_era_is_the_one_that_was_asked_for(served: Served) -> None:
    expected = "2026-07-28" if served.era == "auto" else "2025-11-25"
    assert served.client.protocol_version == expected


async def test_the_tools_are_listed(served: Served) -> None:
    tools = (await served.client.list_tools()).tools
    assert {tool.name for tool in tools} >= {"execute", "generate", "list_models", "wait"}
    assert all(tool.output_schema is None for tool in tools)


async def test_a_program_is_run(served: Served) -> None:
    with anyio.fail_after(30):
        result = await served.client.call_tool("execute", {"code": "print('hello')\n1 + 1"})
    assert not result.is_error
    assert text(result) == "The program is done.\nReturned: 2\nPrinted:\nhello"


async def test_a_picture_comes_back_as_an_image_and_as_a_link(served: Served) -> None:
    with anyio.fail_after(60):
        result = await served.generate()
    assert not result.is_error
    [image] = [block for block in result.content if isinstance(block, ImageContent)]
    [link] = [block for block in result.content if isinstance(block, ResourceLink)]
    assert Image.open(io.BytesIO(base64.b64decode(image.data))).size == (512, 384)
    assert link.uri in text(result)
    assert result.structured_content is None


async def test_a_picture_can_be_read_in_full_as_a_resource(served: Served) -> None:
    with anyio.fail_after(60):
        result = await served.generate(params={"aspect_ratio": "9:16", "resolution": "0.5k"})
        [link] = [block for block in result.content if isinstance(block, ResourceLink)]
        listed = (await served.client.list_resources()).resources
        contents = (await served.client.read_resource(link.uri)).contents
    assert listed[0].uri == link.uri
    assert isinstance(contents[0], BlobResourceContents)
    picture = base64.b64decode(contents[0].blob)
    assert len(picture) == link.size
    assert Image.open(io.BytesIO(picture)).size == (288, 512)
    assert Image.open(io.BytesIO(picture)).format == "PNG"


async def test_clients_hear_that_the_list_of_resources_has_changed(served: Served) -> None:
    before = len(served.changed)
    with anyio.fail_after(60):
        if served.era == "auto":
            async with served.client.listen(resources_list_changed=True) as subscription:
                await served.generate()
                await anext(subscription)
        else:
            await served.generate()
            # The notification was sent before the answer, on the same stream.
            assert len(served.changed) > before


async def test_progress_tells_of_the_run(served: Served) -> None:
    told: list[tuple[float, float | None, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total, message))

    with anyio.fail_after(60):
        await served.client.call_tool(
            "generate", {"prompt": "a bowl on a table", "params": SMALL}, progress_callback=hear
        )
    values = [progress for progress, _, _ in told]
    assert values == sorted(set(values))
    assert any(re.fullmatch(r"run_\w+ (pending|running|completed) \d+%", message or "") for _, _, message in told)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_call_that_outlasts_its_budget_is_taken_up_by_wait(tmp_path: Path, mode: str) -> None:
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(60):
        async with connection(tmp_path, log=log, mode=mode, variables={"FLORA_TIME_BUDGET_SECONDS": "1"}) as client:
            result = await client.call_tool("execute", {"code": OUTLASTING})
            first = text(result)
            while ids := re.findall(r"Call wait with ids \['(exe_[^']+)'\]", text(result)):
                result = await client.call_tool("wait", {"ids": ids})
    assert first.startswith("Still running as exe_")
    assert re.fullmatch(r'The program is done.\nReturned: "ws_\w+"', text(result))
    assert (tmp_path / "log").read_text() == ""
