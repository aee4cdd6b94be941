"""What the guides say is true: every sample does what stands there, and every name exists."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import anyio
import anyio.to_thread
import httpx
import pytest
from contract.typescript_side import node_modules
from docs_search.drawing import draw, png
from mcp import Client

from code_sandbox import Limits
from flora_mcp.app import open_app
from flora_mcp.docs_search import Language
from flora_mcp.docs_search.catalogue_pages import MEDIA_URL
from flora_mcp.docs_search.guides import guides
from flora_mcp.docs_search.page import Page, blocks, in_language
from flora_mcp.flora import METHODS, errors
from flora_mcp.settings import Settings
from flora_mcp.studio import Studio
from flora_mcp.studio.catalog import Catalog, load_catalog
from flora_mcp.studio.renderers import RenderThreads
from flora_mcp.studio.web import Web

LANGUAGES: tuple[Language, ...] = ("python", "javascript")

DRAWS = "t2i-studio-scene"
EDITS = "i2i-studio-retouch"
SITE = "https://example.com/mug.png"

RECEIVER = re.compile(r"is_?genuine", re.IGNORECASE)
"""In samples for a receiver of webhooks: they are no programs for `execute`."""

SAYS = {
    "actions 1": [r'"output_id"'],
    "batch 1": [r'"red": "http[^"]+", "blue": "http'],
    "canvas 1": [r'\["completed"\]'],
    "canvas 2": [r'"?shot'],
    "costs 1": [r"estimated: 0\.004 USD"],
    "errors 1": [r"not there, or not yours: 404 not_found"],
    "generate 1": [r'"url": "http'],
    "idempotency 1": [r"started before; look for it with client\.generations\.list", r'\["run_\w+"\]'],
    "limits 1": [r'"projects": [1-5], "more": (true|false)'],
    "models 1": [r'"model": "t2i-studio-scene", "usd": 0\.004'],
    "outputs 1": [r"run_\w+ \[ ?['\"]imageUrl['\"] ?\]", r"Shown from before"],
    "programs 1": [r"what is returned comes back", r"prj_\w+ First steps"],
    "projects 1": [r'"prj_\w+"'],
    "access 1": [r"ws_\w+ .* (admin|member)"],
    "refine 1": [r"Runs: 2 completed"],
    "refine 2": [r'"url": "http'],
    "start 1": [r'"url": "http'],
    "techniques 1": [r'"square": "http'],
    "uploads 1": [r'"asset": "asset_\w+", "status": "ready", "url": "http'],
    "wait 1": [r'"url": "http'],
    "webhooks 1": [r'"run_id": "run_'],
}
"""What the answer to each program says, in either language."""


def with_an_editor() -> Catalog:
    """The studio's models, and one that takes a picture."""
    drawing = next(model for model in load_catalog().models if model.model_id == DRAWS)
    picture = drawing.params[0].model_copy(update={"name": "image_url", "options": (SITE,), "default": SITE})
    editor = drawing.model_copy(update={"model_id": EDITS, "params": (*drawing.params, picture)})
    return Catalog((drawing, editor))


@dataclass(kw_only=True)
class World:
    """A server whose studio draws at once, and an internet that gives one picture and listens to webhooks."""

    client: Client
    secret: str
    received: list[httpx.Request] = field(default_factory=list)

    async def execute(self, code: str, language: Language) -> Any:
        with anyio.fail_after(60):
            return await self.client.call_tool("execute", {"code": code, "language": language})


@asynccontextmanager
async def opened(directory: Path) -> AsyncIterator[World]:
    received: list[httpx.Request] = []

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["93.184.215.14"]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            received.append(request)
            return httpx.Response(204)
        return httpx.Response(200, headers={"content-type": "image/png"}, stream=httpx.ByteStream(png(64, 48)))

    studio = Studio(
        directory=directory / "studio",
        renderers=RenderThreads({DRAWS: draw, EDITS: draw}),
        catalog=with_an_editor(),
        web=Web(resolve=resolve, transport=httpx.MockTransport(answer)),
    )
    settings = Settings(data_directory=directory, time_budget_seconds=50)
    async with studio, open_app(settings, backend=studio.app) as server, Client(server) as client:
        transport = httpx.ASGITransport(studio.app)
        async with httpx.AsyncClient(transport=transport, base_url=studio.base_url) as http:
            workspace_id = (await http.get("workspaces")).json()["workspaces"][0]["workspace_id"]
        secret = await studio.create_webhook_secret(workspace_id=workspace_id)
        yield World(client=client, secret=secret, received=received)


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with opened(tmp_path_factory.mktemp("guides")) as world:
        yield world


def samples(language: Language, *, received: bool = False) -> dict[str, str]:
    """Returns the programs of all guides, or the receivers, by the guide's name and their place in it."""
    return {
        f"{guide.name} {number}": code
        for guide in guides()
        for number, code in enumerate(blocks(guide.text, language), start=1)
        if bool(RECEIVER.search(code)) == received
    }


PROGRAMS = [(language, name) for language in LANGUAGES for name in samples(language)]


def test_every_sample_is_there_in_both_languages_and_its_answer_is_known() -> None:
    assert sorted(samples("python")) == sorted(samples("javascript")) == sorted(SAYS)
    assert list(samples("python", received=True)) == list(samples("javascript", received=True)) == ["webhooks 2"]


@pytest.mark.parametrize(("language", "name"), PROGRAMS, ids=[" ".join(each) for each in PROGRAMS])
async def test_a_sample_does_what_its_guide_says(world: World, language: Language, name: str) -> None:
    if name in ("outputs 1", "limits 1", "programs 1"):  # these read what was made before
        assert not (await world.execute(samples("python")["start 1"], "python")).is_error
    result = await world.execute(samples(language)[name], language)
    text = result.content[0].text
    assert not result.is_error, text
    assert [said for said in SAYS[name] if not re.search(said, text)] == [], text


PLACE = {
    "python": (
        "ws = (await client.workspaces.list()).workspaces[0].workspace_id\n"
        "project = (await client.projects.create(name='Examples', workspace_id=ws)).project_id\n"
        "made = await client.generations.create(type='image', prompt='a cup', workspace_id=ws, project_id=project)\n"
        "url = (await client.generations.wait(made.run_id)).outputs[0].url\n"
    ),
    "javascript": (
        "const ws = (await client.workspaces.list()).workspaces[0].workspace_id;\n"
        "const project = (await client.projects.create({ name: 'Examples', workspace_id: ws })).project_id;\n"
        "const place = { workspace_id: ws, project_id: project };\n"
        "const made = await client.generations.create({ type: 'image', prompt: 'a cup', ...place });\n"
        "const url = (await client.generations.wait(made.run_id)).outputs[0].url;\n"
    ),
}
"""Gives an example what it needs, under names that take the place of what it made up."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", [DRAWS, "find-and-replace-text-browser", "side-by-side-composite-browser", "moodboard"]
)
async def test_an_example_that_was_looked_up_runs_with_real_ids(world: World, language: Language, name: str) -> None:
    told = await world.client.call_tool("search_docs", {"query": name, "language": language})
    example = blocks(f"{told.content[0].text}\n", language)[0]
    for made_up, real in (("ws_abc123", "ws"), ("prj_abc123", "project"), (MEDIA_URL, "url")):
        example = example.replace(f'"{made_up}"', real)
    result = await world.execute(f"{PLACE[language]}{example}\nreturn run.run_id", language)
    assert not result.is_error, result.content[0].text
    assert re.search(r'Returned: "run_', result.content[0].text)


@pytest.fixture(scope="module")
async def delivery(world: World) -> httpx.Request:
    """A webhook that the studio sent for the sample that asks for one."""
    await world.execute(samples("python")["webhooks 1"], "python")
    with anyio.fail_after(20):
        while not world.received:
            await anyio.lowlevel.checkpoint()
    return world.received[0]


def cases(delivery: httpx.Request, secret: str) -> Iterator[tuple[bool, str, str, str]]:
    """Yields whether it is genuine, body, header and secret."""
    body, header = delivery.content.decode(), delivery.headers["flora-signature"]
    yield True, body, header, secret
    yield True, body, f"{header},v1={'0' * 64}", secret
    yield False, body.replace("completed", "failed"), header, secret
    yield False, body, header, "whsec_other"
    yield False, body, re.sub(r"t=\d+", f"t={int(time.time()) - 4000}", header), secret
    yield False, body, re.sub(r"v1=.*", "v1=0", header), secret


async def test_the_receiver_in_python_tells_a_genuine_webhook(world: World, delivery: httpx.Request) -> None:
    names: dict[str, Any] = {}
    exec(samples("python", received=True)["webhooks 2"], names)
    for genuine, body, header, secret in cases(delivery, world.secret):
        assert names["is_genuine"](body.encode(), header, secret) is genuine


@pytest.mark.needs_node
async def test_the_receiver_in_javascript_tells_a_genuine_webhook(world: World, delivery: httpx.Request) -> None:
    told = list(cases(delivery, world.secret))
    calls = [f"isGenuine(Buffer.from({body!r}), {header!r}, {secret!r})" for _, body, header, secret in told]
    program = f"{samples('javascript', received=True)['webhooks 2']}\nconsole.log([{', '.join(calls)}].join());"
    node = shutil.which("node", path=f"{node_modules() / 'node' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert node is not None
    command = [node, "--input-type=module", "--eval", program]
    done = await anyio.to_thread.run_sync(
        partial(subprocess.run, command, capture_output=True, text=True, timeout=60, check=False)
    )
    assert done.stderr == ""
    assert done.stdout.strip().split(",") == ["true" if genuine else "false" for genuine, *_ in told]


@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.name)
def test_every_method_and_error_that_a_guide_names_exists(guide: Page) -> None:
    paths = {path for entry in METHODS for path in (entry.path, entry.camel_path)}
    named = set(re.findall(r"\bclient\.((?:\w+\.)*\w+)\(", guide.text))
    assert named - paths - {"help", "show"} == set()
    assert [name for name in re.findall(r"\b[A-Z]\w+Error\b", guide.text) if not hasattr(errors, name)] == []
    assert [name for name in guide.related if name not in paths and name not in {each.name for each in guides()}] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.name)
def test_a_guide_is_short_enough_to_be_read_whole(guide: Page, language: Literal["python", "javascript"]) -> None:
    assert len(in_language(guide.text, language)) < 3_000
    assert len(guide.summary) < 130


def test_the_bounds_that_are_told_are_those_that_hold() -> None:
    limits, settings = Limits(), Settings(data_directory=Path())
    [told] = [guide.text for guide in guides() if guide.name == "limits"]
    kib, mib = 1024, 1024 * 1024
    assert f"the time budget, {settings.time_budget_seconds:g} s unless" in told
    assert f"{limits.wall_seconds:g} s, of which {limits.cpu_seconds:g} s of processor time" in told
    assert f"{limits.memory_bytes // mib} MiB; {limits.calls} calls, {limits.calls_in_flight} of them at a time" in told
    sizes = f"{limits.program_bytes // kib} KiB, {limits.printed_bytes // kib} KiB, {limits.result_bytes // mib} MiB"
    assert f"| a program's text, prints, value | {sizes} |" in told
