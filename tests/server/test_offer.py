"""Which tools are offered, as the settings say, and what the list of them costs a conversation."""

import base64
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import anyio
import pytest
from fakes.flora import FakeFlora
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, ToolAnnotations
from PIL import Image

from flora_mcp.app import open_app
from flora_mcp.icons import ICONS, SERVER_ICON
from flora_mcp.protocol import instructions
from flora_mcp.protocol.instructions import LONGEST
from flora_mcp.settings import Settings, SettingsError
from flora_mcp.tools.offer import NAMES

Era = Literal["auto", "legacy"]
ERAS: tuple[Era, ...] = ("auto", "legacy")
MOST_CHARACTERS = 6_000
MOST_TOOLS = 8
DESCRIPTION_CHARACTERS = 2_048


async def offered(settings: Settings, era: Era = "auto") -> Any:
    with anyio.fail_after(30):
        async with open_app(settings, backend=FakeFlora().app) as server, Client(server, mode=era) as client:
            return await client.list_tools()


def names(listed: Any) -> list[str]:
    return [tool.name for tool in listed.tools]


@pytest.mark.parametrize("era", ERAS)
async def test_the_list_of_tools_is_short_enough_for_every_conversation(settings: Settings, era: Era) -> None:
    listed = await offered(settings, era)
    wire = listed.model_dump(by_alias=True, mode="json", exclude_none=True)
    assert names(listed) == list(NAMES)
    assert len(listed.tools) <= MOST_TOOLS
    assert len(json.dumps(wire["tools"])) <= MOST_CHARACTERS
    assert len(json.dumps(wire, ensure_ascii=False, separators=(",", ":"))) <= MOST_CHARACTERS
    assert all(len(tool.description or "") < DESCRIPTION_CHARACTERS for tool in listed.tools)


async def test_every_tool_has_a_title_an_icon_and_what_it_may_do(settings: Settings) -> None:
    listed = await offered(settings)
    assert all(tool.title for tool in listed.tools)
    assert [tool.icons for tool in listed.tools] == [[ICONS[tool.name]] for tool in listed.tools]
    writing = {tool.name for tool in listed.tools if not (tool.annotations and tool.annotations.read_only_hint)}
    assert writing == {"execute", "generate", "upload"}
    assert all(tool.annotations.destructive_hint is False for tool in listed.tools if tool.name in writing)
    assert all(tool.annotations.open_world_hint is None for tool in listed.tools)


async def test_the_example_in_the_description_of_execute_runs(settings: Settings) -> None:
    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server) as client:
            [execute] = [tool for tool in (await client.list_tools()).tools if tool.name == "execute"]
            example = (execute.description or "").split("```")[1].removeprefix("python\n")
            # Three pictures of full size take long.
            quick = example.replace('"4:3"}', '"4:3", "resolution": "0.5k"}')
            assert quick != example
            answered = await client.call_tool("execute", {"code": quick})
    assert not answered.is_error, answered.content[0].text
    assert [block.type for block in answered.content].count("image") == 3


@pytest.mark.parametrize("name", [*NAMES, "server"])
def test_an_icon_is_a_small_picture_that_is_its_own_address(name: str) -> None:
    head, _, data = ICONS.get(name, SERVER_ICON).src.partition(",")
    assert head == "data:image/webp;base64"
    with Image.open(io.BytesIO(base64.b64decode(data, validate=True))) as picture:
        assert (picture.format, picture.mode, picture.size) == ("WEBP", "RGBA", (16, 16))
        # Something is drawn, on a ground that shines through.
        assert picture.getchannel("A").getextrema() == (0, 255)


def test_no_two_tools_share_an_icon() -> None:
    assert len({icon.src for icon in ICONS.values()}) == len(NAMES)


@pytest.mark.parametrize("era", ERAS)
async def test_the_icon_of_the_server_is_told_once(settings: Settings, era: Era) -> None:
    async with open_app(settings, backend=FakeFlora().app) as server, Client(server, mode=era) as client:
        told = client.server_info
        listed = await client.list_tools()
    assert told is not None
    assert told.icons == [SERVER_ICON]
    assert "icons" not in json.dumps(listed.meta or {})


@pytest.mark.parametrize(
    ("only", "without", "left"),
    [
        (("execute", "wait"), (), ["execute", "wait"]),
        (("wait", "execute"), (), ["execute", "wait"]),
        ((), ("generate", "show"), [name for name in NAMES if name not in ("generate", "show")]),
        (("execute", "wait"), ("wait",), ["execute"]),
    ],
)
async def test_only_the_wanted_tools_are_offered(
    tmp_path: Path, only: Sequence[str], without: Sequence[str], left: list[str]
) -> None:
    settings = Settings(data_directory=tmp_path, tools=tuple(only), no_tools=tuple(without))
    assert names(await offered(settings)) == left


async def test_a_tool_that_is_not_offered_cannot_be_called(tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path, tools=("wait",))
    async with open_app(settings, backend=FakeFlora().app) as server, Client(server) as client:
        with pytest.raises(MCPError) as caught:
            await client.call_tool("execute", {"code": "return 1"})
        told = client.instructions or ""
    assert caught.value.error.code == INVALID_PARAMS
    assert "The tools are wait." in caught.value.error.message
    assert "`wait`" in told
    assert "`execute`" not in told


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"tools": ("exec",)}, "FLORA_TOOLS names 'exec', but no tool is called so. Did you mean execute?"),
        ({"no_tools": ("list-models",)}, "FLORA_NO_TOOLS names 'list-models', but no tool is called so. Did you mean"),
        ({"tools": ("zzz",)}, "The tools are execute, search_docs, list_models, generate, wait, show, upload."),
        ({"no_tools": NAMES}, "No tool is left to offer"),
        ({"tools": ("generate",), "read_only": True}, "No tool is left to offer"),
    ],
)
async def test_a_server_does_not_start_with_tools_that_there_are_not(
    tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        await offered(Settings(data_directory=tmp_path, **settings))
    assert message in str(caught.value)


async def test_read_only_leaves_tools_that_read_and_says_so_of_each(tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path, read_only=True)
    flora = FakeFlora()
    async with open_app(settings, backend=flora.app) as server, Client(server) as client:
        tools = (await client.list_tools()).tools
        refused = [
            await client.call_tool("generate", {"prompt": "a mug"}),
            await client.call_tool("upload", {"source": "https://media.example/a.png"}),
        ]
        told = client.instructions or ""
    assert [tool.name for tool in tools] == [name for name in NAMES if name not in ("generate", "upload")]
    assert [tool.annotations for tool in tools] == [ToolAnnotations(read_only_hint=True)] * len(tools)
    for answer in refused:
        assert answer.is_error
        assert "FLORA_READ_ONLY is set" in answer.content[0].text
    assert flora.created == []
    assert "FLORA_READ_ONLY" in told
    assert "`generate`" not in told


async def test_a_blocked_method_takes_its_tool_along(tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path, block_methods=("models.list", "assets.upload"))
    assert names(await offered(settings)) == ["execute", "search_docs", "generate", "wait", "show"]


@pytest.mark.parametrize("read_only", [True, False])
def test_no_client_cuts_the_instructions(read_only: bool) -> None:
    assert len(instructions(NAMES, read_only=read_only)) < LONGEST == DESCRIPTION_CHARACTERS


@pytest.mark.parametrize("era", ERAS)
async def test_capabilities_tell_what_there_is(settings: Settings, era: Era) -> None:
    async with open_app(settings, backend=FakeFlora().app) as server, Client(server, mode=era) as client:
        capabilities = client.server_capabilities.model_dump(exclude_none=True)
    assert capabilities == {
        "tools": {"list_changed": False},
        "prompts": {"list_changed": False},
        "resources": {"subscribe": True, "list_changed": True},
        "completions": {},
    }
