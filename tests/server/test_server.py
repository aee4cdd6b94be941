"""The server as an MCP client sees it, in both eras: lists, pictures, resources, notifications."""

import base64
import io
from typing import Any, Literal

import anyio
import mcp_types
import pytest
from e2e.servers import CHAT
from mcp import Client
from mcp.shared.exceptions import MCPError
from PIL import Image

from flora_mcp.app import open_app
from flora_mcp.settings import Settings

Era = Literal["auto", "legacy"]
ERAS: tuple[Era, ...] = ("auto", "legacy")
SMALL = {"aspect_ratio": "4:3", "resolution": "0.5k"}


def text_of(result: Any) -> str:
    first = result.content[0]
    assert first.type == "text"
    return str(first.text)


def kinds(result: Any) -> list[str]:
    return [block.type for block in result.content]


@pytest.mark.parametrize("era", ERAS)
async def test_the_tools_are_listed_with_plain_schemas(settings: Settings, era: Era) -> None:
    with anyio.fail_after(30):
        async with open_app(settings) as server, Client(server, mode=era) as client:
            tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == [
        "execute",
        "search_docs",
        "list_models",
        "generate",
        "wait",
        "show",
        "upload",
    ]
    assert all(tool.output_schema is None for tool in tools)
    assert all(len(tool.description or "") < 2048 for tool in tools)
    assert "null" not in str([tool.input_schema for tool in tools])


@pytest.mark.parametrize("era", ERAS)
async def test_the_server_says_that_its_resources_change(settings: Settings, era: Era) -> None:
    with anyio.fail_after(30):
        async with open_app(settings) as server, Client(server, mode=era) as client:
            resources = client.server_capabilities.resources
    assert resources is not None
    assert resources.list_changed is True


@pytest.mark.parametrize("era", ERAS)
async def test_a_generation_answers_with_facts_then_pictures_then_links(settings: Settings, era: Era) -> None:
    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server, mode=era, client_info=CHAT) as client:
            result = await client.call_tool("generate", {"prompt": "a red mug", "count": 2, "params": SMALL})
            listed = [each for each in (await client.list_resources()).resources if each.uri.startswith("flora://")]
            read = await client.read_resource(listed[0].uri)
    assert not result.is_error
    assert result.structured_content is None
    assert kinds(result) == ["text", "image", "image", "resource_link", "resource_link"]
    facts = text_of(result)
    assert "Runs: 2 completed. Spent 0.008 USD of studio credits (no real money)." in facts
    assert "512x384" in facts
    assert "seed" in facts
    links = [block.uri for block in result.content if isinstance(block, mcp_types.ResourceLink)]
    assert sorted(resource.uri for resource in listed) == sorted(links)
    assert all(uri in facts for uri in links)
    full = read.contents[0]
    assert isinstance(full, mcp_types.BlobResourceContents)
    assert full.mime_type == "image/png"
    assert Image.open(io.BytesIO(base64.b64decode(full.blob))).size == (512, 384)


async def test_a_client_without_a_name_is_given_no_links(settings: Settings) -> None:
    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server, mode="legacy") as client:
            result = await client.call_tool("generate", {"prompt": "a red mug", "params": SMALL})
            [listed] = [each for each in (await client.list_resources()).resources if each.uri.startswith("flora://")]
    assert kinds(result) == ["text", "image"]
    assert listed.uri in text_of(result)


async def test_previews_stay_within_the_budget_of_a_chat(settings: Settings) -> None:
    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server) as client:
            result = await client.call_tool("generate", {"prompt": "a red mug", "count": 3, "params": SMALL})
    images = [block for block in result.content if isinstance(block, mcp_types.ImageContent)]
    assert len(images) == 3
    assert sum(len(image.data) for image in images) <= 700_000
    assert max(max(Image.open(io.BytesIO(base64.b64decode(image.data))).size) for image in images) <= 1024


async def test_models_are_listed_with_price_and_parameters(settings: Settings) -> None:
    with anyio.fail_after(30):
        async with open_app(settings) as server, Client(server) as client:
            result = await client.call_tool("list_models", {"type": "image"})
            none = await client.call_tool("list_models", {"type": "video"})
    facts = text_of(result)
    assert "t2i-studio-scene (image)" in facts
    assert "aspect_ratio: string, one of '1:1'" in facts
    assert kinds(result) == ["text"]
    assert "No video models" in text_of(none)


async def test_a_handshake_client_is_told_of_each_picture(settings: Settings) -> None:
    told = anyio.Event()

    async def hear(message: Any) -> None:
        if getattr(message, "method", "") == "notifications/resources/list_changed":
            told.set()

    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server, mode="legacy", message_handler=hear) as client:
            await client.call_tool("generate", {"prompt": "a red mug", "params": SMALL})
            await told.wait()


async def test_a_listening_client_is_told_of_each_picture(settings: Settings) -> None:
    with anyio.fail_after(60):
        async with (
            open_app(settings) as server,
            Client(server) as client,
            client.listen(resources_list_changed=True) as changes,
        ):
            await client.call_tool("generate", {"prompt": "a red mug", "params": SMALL})
            event = await anext(aiter(changes))
    assert type(event).__name__ == "ResourcesListChanged"


@pytest.mark.parametrize("era", ERAS)
async def test_progress_grows_while_work_goes_on(settings: Settings, era: Era) -> None:
    heard: list[tuple[float, float | None, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, total, message))

    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server, mode=era) as client:
            await client.call_tool("generate", {"prompt": "a red mug", "params": SMALL}, progress_callback=hear)
    values = [value for value, _, _ in heard]
    assert len(values) >= 2
    assert values == sorted(set(values))
    assert any(message and message.startswith("run_") for _, _, message in heard)


async def test_an_unknown_tool_is_a_protocol_error_that_names_the_tools(settings: Settings) -> None:
    with anyio.fail_after(30):
        async with open_app(settings) as server, Client(server, mode="legacy") as client:
            with pytest.raises(MCPError) as caught:
                await client.call_tool("draw", {})
    assert caught.value.error.code == mcp_types.INVALID_PARAMS
    assert "execute, search_docs, list_models, generate, wait, show, upload" in caught.value.error.message


async def test_an_unknown_resource_and_a_bad_cursor_are_refused(settings: Settings) -> None:
    with anyio.fail_after(30):
        async with open_app(settings) as server, Client(server, mode="legacy") as client:
            with pytest.raises(MCPError) as missing:
                await client.read_resource("flora://runs/run_none/outputs/output_1")
            with pytest.raises(MCPError) as cursor:
                await client.list_resources(cursor="nonsense")
    assert missing.value.error.code == cursor.value.error.code == mcp_types.INVALID_PARAMS


async def test_wrong_arguments_come_back_as_text_for_the_model(settings: Settings) -> None:
    with anyio.fail_after(30):
        async with open_app(settings) as server, Client(server) as client:
            result = await client.call_tool("generate", {"prompt": "a mug", "aspect_ratio": "4:3"})
    assert result.is_error
    assert "put it into params" in text_of(result)


async def test_an_unknown_model_names_those_there_are_and_spends_nothing(settings: Settings) -> None:
    with anyio.fail_after(30):
        async with open_app(settings) as server, Client(server) as client:
            result = await client.call_tool("generate", {"prompt": "a mug", "model": "t2i-none"})
    assert result.is_error
    assert "nothing was spent" in text_of(result)
    assert "t2i-studio-scene" in text_of(result)


async def test_wait_refuses_what_is_no_run(settings: Settings) -> None:
    with anyio.fail_after(30):
        async with open_app(settings) as server, Client(server) as client:
            odd = await client.call_tool("wait", {"ids": ["prj_1"]})
            gone = await client.call_tool("wait", {"ids": ["run_none"]})
            old = await client.call_tool("wait", {"ids": ["exe_none"]})
    assert odd.is_error
    assert gone.is_error
    assert old.is_error
    assert "generations.list" in text_of(old)
