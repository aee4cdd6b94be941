"""Recipes: listed, filled in, completed, and true to what the server has."""

import dataclasses
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import anyio
import pytest
from fakes.flora import FakeFlora
from fakes.patience import until
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, PromptReference

from flora_mcp.app import open_app
from flora_mcp.flora import METHODS, Flora
from flora_mcp.prompts import recipes
from flora_mcp.prompts.prompts import LONGEST
from flora_mcp.resources import Choices
from flora_mcp.settings import Settings
from flora_mcp.tools.offer import NAMES

ERAS: tuple[Literal["auto", "legacy"], ...] = ("auto", "legacy")
MODEL = "t2i-studio-scene"
RECIPES = [
    "make_pictures",
    "batch_variations",
    "compare_models",
    "refine_output",
    "animate_picture",
    "run_technique",
    "build_canvas",
    "use_file",
]
FILLED = {
    "make_pictures": {"subject": "a mug", "style": "line art", "count": "3", "aspect_ratio": "4:3", "model": MODEL},
    "batch_variations": {"subject": "a mug", "variations": "red, blue", "aspect_ratio": "1:1", "model": MODEL},
    "compare_models": {"subject": "a mug", "type": "image", "models": f"{MODEL}, other"},
    "refine_output": {"output": "flora://runs/run_1/outputs/output_1", "change": "blue instead of red"},
    "animate_picture": {"output": "run_1", "motion": "steam rises", "model": "i2v-any"},
    "run_technique": {"technique": "tech_1", "inputs": "a text: hello"},
    "build_canvas": {"goal": "a poster from a photo", "project": "prj_1"},
    "use_file": {"file": "/pictures/mug.png", "wish": "remove the background"},
}


@pytest.fixture(scope="module", params=ERAS)
async def studio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    settings = Settings(data_directory=tmp_path_factory.mktemp("studio"))
    async with open_app(settings) as server, Client(server, mode=request.param) as client:
        yield client


async def written(client: Client, name: str, **arguments: str) -> str:
    answer = await client.get_prompt(name, arguments)
    (message,) = answer.messages
    assert message.role == "user"
    assert message.content.type == "text"
    return message.content.text


async def proposed(client: Client, name: str, argument: str, value: str = "", **given: str) -> list[str]:
    answer = await client.complete(
        PromptReference(name=name), {"name": argument, "value": value}, context_arguments=given or None
    )
    return answer.completion.values


async def test_recipes_are_listed_with_what_can_be_filled_in(studio: Client) -> None:
    prompts = {each.name: each for each in (await studio.list_prompts()).prompts}
    assert list(prompts) == RECIPES
    first = prompts["make_pictures"]
    assert [(each.name, each.required) for each in first.arguments or ()] == [
        ("subject", True),
        ("style", False),
        ("count", False),
        ("aspect_ratio", False),
        ("model", False),
    ]
    assert all(each.title and each.description for each in prompts.values())


async def test_every_blank_that_was_filled_in_is_in_the_text(studio: Client) -> None:
    for prompt in (await studio.list_prompts()).prompts:
        filled = FILLED[prompt.name]
        assert {each.name for each in prompt.arguments or ()} == set(filled)
        text = await written(studio, prompt.name, **filled)
        assert [value for value in filled.values() if value not in text] == []


async def test_a_recipe_can_be_written_with_only_what_is_required(studio: Client) -> None:
    for prompt in (await studio.list_prompts()).prompts:
        required = {each.name: FILLED[prompt.name][each.name] for each in prompt.arguments or () if each.required}
        blank = {each.name: "  " for each in prompt.arguments or () if not each.required}
        assert await written(studio, prompt.name, **required) == await written(studio, prompt.name, **required, **blank)


async def test_recipes_name_only_tools_methods_and_pages_that_there_are(studio: Client) -> None:
    methods = {entry.path for entry in METHODS}
    for prompt in (await studio.list_prompts()).prompts:
        text = await written(studio, prompt.name, **FILLED[prompt.name])
        assert set(re.findall(r"client\.([a-z_.]+[a-z])", text)) <= methods
        assert set(re.findall(r"\b(?:[Cc]all|[Aa]sk|for|In|in) (\w+_\w+|execute|wait|show)\b", text)) <= set(NAMES)
        for page in re.findall(r"docs://[a-z/]+[a-z]", text):
            assert (await studio.read_resource(page)).contents[0].text


async def test_blanks_are_completed_by_what_the_tenant_has(studio: Client) -> None:
    assert await proposed(studio, "make_pictures", "model", "scene") == [MODEL]
    assert "4:3" in await proposed(studio, "make_pictures", "aspect_ratio", "", model=MODEL)
    assert await proposed(studio, "make_pictures", "style", "line") == ["line art"]
    assert await proposed(studio, "make_pictures", "subject", "a m") == []
    assert await proposed(studio, "compare_models", "type", "v") == ["video"]
    assert await proposed(studio, "compare_models", "models", f"other, {MODEL[:5]}") == [f"other, {MODEL}"]
    assert await proposed(studio, "compare_models", "models", "t2i", type="video") == []
    assert await proposed(studio, "run_technique", "technique")


async def test_outputs_and_projects_are_proposed_once_there_are_some(settings: Settings) -> None:
    flora = FakeFlora()
    paying = dataclasses.replace(
        settings, api_key="sk_test", base_url="http://studio.localhost/api/v1", time_budget_seconds=1.0
    )
    with anyio.fail_after(60):
        async with open_app(paying, backend=flora.app) as server, Client(server) as client:
            assert await proposed(client, "refine_output", "output") == []
            await until(client, await client.call_tool("generate", {"prompt": "a mug"}), "run_1")
            flora.finish("run_1")
            while (await client.call_tool("wait", {"ids": ["run_1"]})).content[0].text.startswith("Not done"):
                pass
            assert await proposed(client, "refine_output", "output") == ["flora://runs/run_1/outputs/output_1"]
            assert await proposed(client, "build_canvas", "project", "prj") == ["prj_1"]


@pytest.mark.parametrize(
    ("name", "arguments", "problem"),
    [
        ("make_picture", {"subject": "a mug"}, "Did you mean 'make_pictures'?"),
        ("make_pictures", {}, "subject is required: What to make, in your own words."),
        ("make_pictures", {"subject": " "}, "subject is required"),
        ("make_pictures", {"subject": "a mug", "modell": "x"}, "'modell' is not an argument. Did you mean 'model'?"),
        ("make_pictures", {"subject": "x" * (LONGEST + 1)}, f"at most {LONGEST} are taken"),
        ("refine_output", {"subject": "a mug"}, "It takes output (required), change (required)."),
    ],
)
async def test_what_cannot_be_written_is_refused_with_what_is_accepted(
    studio: Client, name: str, arguments: dict[str, str], problem: str
) -> None:
    with pytest.raises(MCPError) as caught:
        await studio.get_prompt(name, arguments)
    assert caught.value.error.code == INVALID_PARAMS
    assert problem in caught.value.error.message


async def test_a_wrong_blank_is_not_completed(studio: Client) -> None:
    with pytest.raises(MCPError) as caught:
        await proposed(studio, "make_pictures", "seed")
    assert caught.value.error.code == INVALID_PARAMS


async def test_recipes_that_need_a_tool_that_is_not_offered_are_not_listed(tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path, no_tools=("execute",))
    async with open_app(settings, backend=FakeFlora().app) as server, Client(server) as client:
        prompts = [each.name for each in (await client.list_prompts()).prompts]
        with pytest.raises(MCPError):
            await client.get_prompt("batch_variations", FILLED["batch_variations"])
    assert prompts == ["make_pictures"]


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ({"read_only": True}, []),
        ({"block_methods": ("generations.create",)}, ["run_technique", "build_canvas", "use_file"]),
        ({"block_methods": ("techniques.runs.create",)}, [name for name in RECIPES if name != "run_technique"]),
    ],
)
async def test_recipes_that_could_only_fail_are_not_listed(
    tmp_path: Path, rules: dict[str, Any], left: list[str]
) -> None:
    settings = Settings(data_directory=tmp_path, **rules)
    async with open_app(settings, backend=FakeFlora().app) as server, Client(server) as client:
        assert [each.name for each in (await client.list_prompts()).prompts] == left


def test_recipes_need_only_methods_and_tools_that_there_are() -> None:
    # A name that is no method's would never be forbidden, one that is no tool's never be offered.
    made = recipes(Choices(flora=Flora(api_key=None), store=None))
    assert {method for recipe in made for method in recipe.methods} <= {entry.path for entry in METHODS}
    assert {tool for recipe in made for tool in recipe.tools} <= set(NAMES)
    assert [recipe.name for recipe in made] == RECIPES
