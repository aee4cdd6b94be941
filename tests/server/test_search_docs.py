"""The documentation as agents reach it: by the tool, and by `help` in programs."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest
from mcp import Client

from flora_mcp.app import open_app
from flora_mcp.settings import Settings


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    settings = Settings(data_directory=tmp_path_factory.mktemp("docs"))
    async with open_app(settings) as server, Client(server) as client:
        yield client


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    with anyio.fail_after(60):
        return await client.call_tool(tool, arguments)


def text_of(result: Any) -> str:
    assert len(result.content) == 1
    return str(result.content[0].text)


async def test_the_tool_answers_in_the_language_that_was_asked_for(client: Client) -> None:
    python = text_of(await call(client, "search_docs", query="webhook signature"))
    javascript = text_of(await call(client, "search_docs", query="webhook signature", language="javascript"))
    assert python.startswith("# Webhooks: Verify the signature (docs://guides/webhooks)")
    assert "hmac.compare_digest" in python
    assert "timingSafeEqual" not in python
    assert "timingSafeEqual" in javascript
    assert "hmac.compare_digest" not in javascript


async def test_the_tool_only_reads_and_is_told_to_clients_as_such(client: Client) -> None:
    [tool] = [tool for tool in (await client.list_tools()).tools if tool.name == "search_docs"]
    assert tool.annotations is not None
    assert tool.annotations.read_only_hint is True
    assert tool.output_schema is None


async def test_what_does_not_fit_the_tool_is_answered_with_what_does(client: Client) -> None:
    result = await call(client, "search_docs", qery="upload", language="go")
    assert result.is_error
    assert "'qery' is not an argument. Did you mean 'query'?" in text_of(result)
    assert "language is 'go'" in text_of(result)


async def test_models_of_the_user_are_found(client: Client) -> None:
    told = text_of(await call(client, "search_docs", query="studio scene model"))
    assert told.startswith("# Model t2i-studio-scene (docs://models/t2i-studio-scene)")
    assert "- resolution: string, one of '0.5k', '1k', '2k', default '1k'" in told


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('print(await client.help("generations.wait"))', "client.generations.wait(run_id: str, *, timeout_seconds"),
        ('print(await help("generations.wait"))', "client.generations.wait(run_id: str, *, timeout_seconds"),
        ("print(await help())", "# Overview (docs://guides/start)"),
        ('print(await help(topic="cost of a run"))', "# Costs (docs://guides/costs)"),
        (
            'async function run(client) { console.log(await client.help("generations.wait")); }',
            "client.generations.wait(runId: string, options?: { timeout_seconds?: number",
        ),
        ('const page = await help("generations.wait");\nconsole.log(page);', "client.generations.wait(runId: string"),
    ],
)
async def test_a_program_can_ask_for_help(client: Client, code: str, said: str) -> None:
    result = await call(client, "execute", code=code)
    assert not result.is_error, text_of(result)
    assert said in text_of(result)


async def test_a_page_that_a_program_returns_reads_as_a_page(client: Client) -> None:
    told = text_of(await call(client, "execute", code='return await help("uploads")'))
    page = text_of(await call(client, "search_docs", query="uploads"))
    assert told == f"The program is done.\nReturned:\n{page}"


async def test_help_is_given_in_the_language_that_was_named(client: Client) -> None:
    code = 'console.log(await help("generations.wait"))'
    result = await call(client, "execute", code=code, language="javascript")
    assert "client.generations.wait(runId: string" in text_of(result)


async def test_help_with_something_else_than_a_name_is_an_error_that_says_so(client: Client) -> None:
    code = "try:\n    await help(3)\nexcept ValueError as error:\n    return str(error)"
    result = await call(client, "execute", code=code)
    assert "help() cannot explain 3; it takes a name such as 'generations.create'" in text_of(result)


async def test_help_starts_nothing_and_costs_nothing(client: Client) -> None:
    told = text_of(await call(client, "execute", code='return len(await help("generate"))'))
    assert "Runs:" not in told
    assert told.startswith("The program is done.\nReturned: ")
