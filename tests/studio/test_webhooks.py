"""Runs tell a callback of their end: once, signed, and again when nobody listens."""

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx
import pytest
from studio.conftest import MODEL, Api, CountingIds, OpenApi

from flora_mcp.flora import Flora
from flora_mcp.studio.errors import RenderFailedError
from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest, RenderThreads
from flora_mcp.studio.web import Web

PUBLIC = "93.184.215.14"
CALLBACK = "https://hooks.example.com/flora"


class Receiver:
    """A host that is called back, and what it answers each time; the last answer goes on."""

    def __init__(self, *answers: int | Exception) -> None:
        self._answers = list(answers or (204,))
        self.received: list[httpx.Request] = []
        self._arrived = threading.Condition()
        self.addresses: Sequence[str] = [PUBLIC]

    def answer(self, request: httpx.Request) -> httpx.Response:
        with self._arrived:
            self.received.append(request)
            self._arrived.notify_all()
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found, headers={"location": "https://elsewhere.example.com/"})

    async def resolve(self, _host: str, _port: int) -> Sequence[str]:
        return self.addresses

    def web(self, **options: Any) -> Web:
        return Web(resolve=self.resolve, transport=httpx.MockTransport(self.answer), **options)

    async def until(self, count: int) -> httpx.Request:
        def wait() -> httpx.Request:
            with self._arrived:
                assert self._arrived.wait_for(lambda: len(self.received) >= count, timeout=20)
                return self.received[-1]

        return await anyio.to_thread.run_sync(wait)


def refuse(_request: RenderRequest, _progress: Progress) -> Rendering:
    raise RenderFailedError("The oven is cold.")


async def recorded(api: Api, **wanted: object) -> dict[str, Any]:
    """Waits until the database holds the one delivery as wanted."""
    with anyio.fail_after(20):
        while True:
            row = await api.delivery()
            if row is not None and all(row[name] == value for name, value in wanted.items()):
                return row
            await anyio.lowlevel.checkpoint()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


async def test_a_completed_run_is_told_once_and_verifies_with_the_clients_unwrap(
    open_api: OpenApi, receiver: Receiver
) -> None:
    async with open_api(ids=CountingIds(), web=receiver.web()) as api:
        secret = await api.studio.create_webhook_secret(workspace_id=api.workspace_id)
        run_id = await api.start(callback_url=CALLBACK)
        await api.finished(run_id)
        request = await receiver.until(1)
        await recorded(api, state="delivered", attempts=1)
        assert (request.url.host, request.headers["host"]) == (PUBLIC, "hooks.example.com")
        assert request.extensions["sni_hostname"] == "hooks.example.com"
        async with Flora(api_key=None, app=api.studio.app, base_url=api.studio.base_url) as client:
            event = client.webhooks.unwrap(
                request.content,
                dict(request.headers),
                secret,
                now=lambda: datetime.fromtimestamp(api.clock.now_ms / 1000, UTC),
            )
        assert (event.type, event.data.run_id, event.data.status) == ("run.completed", run_id, "completed")
        assert (event.data.run_type, event.data.workspace_id) == ("generation", api.workspace_id)
        assert request.headers["flora-event"] == "run.completed"
        assert request.headers["flora-webhook-id"] == event.id
        assert request.headers["content-type"] == "application/json"
        assert "outputs" not in request.content.decode()
        await api.finished(await api.start())
        assert len(receiver.received) == 1


async def test_a_failed_run_is_told_with_its_code_and_message(open_api: OpenApi, receiver: Receiver) -> None:
    async with open_api(RenderThreads({MODEL: refuse}), web=receiver.web()) as api:
        await api.studio.create_webhook_secret(workspace_id=api.workspace_id)
        run_id = await api.start(callback_url=CALLBACK)
        told = json.loads((await receiver.until(1)).content)
        assert told["type"] == "run.failed"
        assert told["data"]["run_id"] == run_id
        assert told["data"]["error_code"] == "GENERATION_GENERIC_ERROR"
        assert "The oven is cold." in told["data"]["error_message"]


async def test_attempts_are_four_at_the_published_times_with_the_same_bytes(open_api: OpenApi) -> None:
    receiver = Receiver(500, httpx.ConnectError("no route"), 302, 503)
    async with open_api(web=receiver.web(), poll_seconds=0.01) as api:
        await api.studio.create_webhook_secret(workspace_id=api.workspace_id)
        await api.start(callback_url=CALLBACK)
        for attempt, wait_ms in ((1, 10_000), (2, 60_000), (3, 300_000)):
            row = await recorded(api, attempts=attempt, state="due")
            assert row["due_at_ms"] - api.clock.now_ms == wait_ms
            assert len(receiver.received) == attempt
            api.clock.now_ms += wait_ms
        row = await recorded(api, attempts=4, state="failed")
        assert row["problem"] == "The receiver answered with status 503."
        # The same event each time; only the signature's time moves on.
        assert len({request.content for request in receiver.received}) == 1
        assert len({request.headers["flora-webhook-id"] for request in receiver.received}) == 1
        assert len({request.headers["flora-signature"] for request in receiver.received}) == 4
        assert {request.url.path for request in receiver.received} == {"/flora"}


async def test_a_delivery_that_waits_survives_a_restart(open_api: OpenApi) -> None:
    receiver = Receiver(500, 200)
    async with open_api(web=receiver.web()) as api:
        await api.studio.create_webhook_secret(workspace_id=api.workspace_id)
        await api.start(callback_url=CALLBACK)
        await recorded(api, attempts=1, state="due")
        clock = api.clock
    clock.now_ms += 10_000
    async with open_api(web=receiver.web(), clock_ms=clock) as api:
        await recorded(api, attempts=2, state="delivered")
    assert receiver.received[0].content == receiver.received[1].content


async def test_a_host_that_turns_private_is_not_gone_to_and_not_tried_again(
    open_api: OpenApi, receiver: Receiver
) -> None:
    receiver.addresses = ["10.0.0.7"]
    async with open_api(web=receiver.web()) as api:
        await api.studio.create_webhook_secret(workspace_id=api.workspace_id)
        await api.start(callback_url=CALLBACK)
        row = await recorded(api, attempts=1, state="failed")
        assert "not a public host" in row["problem"]
    assert receiver.received == []


async def test_while_a_secret_is_changed_both_sign(open_api: OpenApi, receiver: Receiver) -> None:
    async with open_api(web=receiver.web()) as api:
        former = await api.studio.create_webhook_secret(workspace_id=api.workspace_id)
        api.clock.now_ms += 1000
        newer = await api.studio.create_webhook_secret(workspace_id=api.workspace_id)
        await api.start(callback_url=CALLBACK)
        request = await receiver.until(1)
        assert request.headers["flora-signature"].count("v1=") == 2
        await recorded(api, state="delivered")
        async with Flora(api_key=None, app=api.studio.app, base_url=api.studio.base_url) as client:
            for secret in (former, newer):
                client.webhooks.verify(request.content, dict(request.headers), secret, tolerance_seconds=0)
        api.clock.now_ms += 25 * 60 * 60 * 1000
        await api.start(callback_url=CALLBACK)
        assert (await receiver.until(2)).headers["flora-signature"].count("v1=") == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.com/", "not HTTPS"),
        ("https://localhost/", "not a public host"),
        ("https://intranet/", "not a public host"),
        ("https://api.local/", "not a public host"),
        ("https://metadata.google.internal/", "not a public host"),
        ("https://127.0.0.1/", "not a public host"),
        ("https://10.1.2.3/", "not a public host"),
        ("https://169.254.169.254/latest", "not a public host"),
        ("https://[::1]/", "not a public host"),
        ("https://user:pass@hooks.example.com/", "user name"),
        ("ftp://hooks.example.com/", "https://"),
        ("not a url", "https://"),
    ],
)
async def test_a_callback_that_is_no_public_https_is_refused_before_anything_is_made(
    open_api: OpenApi, receiver: Receiver, url: str, said: str
) -> None:
    async with open_api(web=receiver.web()) as api:
        await api.studio.create_webhook_secret(workspace_id=api.workspace_id)
        answer = await api.post("generate", api.asked(callback_url=url))
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (400, "input_validation_error")
        assert error["fields"][0]["field"] == "callback_url"
        assert said in error["message"]
        assert (await api.get("generations"))["generations"] == []


async def test_a_workspace_without_a_secret_is_told_how_to_make_one(open_api: OpenApi, receiver: Receiver) -> None:
    async with open_api(web=receiver.web()) as api:
        answer = await api.post("generate", api.asked(callback_url=CALLBACK))
        assert answer.status_code == 400
        assert "flora-mcp studio webhook-secret" in answer.json()["error"]["message"]


async def test_a_host_of_ones_own_may_be_allowed(open_api: OpenApi, receiver: Receiver) -> None:
    receiver.addresses = ["127.0.0.1"]
    async with open_api(web=receiver.web(allowed_hosts=frozenset({"localhost:9000"}))) as api:
        await api.studio.create_webhook_secret(workspace_id=api.workspace_id)
        await api.start(callback_url="http://localhost:9000/hook")
        assert (await receiver.until(1)).headers["host"] == "localhost:9000"
