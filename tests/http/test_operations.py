"""What operators and browsers ask of the app, and what old clients get; a server of one tool stands behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import httpx2
import pytest
from fakes.flora import png
from fakes.serving import served
from mcp import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.client.subscriptions import SubscriptionLost
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler
from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams, TextContent, Tool
from starlette.requests import Request

from flora_mcp.auth import RefusedError
from flora_mcp.outputs import StoredOutput
from flora_mcp.protocol.http import HTTPOptions, Parts, base_url_of, build_app, tenant_of
from flora_mcp.protocol.http.probes import Probes
from flora_mcp.tenant import Tenant

Context = ServerRequestContext[Any, Any]


class KeyDoor:
    async def admit(self, headers: Mapping[str, str]) -> Tenant:
        if "x-flora-api-key" not in headers:
            raise RefusedError("Bring a key.")
        return Tenant(id=headers["x-flora-api-key"])


async def call(context: Context, params: CallToolRequestParams) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=f"{tenant_of(context).id} {base_url_of(context)}")])


async def tools(context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
    return ListToolsResult(tools=[Tool(name="who", input_schema={"type": "object"})])


def server(*, on_call: Any = call, on_listen: Any = None) -> Server[Any]:
    return Server("one tool", on_list_tools=tools, on_call_tool=on_call, on_subscriptions_listen=on_listen)


@dataclass
class OneOutput:
    """A place with one output."""

    path: Path
    asked: list[str] = field(default_factory=list)

    async def find(self, token: str) -> StoredOutput | None:
        self.asked.append(token)
        if token != "right":
            return None
        self.path.write_bytes(png())
        return StoredOutput(
            run_id="run_1",
            output_id="output_1",
            uri="flora://runs/run_1/outputs/output_1",
            type="image",
            path=self.path,
            mime_type="image/png",
            size_bytes=self.path.stat().st_size,
            sha256="",
            created_at=datetime.now(UTC),
            source_url=None,
        )


async def test_an_old_client_is_served_where_that_is_asked_for() -> None:
    app = build_app(server(), door=KeyDoor(), options=HTTPOptions(sse=True))
    async with served(app) as url:
        async with Client(sse_client(f"{url}/sse", headers={"x-flora-api-key": "ada"}), mode="legacy") as client:
            answer = await client.call_tool("who", {})
        async with httpx.AsyncClient() as web:
            refused = [(await web.get(f"{url}/sse")).status_code, (await web.post(f"{url}/messages/")).status_code]
    assert [block.text for block in answer.content if isinstance(block, TextContent)] == [f"ada {url}"]
    assert refused == [401, 401]


async def test_old_clients_find_nothing_by_default() -> None:
    async with served(build_app(server(), door=KeyDoor())) as url, httpx.AsyncClient() as web:
        statuses = [(await web.get(f"{url}{path}")).status_code for path in ("/sse", "/messages/", "/outputs/a/b")]
    assert statuses == [404, 404, 404]


async def test_a_call_knows_where_its_client_reaches_the_server() -> None:
    options = HTTPOptions(public_url="https://mcp.example.com")
    async with (
        served(build_app(server(), door=KeyDoor(), options=options)) as url,
        httpx2.AsyncClient(headers={"x-flora-api-key": "ada"}) as web,
        Client(streamable_http_client(f"{url}/mcp", http_client=web)) as client,
    ):
        answer = await client.call_tool("who", {})
    assert [block.text for block in answer.content if isinstance(block, TextContent)] == ["ada https://mcp.example.com"]


async def test_a_server_that_is_about_to_end_is_no_longer_ready() -> None:
    async def fine() -> None:
        return

    ending = anyio.Event()
    parts = Parts(checks={"database": fine}, ending=ending)
    found = []
    # Orchestrators ask by addresses that are nobody's names.
    app, headers = build_app(server(), door=KeyDoor(), parts=parts), {"host": "10.0.0.7:8765"}
    async with served(app) as url, httpx.AsyncClient(headers=headers) as web:
        assert (await web.get(f"{url}/healthz")).json() == {"alive": True}
        for _ in range(2):
            answer = await web.get(f"{url}/readyz")
            found.append((answer.status_code, answer.json()))
            ending.set()
    assert found == [
        (200, {"ready": True, "ending": False, "parts": {"database": True}}),
        (503, {"ready": False, "ending": True, "parts": {"database": True}}),
    ]


async def test_a_part_that_fails_makes_the_server_not_ready_and_is_not_asked_too_often() -> None:
    now, asked = 0.0, 0

    async def away() -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise OSError("password=secret")

    probes = Probes({"database": away}, ending=anyio.Event(), clock=lambda: now)
    request = Request({"type": "http"})
    statuses = []
    for time in (0.0, 1.9, 2.1):
        now = time
        answer = await probes.ready(request)
        statuses.append(answer.status_code)
        assert b"secret" not in answer.body
    assert (statuses, asked) == ([503, 503, 200], 2)


async def test_a_stream_ends_with_the_server_and_a_call_does_not() -> None:
    parts = Parts()
    called, release = anyio.Event(), anyio.Event()

    async def slow(context: Context, params: CallToolRequestParams) -> CallToolResult:
        called.set()
        await release.wait()
        return await call(context, params)

    bus = InMemorySubscriptionBus()
    app = build_app(server(on_call=slow, on_listen=ListenHandler(bus)), door=KeyDoor(), parts=parts)
    answers: list[CallToolResult] = []
    async with (
        served(app) as url,
        httpx2.AsyncClient(headers={"x-flora-api-key": "ada"}) as web,
        Client(streamable_http_client(f"{url}/mcp", http_client=web)) as client,
        anyio.create_task_group() as tasks,
    ):

        async def ask() -> None:
            answers.append(await client.call_tool("who", {}))

        with anyio.fail_after(5):
            tasks.start_soon(ask)
            await called.wait()
            async with client.listen(resources_list_changed=True) as events:
                parts.ending.set()
                with pytest.raises(SubscriptionLost):
                    await anext(events)
            release.set()
    assert [answer.is_error for answer in answers] == [False]


async def test_a_file_is_handed_to_whoever_knows_its_address(tmp_path: Path) -> None:
    pickup = OneOutput(tmp_path / "blob")
    app = build_app(server(), door=KeyDoor(), parts=Parts(pickup=pickup))
    async with served(app) as url, httpx.AsyncClient() as web:
        whole = await web.get(f"{url}/outputs/right/a%20mug.png")
        part = await web.get(f"{url}/outputs/right/a%20mug.png", headers={"range": "bytes=0-3"})
        none = await web.get(f"{url}/outputs/wrong/a%20mug.png")
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, png(), "image/png")
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-disposition"] == "inline; filename*=utf-8''a%20mug.png"
    assert (part.status_code, part.content) == (206, png()[:4])
    assert (none.status_code, none.text) == (404, "There is no such output.")


async def test_a_page_that_was_let_in_reads_the_answers() -> None:
    options = HTTPOptions(allowed_origins=frozenset({"https://chat.example.com"}))
    app = build_app(server(), door=KeyDoor(), options=options)
    asking = {"access-control-request-method": "POST", "access-control-request-headers": "mcp-session-id"}
    allowed = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as web:
        for origin in ("https://chat.example.com", "http://localhost:6274", "https://evil.example.com"):
            answer = await web.options("http://127.0.0.1/mcp", headers={"origin": origin, **asking})
            allowed[origin] = (answer.status_code, answer.headers.get("access-control-allow-origin"))
    assert allowed == {
        "https://chat.example.com": (200, "https://chat.example.com"),
        "http://localhost:6274": (200, "http://localhost:6274"),
        "https://evil.example.com": (403, None),
    }
