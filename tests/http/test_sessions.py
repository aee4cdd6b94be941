"""Sessions of the handshake era among processes that share a database: here, two apps that share nothing else."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import httpx
from fakes.serving import served
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    EmptyResult,
    SubscribeRequestParams,
    TextContent,
    UnsubscribeRequestParams,
)

from flora_mcp.protocol.http import HTTPOptions, Parts, build_app, tenant_of
from flora_mcp.state import State
from flora_mcp.tenant import Tenant

Context = ServerRequestContext[Any, Any]

ACCEPT = {"accept": "application/json, text/event-stream"}
HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"elicitation": {}},
    "clientInfo": {"name": "ada's client", "version": "1"},
}


class GuestList:
    async def admit(self, headers: Mapping[str, str]) -> Tenant:
        return Tenant(id=headers.get("authorization", "ada"))


@dataclass
class Process:
    """A server that tells what it knows of a session, and what it was told."""

    url: str = ""
    hanging: anyio.Event = field(default_factory=anyio.Event)
    cancelled: anyio.Event = field(default_factory=anyio.Event)
    subscribed: anyio.Event = field(default_factory=anyio.Event)
    uris: set[str] = field(default_factory=set)

    def server(self) -> Server[Any]:
        return Server(
            "process",
            on_call_tool=self._call,
            on_subscribe_resource=self._subscribe,
            on_unsubscribe_resource=self._unsubscribe,
        )

    async def _call(self, ctx: Context, params: CallToolRequestParams) -> CallToolResult:
        if params.name == "hang":
            self.hanging.set()
            try:
                await anyio.sleep_forever()
            finally:
                self.cancelled.set()
        assert ctx.session.client_params is not None
        known = {
            "version": ctx.protocol_version,
            "client": ctx.session.client_params.client_info.name,
            "elicitation": ctx.session.client_params.capabilities.elicitation is not None,
            "tenant": tenant_of(ctx).id,
        }
        return CallToolResult(content=[TextContent(text=json.dumps(known))])

    async def _subscribe(self, ctx: Context, params: SubscribeRequestParams) -> EmptyResult:
        self.uris.add(str(params.uri))
        self.subscribed.set()
        return EmptyResult()

    async def _unsubscribe(self, ctx: Context, params: UnsubscribeRequestParams) -> EmptyResult:
        self.uris.discard(str(params.uri))
        return EmptyResult()


@dataclass
class Session:
    """What a client does by hand: each request to the process that it names."""

    web: httpx.AsyncClient
    id: str = ""
    tenant: str = "ada"

    @property
    def headers(self) -> dict[str, str]:
        return {"mcp-session-id": self.id, "authorization": self.tenant}

    async def send(self, process: Process, method: str, number: int | None = 1, /, **params: Any) -> httpx.Response:
        body: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            body["id"] = number
        return await self.web.post(f"{process.url}/mcp", json=body, headers=self.headers)

    async def begin(self, process: Process) -> None:
        body = {"jsonrpc": "2.0", "method": "initialize", "id": 0, "params": HELLO}
        answer = await self.web.post(f"{process.url}/mcp", json=body, headers={"authorization": self.tenant})
        self.id = answer.headers["mcp-session-id"]
        assert (await self.send(process, "notifications/initialized", None)).status_code == 202


@asynccontextmanager
async def processes(
    directory: Path, *, options: HTTPOptions | None = None
) -> AsyncIterator[tuple[Process, Process, Session]]:
    """Yields two processes, and a session that was begun at the first."""
    first, second = Process(), Process()
    states = [State(f"sqlite:///{directory / 'state.sqlite3'}") for _ in range(2)]
    apps = [
        build_app(process.server(), door=GuestList(), options=options, parts=Parts(state=state))
        for process, state in zip((first, second), states, strict=True)
    ]
    try:
        async with (
            served(apps[0]) as first.url,
            served(apps[1]) as second.url,
            httpx.AsyncClient(headers=ACCEPT, timeout=10) as web,
        ):
            session = Session(web)
            await session.begin(first)
            yield first, second, session
    finally:
        for state in states:
            state.close()


def answer(response: httpx.Response) -> dict[str, Any]:
    data = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: {")]
    found: dict[str, Any] = json.loads(data[-1])
    return found


async def first_event(stream: httpx.Response) -> dict[str, Any]:
    async for line in stream.aiter_lines():
        if line.startswith("data: "):
            found: dict[str, Any] = json.loads(line.removeprefix("data: "))
            return found
    raise AssertionError("the stream ended")


async def test_any_process_knows_a_session_that_another_opened(tmp_path: Path) -> None:
    async with processes(tmp_path) as (first, second, session):
        known = [
            json.loads(answer(await session.send(process, "tools/call", name="who"))["result"]["content"][0]["text"])
            for process in (first, second)
        ]
    expected = {"version": "2025-06-18", "client": "ada's client", "elicitation": True, "tenant": "ada"}
    assert known == [expected, expected]


async def test_a_session_is_nobody_elses_in_any_process(tmp_path: Path) -> None:
    async with processes(tmp_path) as (first, second, session):
        thief = Session(session.web, id=session.id, tenant="bob")
        statuses = []
        for process in (first, second):
            statuses.append((await thief.send(process, "tools/call", name="who")).status_code)
            end = await session.web.delete(f"{process.url}/mcp", headers=thief.headers)
            statuses.append(end.status_code)
        assert (await session.send(second, "tools/call", name="who")).status_code == 200
        # The second has it now, too, and the thief is told the same as before.
        statuses.append((await thief.send(second, "tools/call", name="who")).status_code)
    assert statuses == [404] * 5


async def test_a_session_that_ends_in_one_process_ends_in_all(tmp_path: Path) -> None:
    async with processes(tmp_path) as (first, second, session):
        await session.send(second, "tools/call", name="who")
        assert (await session.web.delete(f"{second.url}/mcp", headers=session.headers)).status_code == 200
        with anyio.fail_after(5):
            while (await session.send(first, "tools/call", name="who")).status_code != 404:
                pass
        assert (await session.send(second, "tools/call", name="who")).status_code == 404


async def test_a_call_is_cancelled_through_another_process(tmp_path: Path) -> None:
    async with processes(tmp_path) as (first, second, session), anyio.create_task_group() as tasks:

        async def hang() -> None:
            ended = answer(await session.send(first, "tools/call", 7, name="hang"))
            assert ended["error"]["message"] == "Request cancelled"

        with anyio.fail_after(10):
            tasks.start_soon(hang)
            await first.hanging.wait()
            await session.send(second, "notifications/cancelled", None, requestId=7)
            await first.cancelled.wait()


async def test_a_call_whose_connection_breaks_is_cancelled(tmp_path: Path) -> None:
    async with processes(tmp_path) as (first, _, session), anyio.create_task_group() as tasks:
        with anyio.fail_after(5):
            tasks.start_soon(lambda: session.send(first, "tools/call", name="hang"))
            await first.hanging.wait()
            tasks.cancel_scope.cancel()
        with anyio.CancelScope(shield=True), anyio.fail_after(5):
            await first.cancelled.wait()


async def test_a_stream_hears_of_what_was_subscribed_in_another_process(tmp_path: Path) -> None:
    async with processes(tmp_path) as (first, second, session):
        stream = session.web.stream("GET", f"{second.url}/mcp", headers=session.headers)
        with anyio.fail_after(10):
            async with stream as events:
                await session.send(first, "resources/subscribe", uri="flora://runs/1")
                await second.subscribed.wait()
                told = await first_event(events)
    assert second.uris == {"flora://runs/1"}
    assert (told["method"], told["params"]) == ("notifications/resources/updated", {"uri": "flora://runs/1"})


async def test_whoever_adopts_a_session_has_its_subscriptions(tmp_path: Path) -> None:
    async with processes(tmp_path) as (first, second, session):
        for uri in ("flora://runs/1", "flora://runs/2"):
            await session.send(first, "resources/subscribe", uri=uri)
        await session.send(first, "resources/unsubscribe", uri="flora://runs/1")
        await session.send(second, "tools/call", name="who")
        with anyio.fail_after(5):
            await second.subscribed.wait()
    assert (first.uris, second.uris) == ({"flora://runs/2"}, {"flora://runs/2"})


async def test_a_process_that_has_all_the_sessions_it_may_adopts_no_more(tmp_path: Path) -> None:
    async with processes(tmp_path, options=HTTPOptions(sessions=1)) as (first, second, session):
        own = Session(session.web)
        await own.begin(second)
        full = await session.send(second, "tools/call", name="who")
        assert (full.status_code, full.json()["error"]["message"]) == (
            503,
            "Too many sessions are open. Try again later.",
        )
        await session.web.delete(f"{second.url}/mcp", headers=own.headers)
        assert (await session.send(second, "tools/call", name="who")).status_code == 200
        assert (await session.send(first, "tools/call", name="who")).status_code == 200
