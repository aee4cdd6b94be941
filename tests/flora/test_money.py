"""Paid calls: sent under one key, never sent blindly again, and never silent about a doubt."""

import httpx
import pytest
from flora.network import GENERATION, START, Network, World, client, refusal

from flora_mcp.flora.errors import (
    APIConnectionError,
    APIError,
    BadRequestError,
    DuplicateKeyError,
    FloraError,
    InternalServerError,
    OutcomeUncertainError,
    RunUncertainError,
)

FIND = "client.generations.list(project_id='prj_1')"


def duplicate(**headers: str) -> httpx.Response:
    return refusal(409, "idempotency_duplicate", "Duplicate idempotency key.", **headers)


def started() -> httpx.Response:
    return httpx.Response(201, json=START)


async def test_every_attempt_of_a_call_carries_the_same_key() -> None:
    network = Network(refusal(500), httpx.ReadTimeout("slow"), started())
    async with client(network) as flora:
        assert (await flora.call("generations.create", GENERATION)) == START
    assert network.keys == ["key-1"] * 3
    assert network.bodies == [GENERATION] * 3


async def test_two_calls_carry_two_keys() -> None:
    network = Network(started(), started())
    async with client(network) as flora:
        for _ in range(2):
            await flora.call("generations.create", GENERATION)
    assert network.keys == ["key-1", "key-2"]


@pytest.mark.parametrize("path", ["generations.create", "runs.start_generation"])
async def test_the_callers_key_goes_into_the_header_only(path: str) -> None:
    network = Network(started())
    async with client(network) as flora:
        await flora.call(path, {**GENERATION, "idempotencyKey": "row-17"})
    assert network.keys == ["row-17"]
    assert network.bodies == [GENERATION]


async def test_a_read_carries_no_key() -> None:
    network = Network(httpx.Response(200, json={"generations": [], "meta": {"next_cursor": None}}))
    async with client(network) as flora:
        await flora.generations.list()
    assert network.keys == [None]


@pytest.mark.parametrize("first", [refusal(500), refusal(504), httpx.ReadTimeout("slow"), httpx.ReadError("reset")])
async def test_a_duplicate_on_a_retry_means_that_the_run_was_started(first: httpx.Response | Exception) -> None:
    network, world = Network(first, duplicate()), World()
    async with client(network, world) as flora:
        with pytest.raises(RunUncertainError) as caught:
            await flora.call("generations.create", GENERATION)
    assert caught.value.attributes() == {"idempotency_key": "key-1", "find": FIND}
    message = str(caught.value)
    assert "very probably started and is then billed" in message
    assert f"Do not send it again: look for it with {FIND}" in message
    assert len(network.requests) == 2


@pytest.mark.parametrize("headers", [{}, {"x_should_retry": "true"}, {"retry_after": "1"}])
async def test_a_duplicate_on_a_first_attempt_is_not_tried_again(headers: dict[str, str]) -> None:
    network = Network(duplicate(**headers))
    async with client(network) as flora:
        with pytest.raises(DuplicateKeyError) as caught:
            await flora.call("generations.create", {**GENERATION, "idempotency_key": "row-17"})
    assert (caught.value.status, caught.value.code) == (409, "idempotency_duplicate")
    assert "'row-17' was used before" in str(caught.value)
    assert FIND in str(caught.value)


async def test_a_duplicate_after_attempts_that_never_left_is_an_earlier_calls() -> None:
    network = Network(httpx.ConnectError("refused"), duplicate())
    async with client(network) as flora:
        with pytest.raises(DuplicateKeyError):
            await flora.call("generations.create", {**GENERATION, "idempotency_key": "row-17"})


@pytest.mark.parametrize(
    "replies",
    [
        [httpx.ReadTimeout("slow")] * 3,
        [httpx.ReadError("reset")] * 3,
        [httpx.ConnectError("refused"), httpx.ReadError("reset"), httpx.ConnectError("refused")],
        [refusal(500), refusal(500), httpx.ConnectError("refused")],
        [refusal(504)] * 3,
        [httpx.ReadTimeout("slow"), refusal(500), refusal(500)],
        [httpx.ReadTimeout("slow"), refusal(402, "insufficient_credits")],
        [httpx.ReadTimeout("slow"), refusal(429, "rate_limited", retry_after="60")],
    ],
)
async def test_a_paid_call_without_a_clear_answer_says_that_it_is_open(replies: list[httpx.Response]) -> None:
    network = Network(*replies)
    async with client(network) as flora:
        with pytest.raises(RunUncertainError) as caught:
            await flora.call("generations.create", GENERATION)
    assert caught.value.attributes() == {"idempotency_key": "key-1", "find": FIND}
    assert "perhaps started" in str(caught.value)
    assert "idempotency_key='key-1'" in str(caught.value)
    assert network.replies == []


async def test_a_paid_call_that_never_left_says_that_nothing_was_started() -> None:
    network = Network(*[httpx.ConnectError("refused")] * 3)
    async with client(network) as flora:
        with pytest.raises(APIConnectionError) as caught:
            await flora.call("generations.create", GENERATION)
    assert caught.value.sent is False
    assert "no generation was started and nothing is billed" in str(caught.value)


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ([httpx.ReadTimeout("slow"), refusal(400)], BadRequestError),
        ([refusal(500)] * 3, InternalServerError),
        ([refusal(503)] * 3, InternalServerError),
    ],
)
async def test_a_clear_refusal_of_a_paid_call_stays_one(replies: list[httpx.Response], kind: type[APIError]) -> None:
    async with client(Network(*replies)) as flora:
        with pytest.raises(kind):
            await flora.call("generations.create", GENERATION)


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(201, html="<h1>Welcome</h1>"),
        httpx.Response(201, json={"type": "generation"}),
        httpx.Response(201),
        httpx.Response(201, json=START, headers={"content-length": str(2**40)}),
    ],
)
async def test_a_success_that_cannot_be_read_was_probably_a_start(reply: httpx.Response) -> None:
    network = Network(reply)
    async with client(network) as flora:
        with pytest.raises(RunUncertainError) as caught:
            await flora.call("generations.create", GENERATION)
    assert caught.value.attributes() == {"idempotency_key": "key-1", "find": FIND}
    assert len(network.requests) == 1


async def test_a_lost_project_is_uncertain_but_not_billed() -> None:
    network = Network(*[httpx.ReadTimeout("slow")] * 3)
    async with client(network) as flora:
        with pytest.raises(FloraError) as caught:
            await flora.projects.create(name="Foxes", workspace_id="ws_1")
    assert type(caught.value) is OutcomeUncertainError
    assert "billed" not in str(caught.value)
    assert caught.value.attributes() == {
        "idempotency_key": "key-1",
        "find": "client.projects.list(workspace_id='ws_1', query='Foxes')",
    }
    assert network.keys == ["key-1"] * 3
