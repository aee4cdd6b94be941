"""The official inspector, a client that others have written, uses the server from the command line."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from e2e.nodes import node_program
from e2e.servers import COMMAND, SMALL, environment
from fakes.serving import served

from flora_mcp.app import open_desks
from flora_mcp.auth import OpenDoor
from flora_mcp.protocol.http import HTTPOptions, build_app, tenant_of
from flora_mcp.settings import Settings

INSPECT_SECONDS = 90.0

pytestmark = pytest.mark.needs_node


@pytest.fixture(scope="module")
def inspector() -> list[str]:
    command = node_program("@modelcontextprotocol/inspector@2.12.0", "clients/launcher/build/index.js")
    return [*command, "--cli"]


@pytest.fixture(scope="module")
async def places(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, list[str]]]:
    """How the inspector is told of a server: as a command, and by its two addresses."""
    variables = environment(tmp_path_factory.mktemp("stdio"))
    given = [f"-e{name}={variables[name]}" for name in ("FLORA_DATA_DIR", "TMPDIR")]
    settings = Settings(api_key=None, data_directory=tmp_path_factory.mktemp("http"))
    async with open_desks(settings) as opened:
        server = opened.server(tenant_of)
        async with served(build_app(server, door=OpenDoor(opened.local), options=HTTPOptions(sse=True))) as address:
            yield {"stdio": [*COMMAND, *given], "/mcp": [f"{address}/mcp"], "/sse": [f"{address}/sse"]}


async def inspect(command: list[str], home: Path, *arguments: str) -> dict[str, Any]:
    """Runs one method of the server through the inspector, and returns what it prints."""
    with anyio.fail_after(INSPECT_SECONDS):
        result = await anyio.run_process([*command, *arguments], env=environment(home), check=False)
    assert result.returncode == 0, result.stderr.decode()
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


@pytest.mark.parametrize("place", ["stdio", "/mcp", "/sse"])
async def test_the_inspector_lists_the_tools_and_finds_no_fault_with_them(
    inspector: list[str], places: dict[str, list[str]], place: str, tmp_path: Path
) -> None:
    listed = await inspect([*inspector, *places[place]], tmp_path, "--method", "tools/list", "--strict")
    assert {tool["name"] for tool in listed["tools"]} >= {"execute", "generate", "list_models", "wait"}


@pytest.mark.parametrize("place", ["stdio", "/sse"])
async def test_the_inspector_gets_a_picture(
    inspector: list[str], places: dict[str, list[str]], place: str, tmp_path: Path
) -> None:
    wish = ["prompt=a ceramic mug on a table", f"params={json.dumps(SMALL)}"]
    call = ["--method", "tools/call", "--tool-name", "generate", "--tool-arg", *wish]
    result = await inspect([*inspector, *places[place]], tmp_path, *call)
    assert [block["type"] for block in result["content"]] == ["text", "image", "resource_link"]
    assert not result.get("isError")
