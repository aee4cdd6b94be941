"""What can be read by address: forms, lists, pages, and what somebody who types is offered."""

import dataclasses
import json
from collections.abc import AsyncIterator
from typing import Any, Literal

import anyio
import pytest
from fakes.flora import FakeFlora
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    Resource,
    ResourceTemplate,
    ResourceTemplateReference,
    TextResourceContents,
)
from starlette.responses import Response

from flora_mcp.app import open_app
from flora_mcp.resources import Family, Given, Listed, Reading, Resources, completion
from flora_mcp.resources.cursors import read_cursor, write_cursor
from flora_mcp.resources.errors import CursorError
from flora_mcp.resources.recent import FRESH_SECONDS, Recent
from flora_mcp.resources.resources import PAGE
from flora_mcp.settings import Settings

ERAS: tuple[Literal["auto", "legacy"], ...] = ("auto", "legacy")
MODEL = "t2i-studio-scene"
TEMPLATES = [
    "flora://runs/{run_id}/outputs/{output_id}",
    "flora://runs/{run_id}",
    "flora://assets/{asset_id}",
    "flora://models/{model_id}",
    "flora://techniques/{technique_id}",
    "docs://{kind}/{name}",
]


@pytest.fixture(scope="module", params=ERAS)
async def studio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A client of a newcomer's server, with one picture."""
    settings = Settings(data_directory=tmp_path_factory.mktemp("studio"))
    async with open_app(settings) as server, Client(server, mode=request.param) as client:
        wish = {"prompt": "a mug", "params": {"aspect_ratio": "1:1", "resolution": "0.5k"}}
        assert not (await client.call_tool("generate", wish)).is_error
        yield client


async def completed(client: Client, uri: str, name: str, value: str = "", **given: str) -> list[str]:
    reference = ResourceTemplateReference(uri=uri)
    answer = await client.complete(reference, {"name": name, "value": value}, context_arguments=given or None)
    return answer.completion.values


async def newest(client: Client) -> Any:
    return (await client.list_resources()).resources[0]


async def test_every_kind_has_a_template(studio: Client) -> None:
    templates = (await studio.list_resource_templates()).resource_templates
    assert [each.uri_template for each in templates] == TEMPLATES
    assert all(each.title and each.description for each in templates)


async def test_outputs_are_listed_before_the_guides(studio: Client) -> None:
    uris = [each.uri for each in (await studio.list_resources()).resources]
    assert uris[0].startswith("flora://runs/run_")
    assert all(uri.startswith("docs://guides/") for uri in uris[1:])
    assert "docs://guides/start" in uris


async def test_a_run_tells_how_it_ended_and_where_its_outputs_are(studio: Client) -> None:
    output = await newest(studio)
    run = output.uri.partition("/outputs/")[0]
    read = (await studio.read_resource(run)).contents[0]
    told = json.loads(read.text)
    assert read.mime_type == "application/json"
    assert told["status"] == "completed"
    assert told["model_id"] == MODEL
    assert [each["uri"] for each in told["outputs"]] == [output.uri]


async def test_models_techniques_and_pages_can_be_read(studio: Client) -> None:
    technique = (await completed(studio, "flora://techniques/{technique_id}", "technique_id"))[0]
    model = json.loads((await studio.read_resource(f"flora://models/{MODEL}")).contents[0].text)
    found = json.loads((await studio.read_resource(f"flora://techniques/{technique}")).contents[0].text)
    page = (await studio.read_resource("docs://methods/generations.create")).contents[0]
    assert model["model_id"] == MODEL
    assert "aspect_ratio" in [param["name"] for param in model["params"]]
    assert technique in (found["technique_id"], found.get("slug"))
    assert page.mime_type == "text/markdown"
    assert "workspace_id" in page.text


@pytest.mark.parametrize(
    "uri",
    [
        "flora://runs/run_none",
        "flora://runs/run_none/outputs/output_1",
        "flora://assets/asset_none",
        "flora://assets/wrong",
        "flora://models/none",
        "flora://techniques/none",
        "docs://guides/none",
        "docs://guides/a/b",
        "flora://runs/",
        "flora://runs/run_1/outputs/",
        "file:///etc/passwd",
        "nonsense",
    ],
)
async def test_what_is_not_there_is_an_error_that_names_the_address(studio: Client, uri: str) -> None:
    with pytest.raises(MCPError) as caught:
        await studio.read_resource(uri)
    assert caught.value.error.code == INVALID_PARAMS
    assert caught.value.error.data == {"uri": uri}


async def test_arguments_of_templates_are_completed(studio: Client) -> None:
    output = await newest(studio)
    run_id = output.uri.split("/")[3]
    outputs, run, kinds = TEMPLATES[0], TEMPLATES[1], TEMPLATES[5]
    assert await completed(studio, run, "run_id", run_id[:6]) == [run_id]
    assert await completed(studio, outputs, "run_id") == [run_id]
    assert await completed(studio, outputs, "output_id", run_id=run_id) == [output.uri.split("/")[5]]
    assert await completed(studio, outputs, "output_id", run_id="run_none") == []
    assert await completed(studio, TEMPLATES[3], "model_id", "scene") == [MODEL]
    assert await completed(studio, TEMPLATES[2], "asset_id", "nothing") == []
    assert await completed(studio, kinds, "kind", "m") == ["methods", "models"]
    assert "generations.create" in await completed(studio, kinds, "name", "generations.", kind="methods")
    assert MODEL in await completed(studio, kinds, "name", "t2i", kind="models")
    assert "resize-image-browser" in await completed(studio, kinds, "name", "resize", kind="actions")
    assert await completed(studio, kinds, "name", "start", kind="guides") == ["start"]


async def test_a_wrong_template_or_argument_is_refused_with_what_there_is(studio: Client) -> None:
    with pytest.raises(MCPError) as form:
        await completed(studio, "flora://run/{run_id}", "run_id")
    with pytest.raises(MCPError) as argument:
        await completed(studio, "flora://runs/{run_id}", "id")
    assert form.value.error.code == argument.value.error.code == INVALID_PARAMS
    assert "Did you mean 'flora://runs/{run_id}'?" in form.value.error.message
    assert "It has run_id." in argument.value.error.message


async def test_an_output_that_nobody_has_stored_is_fetched_when_it_is_read(settings: Settings) -> None:
    flora = FakeFlora()
    flora.runs["run_9"] = {"run_id": "run_9", "status": "running", "progress": 0, "created_at": 1}
    paying = dataclasses.replace(settings, api_key="sk_test", base_url="http://studio.localhost/api/v1")
    uri = "flora://runs/run_9/outputs/output_1"
    with anyio.fail_after(20):
        async with open_app(paying, backend=flora.app) as server, Client(server) as client:
            with pytest.raises(MCPError) as early:
                await client.read_resource(uri)
            flora.finish("run_9")
            read = await client.read_resource(uri)
    assert "flora://runs/run_9" in early.value.error.message
    assert read.contents[0].mime_type == "image/png"


async def test_what_the_rules_forbid_has_no_address(settings: Settings) -> None:
    ruled = dataclasses.replace(settings, block_methods=("assets.retrieve", "models.list"))
    with anyio.fail_after(20):
        async with open_app(ruled, backend=FakeFlora().app) as server, Client(server) as client:
            templates = (await client.list_resource_templates()).resource_templates
    assert [each.uri_template for each in templates] == [TEMPLATES[0], TEMPLATES[1], TEMPLATES[4], TEMPLATES[5]]


def family(name: str, count: int) -> Family:
    """Resources without a server, in pages of whatever size is asked for."""

    async def listed(cursor: str | None, limit: int) -> Listed:
        begin = int(cursor or 0)
        found = [Resource(uri=f"{name}://{n}", name=str(n)) for n in range(begin, min(begin + limit, count))]
        return Listed(resources=found, following=str(begin + limit) if begin + limit < count else None)

    async def read(uri: str, given: Given) -> Reading:
        return Reading(contents=TextResourceContents(uri=uri, text=given["n"]))

    template = ResourceTemplate(name=name, uri_template=f"{name}://{{n}}")
    return Family(template=template, list=listed, read=read)


@pytest.mark.parametrize(
    "sizes", [(0, 0), (1, 0), (0, 1), (PAGE, 1), (PAGE - 1, 2), (3 * PAGE, PAGE), (7, 2 * PAGE + 1)]
)
async def test_pages_name_every_resource_once_and_in_order(sizes: tuple[int, int]) -> None:
    resources = Resources([family("a", sizes[0]), family("b", sizes[1])])
    seen: list[str] = []
    page = await resources.list(None)
    seen += [each.uri for each in page.resources]
    while page.next_cursor is not None:
        page = await resources.list(page.next_cursor)
        assert 0 < len(page.resources) <= PAGE
        seen += [each.uri for each in page.resources]
    assert seen == [f"a://{n}" for n in range(sizes[0])] + [f"b://{n}" for n in range(sizes[1])]


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "%%%", "e30", write_cursor("c", None), write_cursor("a", None)[:-1] + "!", "ä", "x" * 5000],
)
async def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(MCPError) as caught:
        await Resources([family("a", 3)]).list(cursor)
    assert caught.value.error.code == INVALID_PARAMS
    assert cursor[:80] in caught.value.error.message or repr(cursor[:80]) in caught.value.error.message


@pytest.mark.parametrize(("name", "place"), [("a", None), ("outputs", "3"), ("ä", "ö/\"'")])
def test_a_cursor_leads_back_to_its_place(name: str, place: str | None) -> None:
    assert read_cursor(write_cursor(name, place)) == (name, place)


@pytest.mark.parametrize("forged", ["WzEsMl0", "W10", "bnVsbA", "WyJhIl0"])
def test_a_forged_cursor_is_refused(forged: str) -> None:
    with pytest.raises(CursorError):
        read_cursor(forged)


@pytest.mark.parametrize("era", ERAS)
async def test_a_wrong_cursor_is_refused_by_every_list(settings: Settings, era: Literal["auto", "legacy"]) -> None:
    async with open_app(settings, backend=FakeFlora().app) as server, Client(server, mode=era) as client:
        for ask in (
            client.list_resources,
            client.list_tools,
            client.list_prompts,
            client.list_resource_templates,
        ):
            with pytest.raises(MCPError) as caught:
                await ask(cursor="bm9uc2Vuc2U")
            assert caught.value.error.code == INVALID_PARAMS
            await ask(cursor="")


def test_what_begins_as_typed_comes_before_what_has_it_within() -> None:
    found = completion(["xab", "abc", "ABd", "abc", "none"], "ab")
    assert found.values == ["abc", "ABd", "xab"]
    assert (found.total, found.has_more) == (3, False)


def test_no_more_than_a_hundred_values_are_proposed() -> None:
    found = completion((str(number) for number in range(250)), "")
    assert len(found.values) == 100
    assert (found.total, found.has_more) == (250, True)


async def test_nothing_is_proposed_while_flora_cannot_tell(settings: Settings) -> None:
    flora = FakeFlora()  # it has no catalogue, no techniques and no assets
    paying = dataclasses.replace(settings, api_key="sk_test", base_url="http://studio.localhost/api/v1")
    async with open_app(paying, backend=flora.app) as server, Client(server) as client:
        assert await completed(client, TEMPLATES[3], "model_id") == []
        assert await completed(client, TEMPLATES[4], "technique_id") == []


async def test_a_run_that_cannot_be_read_now_is_not_said_to_be_none(settings: Settings) -> None:
    paying = dataclasses.replace(settings, api_key="sk_test", base_url="http://studio.localhost/api/v1", max_retries=0)
    async with open_app(paying, backend=_away) as server, Client(server) as client:
        with pytest.raises(MCPError) as caught:
            await client.read_resource("flora://runs/run_1")
    assert caught.value.error.code == INTERNAL_ERROR
    assert "503" in caught.value.error.message


async def _away(scope: Any, receive: Any, send: Any) -> None:
    await Response(status_code=503)(scope, receive, send)


async def test_who_types_asks_flora_once_in_a_while() -> None:
    asked: list[int] = []
    now = [0.0]

    async def read() -> int:
        asked.append(len(asked))
        return asked[-1]

    recent = Recent(read, clock=lambda: now[0])
    answers = [await recent.get(), await recent.get()]
    now[0] = FRESH_SECONDS + 1
    assert [*answers, await recent.get()] == [0, 0, 1]
