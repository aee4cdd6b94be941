"""Waiting for a run."""

import httpx
import pytest
from flora.network import Network, World, client, refusal, run

from flora_mcp.flora.errors import NotFoundError, WaitTimeoutError


def state(status: str, progress: float = 0, **fields: object) -> httpx.Response:
    return httpx.Response(200, json=run(status, progress, **fields))


@pytest.mark.parametrize("status", ["completed", "failed"])
async def test_a_run_that_ended_is_returned_however_it_ended(status: str) -> None:
    network, world = Network(state("pending"), state("running", 50), state(status, 100)), World()
    async with client(network, world) as flora:
        got = await flora.generations.wait("run_1")
    assert got.plain() == run(status, 100)
    assert world.sleeps == [2.0, 2.0]
    assert {str(request.url) for request in network.requests} == {"https://app.flora.ai/api/v1/runs/run_1"}


async def test_a_run_that_is_over_is_not_waited_for() -> None:
    world = World()
    async with client(Network(state("completed")), world) as flora:
        assert (await flora.generations.wait("run_1", timeout_seconds=0)).status == "completed"
    assert world.sleeps == []


async def test_the_last_look_is_at_the_deadline() -> None:
    network, world = Network(*[state("running", 40)] * 3, state("completed", 100)), World()
    async with client(network, world) as flora:
        got = await flora.generations.wait("run_1", timeout_seconds=10, interval_seconds=4)
    assert got.status == "completed"
    assert world.sleeps == [4.0, 4.0, 2.0]


async def test_a_run_that_takes_longer_is_told_with_how_to_go_on() -> None:
    network, world = Network(*[state("running", 40)] * 3), World()
    async with client(network, world) as flora:
        with pytest.raises(WaitTimeoutError) as caught:
            await flora.call("generations.wait", {"runId": "run_1", "timeoutSeconds": 5, "intervalSeconds": 3})
    assert caught.value.attributes() == {"run_id": "run_1", "status": "running", "progress": 40}
    assert "client.generations.wait('run_1') again" in str(caught.value)
    assert "Do not create it again" in str(caught.value)
    assert world.sleeps == [3.0, 2.0]


async def test_a_status_of_tomorrow_ends_the_wait_once_the_run_has_an_end() -> None:
    network = Network(state("queued"), state("cancelled", 100, completed_at=2))
    async with client(network) as flora:
        assert (await flora.generations.wait("run_1")).status == "cancelled"


async def test_a_run_that_is_not_there_is_not_waited_for() -> None:
    async with client(Network(refusal(404))) as flora:
        with pytest.raises(NotFoundError):
            await flora.generations.wait("run_1")


async def test_a_look_that_fails_once_is_tried_again() -> None:
    network = Network(refusal(503), state("completed"))
    async with client(network) as flora:
        assert (await flora.generations.wait("run_1")).status == "completed"


async def test_a_techniques_run_is_waited_for_where_the_technique_is() -> None:
    network, world = Network(state("running"), state("completed")), World()
    async with client(network, world) as flora:
        ended = await flora.techniques.runs.wait("run_1", technique_id="book-drop", interval_seconds=3)
    assert ended.status == "completed"
    assert [request.url.path for request in network.requests] == ["/api/v1/techniques/book-drop/runs/run_1"] * 2
    assert world.sleeps == [3]


async def test_a_techniques_run_that_goes_on_names_its_own_wait() -> None:
    async with client(Network(state("running"))) as flora:
        with pytest.raises(WaitTimeoutError) as caught:
            await flora.techniques.runs.wait("run_1", technique_id="book-drop", timeout_seconds=0)
    assert "client.techniques.runs.wait('run_1', technique_id='book-drop') again" in str(caught.value)
