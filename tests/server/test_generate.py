"""`generate` and `wait` against a FLORA whose runs end when the test says so."""

import dataclasses
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from fakes.flora import PROJECT, WORKSPACE, FakeFlora
from fakes.patience import until
from mcp import Client

from flora_mcp.app import open_app
from flora_mcp.settings import Settings


@asynccontextmanager
async def connected(settings: Settings, flora: FakeFlora) -> AsyncIterator[Client]:
    with anyio.fail_after(30):
        async with open_app(settings, backend=flora.app) as server, Client(server) as client:
            yield client


@pytest.fixture
def impatient(settings: Settings) -> Settings:
    return dataclasses.replace(settings, time_budget_seconds=2.0)


def text_of(result: Any) -> str:
    return str(result.content[0].text)


async def finish_when_started(flora: FakeFlora, count: int, **facts: Any) -> None:
    await flora.has(count)
    for run_id in list(flora.runs):
        flora.finish(run_id, **facts)


async def test_a_batch_is_read_by_list_calls(settings: Settings) -> None:
    flora = FakeFlora()
    async with connected(settings, flora) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(finish_when_started, flora, 6)
        result = await client.call_tool("generate", {"prompt": "a mug", "count": 6})
    assert not result.is_error
    assert "Runs: 6 completed. Spent 0.300 USD" in text_of(result)
    assert "Quoted before: 0.240. This session: 0.300 spent." in text_of(result)
    assert flora.requests["retrieve"] <= 3
    assert [block.type for block in result.content].count("image") == 1


async def test_the_defaults_are_the_first_workspace_and_one_project_of_ours(settings: Settings) -> None:
    flora = FakeFlora()
    async with connected(settings, flora) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(finish_when_started, flora, 1)
        await client.call_tool("generate", {"prompt": "a mug"})
        tasks.start_soon(finish_when_started, flora, 2)
        await client.call_tool("generate", {"prompt": "a cup"})
    assert [(body["workspace_id"], body["project_id"]) for body in flora.created] == [(WORKSPACE, PROJECT)] * 2
    assert [project["name"] for project in flora.projects] == ["flora-mcp"]


async def test_further_runs_of_a_given_seed_take_the_next_seeds(settings: Settings) -> None:
    flora = FakeFlora()
    async with connected(settings, flora) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(finish_when_started, flora, 3)
        await client.call_tool("generate", {"prompt": "a mug", "count": 3, "params": {"seed": 7}})
    assert sorted(body["params"]["seed"] for body in flora.created) == [7, 8, 9]


async def test_over_the_budget_the_answer_names_the_runs_and_wait_takes_them_up(impatient: Settings) -> None:
    flora = FakeFlora()
    async with connected(impatient, flora) as client:
        made = await client.call_tool("generate", {"prompt": "a mug", "count": 2})
        first = await until(client, made, "call wait with ids ['run_1', 'run_2']")
        flora.finish("run_1")
        flora.finish("run_2", status="failed", error_code="LLM_REFUSAL", error_message="no", outputs=None)
        waited = await client.call_tool("wait", {"ids": ["run_1", "run_2"]})
        second = await until(client, waited, "Runs: 1 completed")
    assert "call wait with ids ['run_1', 'run_2']. Do not generate again." in text_of(first)
    assert "Spent 0.080 USD of studio credits (no real money) as quoted" in text_of(first)
    assert not second.is_error
    assert "run_2 failed, model t2i-fake: LLM_REFUSAL: no" in text_of(second)
    assert [block.type for block in second.content] == ["text", "image", "resource_link"]
    assert len(flora.created) == 2


async def test_a_short_balance_stops_the_batch_and_shows_what_was_made(settings: Settings) -> None:
    flora = FakeFlora(balance=2)
    async with connected(settings, flora) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(finish_when_started, flora, 2)
        result = await client.call_tool("generate", {"prompt": "a mug", "count": 5})
    assert not result.is_error
    assert re.search(r"Not started, of 5: number \d, \d, \d: .*insufficient_credits", text_of(result))
    assert "Runs: 2 completed" in text_of(result)


async def test_when_nothing_was_started_nothing_was_spent(settings: Settings) -> None:
    flora = FakeFlora()
    async with connected(settings, flora) as client:
        result = await client.call_tool("generate", {"prompt": "refused", "count": 3})
    assert result.is_error
    assert text_of(result).startswith("Nothing was started, nothing was spent.\n")
    assert text_of(result).count("input_validation_error") == 1


async def test_a_lost_answer_is_not_called_free(settings: Settings) -> None:
    flora = FakeFlora()
    async with connected(settings, flora) as client:
        result = await client.call_tool("generate", {"prompt": "lost"})
    assert result.is_error
    assert text_of(result).startswith("Perhaps something was started and billed.\n")
    assert flora.requests["lost"] == 3


async def test_an_output_that_cannot_be_fetched_is_told_with_its_address_and_tried_again(settings: Settings) -> None:
    flora = FakeFlora()
    flora.media_status = 404
    async with connected(settings, flora) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(finish_when_started, flora, 1)
        result = await client.call_tool("generate", {"prompt": "a mug"})
        flora.media_status = 200
        again = await client.call_tool("wait", {"ids": ["run_1"]})
    assert "could not be stored here; its address is http://studio.localhost/media/run_1.png" in text_of(result)
    assert [block.type for block in again.content] == ["text", "image", "resource_link"]


async def test_an_output_is_fetched_once_however_often_it_is_asked_for(settings: Settings) -> None:
    flora = FakeFlora()
    async with connected(settings, flora) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(finish_when_started, flora, 1)
        await client.call_tool("generate", {"prompt": "a mug"})
        for _ in range(3):
            await client.call_tool("wait", {"ids": ["run_1"]})
    assert flora.requests["media"] == 1


async def test_when_every_run_failed_the_answer_is_an_error_and_costs_nothing(settings: Settings) -> None:
    flora = FakeFlora()
    end = {"status": "failed", "error_code": "GPU_PROVIDER_ERROR", "charged_cost": None, "outputs": None}

    async def fail() -> None:
        await finish_when_started(flora, 1, **end)

    async with connected(settings, flora) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(fail)
        result = await client.call_tool("generate", {"prompt": "a mug"})
    assert result.is_error
    assert "Runs: 1 failed. Spent 0.000 USD" in text_of(result)
    assert "run_1 failed, model t2i-fake: GPU_PROVIDER_ERROR" in text_of(result)
