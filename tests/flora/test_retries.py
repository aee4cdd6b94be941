"""Which answers are worth another attempt, and how long the client waits before it."""

import anyio
import httpx
import pytest
from flora.network import PROJECT, Network, Reply, World, client, refusal

from flora_mcp.flora import Flora
from flora_mcp.flora.errors import (
    APIConnectionError,
    APIConnectionTimeoutError,
    APIError,
    BadRequestError,
    InternalServerError,
    InvalidArgumentError,
    RateLimitError,
)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 599])
async def test_an_answer_worth_a_retry_is_tried_three_times(status: int) -> None:
    network, world = Network(*[refusal(status)] * 3), World()
    async with client(network, world) as flora:
        with pytest.raises(APIError) as caught:
            await flora.projects.retrieve("prj_1")
    assert caught.value.status == status
    assert world.sleeps == [0.5, 1.0]
    assert len(network.requests) == 3


@pytest.mark.parametrize("status", [302, 400, 401, 402, 403, 404, 410, 422])
async def test_an_answer_that_will_not_change_is_not_tried_again(status: int) -> None:
    network, world = Network(refusal(status)), World()
    async with client(network, world) as flora:
        with pytest.raises(APIError) as caught:
            await flora.projects.retrieve("prj_1")
    assert caught.value.status == status
    assert world.sleeps == []


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError("refused"), APIConnectionError),
        (httpx.ReadError("reset"), APIConnectionError),
        (httpx.RemoteProtocolError("closed"), APIConnectionError),
        (httpx.Response(302, headers={"location": "data:,x"}), APIConnectionError),
        (httpx.ReadTimeout("slow"), APIConnectionTimeoutError),
        (httpx.ConnectTimeout("slow"), APIConnectionTimeoutError),
    ],
)
async def test_a_lost_connection_is_tried_three_times(failure: Reply, kind: type[APIConnectionError]) -> None:
    network, world = Network(*[failure] * 3), World()
    async with client(network, world) as flora:
        with pytest.raises(APIConnectionError) as caught:
            await flora.projects.retrieve("prj_1")
    assert type(caught.value) is kind
    assert caught.value.status is None
    assert world.sleeps == [0.5, 1.0]


async def test_a_later_attempt_that_succeeds_is_the_answer() -> None:
    network = Network(refusal(503), httpx.ReadError("reset"), httpx.Response(200, json=PROJECT))
    async with client(network) as flora:
        project = await flora.projects.retrieve("prj_1")
    assert project.plain() == PROJECT


async def test_chance_takes_up_to_a_quarter_off_a_delay() -> None:
    network, world = Network(*[refusal(500)] * 3), World(draw=1.0)
    async with client(network, world) as flora:
        with pytest.raises(InternalServerError):
            await flora.projects.retrieve("prj_1")
    assert world.sleeps == [0.375, 0.75]


async def test_delays_double_up_to_eight_seconds() -> None:
    network, world = Network(*[refusal(500)] * 7), World()
    async with client(network, world, max_retries=6) as flora:
        with pytest.raises(InternalServerError):
            await flora.projects.retrieve("prj_1")
    assert world.sleeps == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]


async def test_no_retries_means_one_attempt() -> None:
    network, world = Network(refusal(500)), World()
    async with client(network, world, max_retries=0) as flora:
        with pytest.raises(InternalServerError):
            await flora.projects.retrieve("prj_1")
    assert world.sleeps == []


async def test_the_server_can_forbid_a_retry() -> None:
    network = Network(refusal(500, x_should_retry="false"))
    async with client(network) as flora:
        with pytest.raises(InternalServerError):
            await flora.projects.retrieve("prj_1")
    assert len(network.requests) == 1


async def test_the_server_can_ask_for_a_retry() -> None:
    network = Network(refusal(400, x_should_retry="true"), httpx.Response(200, json=PROJECT))
    async with client(network) as flora:
        assert (await flora.projects.retrieve("prj_1")).project_id == "prj_1"


@pytest.mark.parametrize(
    ("headers", "delay_seconds"),
    [
        ({"retry_after_ms": "1500.5", "retry_after": "7"}, 1.5005),
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0.25"}, 0.25),
        ({"retry_after": "0"}, 0.0),
        ({"retry_after": "30"}, 30.0),
        ({"retry_after": "Sun, 22 Nov 2026 12:00:09 GMT"}, 9.0),
        ({"retry_after_ms": "soon", "retry_after": "7"}, 7.0),
        ({"retry_after": "Sun, 22 Nov 2026 11:59:00 GMT"}, 0.5),
        ({"retry_after": "-1"}, 0.5),
        ({"retry_after": "nan"}, 0.5),
        ({"retry_after": "tomorrow"}, 0.5),
    ],
)
async def test_the_server_says_how_long_to_wait(headers: dict[str, str], delay_seconds: float) -> None:
    network, world = Network(refusal(429, **headers), httpx.Response(200, json=PROJECT)), World()
    async with client(network, world) as flora:
        await flora.projects.retrieve("prj_1")
    assert world.sleeps == [pytest.approx(delay_seconds)]


@pytest.mark.parametrize("headers", [{"retry_after": "31"}, {"retry_after_ms": "31000"}])
async def test_a_wait_that_is_too_long_is_told_instead_of_slept(headers: dict[str, str]) -> None:
    network, world = Network(refusal(429, "rate_limited", "Rate limit exceeded.", **headers)), World()
    async with client(network, world) as flora:
        with pytest.raises(RateLimitError) as caught:
            await flora.projects.retrieve("prj_1")
    assert caught.value.attributes() == {
        "status": 429,
        "code": "rate_limited",
        "fields": [],
        "retry_after_seconds": 31.0,
    }
    assert world.sleeps == []


class Silent(httpx.AsyncBaseTransport):
    """Takes every request and never answers."""

    def __init__(self) -> None:
        self.asked = anyio.Event()
        self.cancelled = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.set()
        try:
            await anyio.sleep_forever()
        except BaseException:
            self.cancelled = True
            raise
        raise AssertionError


async def test_an_attempt_ends_when_its_time_is_up() -> None:
    transport = Silent()
    async with Flora(api_key=None, transport=transport, timeout_seconds=0.01, max_retries=0) as flora:
        with anyio.fail_after(5), pytest.raises(APIConnectionTimeoutError) as caught:
            await flora.projects.retrieve("prj_1")
    assert caught.value.sent
    assert transport.cancelled


async def test_cancelling_a_call_cancels_its_request() -> None:
    transport = Silent()
    async with Flora(api_key=None, transport=transport) as flora, anyio.create_task_group() as tasks:
        tasks.start_soon(flora.projects.retrieve, "prj_1")
        with anyio.fail_after(5):
            await transport.asked.wait()
        tasks.cancel_scope.cancel()
    assert transport.cancelled


@pytest.mark.parametrize("options", [{"timeout_seconds": 0}, {"max_retries": -1}, {"max_retries": 1.5}])
def test_limits_that_mean_nothing_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(InvalidArgumentError):
        Flora(api_key=None, **options)  # type: ignore[arg-type]


async def test_a_body_that_breaks_off_is_asked_for_again() -> None:
    class Broken(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield b'{"project_id":'
            raise httpx.ReadError("reset")

    network = Network(httpx.Response(200, stream=Broken()), httpx.Response(200, json=PROJECT))
    async with client(network) as flora:
        assert (await flora.projects.retrieve("prj_1")).project_id == "prj_1"


async def test_a_refusal_is_raised_with_its_own_class() -> None:
    async with client(Network(refusal(400))) as flora:
        with pytest.raises(BadRequestError):
            await flora.projects.retrieve("prj_1")
