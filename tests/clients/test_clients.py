"""Other people's clients, each as its own documentation uses it: what reaches the model when a picture is made."""

import io
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from importlib import import_module
from pathlib import Path

import anyio
import pytest
from clients.conversation import Heard, Place, Wish
from e2e.servers import SMALL, environment
from fakes.serving import served
from PIL import Image

from flora_mcp.app import open_desks
from flora_mcp.auth import OpenDoor
from flora_mcp.protocol.http import build_app, tenant_of
from flora_mcp.settings import Settings

Converse = Callable[[Place, Wish], Awaitable[Heard]]

FRAMEWORKS = {
    "sdk": "mcp",
    "fastmcp": "fastmcp",
    "openai_agents": "agents",
    "pydantic_agents": "pydantic_ai",
    "langchain": "langchain_mcp_adapters",
}
"""Our module for each, and what it needs to import."""

PROGRAM = f"""
workspace = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Clients", workspace_id=workspace.workspace_id)
run = await client.generations.create(type="image", prompt="a bowl of apples", params={SMALL},
    workspace_id=workspace.workspace_id, project_id=project.project_id)
return (await client.generations.wait(run.run_id)).outputs
"""

WISHES = {
    "stdio": Wish(tool="generate", arguments={"prompt": "a ceramic mug on a table", "params": SMALL}),
    "http": Wish(tool="execute", arguments={"code": PROGRAM}),
}


OVER_STDIO = ("fastmcp", "openai_agents", "langchain")
"""Those that start a server in a way of their own: Pydantic AI does it as FastMCP does, and other tests use the SDK."""


def framework(name: str) -> Converse:
    """Returns how one of them converses; skips the test where it is not installed."""
    if name != "langchain":
        pytest.importorskip(FRAMEWORKS[name], reason='pip install ".[test]" brings it')
        converse: Converse = import_module(f"clients.frameworks.{name}").converse
        return converse
    python = os.environ.get("FLORA_TEST_LANGCHAIN_PYTHON", "")
    if not Path(python).is_file():
        pytest.skip(
            f"FLORA_TEST_LANGCHAIN_PYTHON is {python!r}: install tests/clients/langchain.txt in an environment of its "
            "own, and name its python there"
        )
    return partial(import_module("clients.frameworks.langchain").converse, python=python)


@pytest.fixture(scope="module")
async def places(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Place]]:
    """The same server twice: as each client starts it, and at an address."""
    directory = tmp_path_factory.mktemp("stdio")
    settings = Settings(api_key=None, data_directory=tmp_path_factory.mktemp("http"))
    async with open_desks(settings) as opened:
        app = build_app(opened.server(tenant_of), door=OpenDoor(opened.local))
        async with served(app) as address:
            yield {"stdio": Place(variables=environment(directory)), "http": Place(url=f"{address}/mcp")}


@pytest.mark.parametrize(
    ("name", "transport"), [*((name, "http") for name in FRAMEWORKS), *((name, "stdio") for name in OVER_STDIO)]
)
async def test_the_model_of_a_client_is_handed_the_picture(places: dict[str, Place], name: str, transport: str) -> None:
    converse = framework(name)
    with anyio.fail_after(90):
        heard = await converse(places[transport], WISHES[transport])
    assert heard.tools >= {"execute", "generate", "list_models", "wait"}
    assert "Runs: 1 completed." in heard.words
    assert "512x384" in heard.words
    [picture] = heard.pictures
    assert Image.open(io.BytesIO(picture)).size == (512, 384)
    assert heard.addresses == ()
