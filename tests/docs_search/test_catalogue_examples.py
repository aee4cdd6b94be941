"""The call that stands on the page of a model, an action or a technique is accepted as it stands."""

import ast
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import anyio
import httpx
import pytest
from docs_search.catalogue import ACTIONS, MODELS, TECHNIQUES, CatalogueFlora, words
from docs_search.conftest import BASE_URL
from docs_search.drawing import draw

from flora_mcp.docs_search import Docs
from flora_mcp.docs_search.catalogue_pages import MEDIA_URL
from flora_mcp.executions import callable_methods
from flora_mcp.flora import METHODS, Flora
from flora_mcp.studio import Studio
from flora_mcp.studio.catalog import load_catalog
from flora_mcp.studio.renderers import RenderThreads

MODEL = "t2i-studio-scene"


@dataclass(frozen=True, kw_only=True)
class World:
    """A studio, what is written of it, and what the examples need in place of their made-up ids."""

    flora: Flora
    docs: Docs
    real: dict[str, str]

    async def call(self, code: str) -> Any:
        """Does what an example says."""
        for made_up, real in self.real.items():
            code = code.replace(made_up, real)
        names: dict[str, Any] = {}
        exec(f"async def example(client):\n    {code}\n    return run", names)
        return await names["example"](self.flora)


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    studio = Studio(directory=tmp_path_factory.mktemp("studio"), renderers=RenderThreads({MODEL: draw}))
    async with (
        studio,
        Flora(api_key=None, base_url=studio.base_url, app=studio.app, poll_seconds=0.1) as flora,
        Docs(flora=flora, methods=callable_methods(METHODS)) as docs,
    ):
        workspace = (await flora.workspaces.list()).items[0]
        project = await flora.projects.create(name="Examples", workspace_id=workspace.workspace_id)
        place = {"workspace_id": workspace.workspace_id, "project_id": project.project_id}
        start = await flora.generations.create(type="image", prompt="a fox", **place)
        outputs = (await flora.generations.wait(start.run_id)).outputs
        assert outputs is not None
        real = {"ws_abc123": place["workspace_id"], "prj_abc123": place["project_id"], MEDIA_URL: outputs[0].url}
        yield World(flora=flora, docs=docs, real=real)


async def python_example(docs: Docs, uri: str) -> str:
    page = await docs.page(uri)
    assert page is not None, uri
    [code] = re.findall(r"^```python\n(.*?)\n```$", page, re.MULTILINE | re.DOTALL)
    return str(code)


async def test_every_action_of_the_studio_runs_as_its_page_says(world: World) -> None:
    async for action in world.flora.actions.list():
        run = await world.call(await python_example(world.docs, f"docs://actions/{action.action_id}"))
        with anyio.fail_after(30):
            ended = await world.flora.generations.wait(run.run_id)
        assert ended.status == "completed", (action.action_id, ended)


async def test_every_technique_of_the_studio_starts_as_its_page_says(world: World) -> None:
    async for technique in world.flora.techniques.list():
        run = await world.call(await python_example(world.docs, f"docs://techniques/{technique.slug}"))
        assert run.run_id.startswith("run_"), technique.slug


async def test_every_model_of_the_studio_runs_as_its_page_says(world: World) -> None:
    for model in load_catalog().models:
        run = await world.call(await python_example(world.docs, f"docs://models/{model.model_id}"))
        assert (await world.flora.generations.wait(run.run_id)).status == "completed"


async def test_an_example_of_any_page_is_python_and_names_what_the_page_is_about(docs: Docs) -> None:
    uris = [f"docs://models/{name}" for name in words(MODELS)] + [f"docs://actions/{name}" for name in words(ACTIONS)]
    for uri in [*uris, *(f"docs://techniques/{name}" for name in words(TECHNIQUES))]:
        tree = ast.parse(await python_example(docs, uri), mode="exec")
        constants = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert uri.rpartition("/")[2] in constants


async def test_an_example_of_flora_passes_the_checks_before_a_call() -> None:
    sent: list[str] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        return httpx.Response(201, json={"run_id": "run_1", "type": "generation", "status": "pending", "created_at": 1})

    lists = CatalogueFlora()
    async with (
        Flora(api_key=None, base_url=BASE_URL, app=lists.app) as reading,
        Docs(flora=reading, methods=callable_methods(METHODS)) as docs,
    ):
        examples = [await python_example(docs, f"docs://models/{name}") for name in words(MODELS)]
    transport = httpx.MockTransport(answer)
    asgi = httpx.ASGITransport(lists.app)

    async def either(request: httpx.Request) -> httpx.Response:
        return await (asgi if request.method == "GET" else transport).handle_async_request(request)

    async with Flora(api_key=None, base_url=BASE_URL, transport=httpx.MockTransport(either)) as flora:
        world = World(flora=flora, docs=docs, real={})
        for example in examples:
            await world.call(example)
    assert sent == ["/api/v1/generate"] * len(examples)
