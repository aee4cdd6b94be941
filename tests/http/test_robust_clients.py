"""Clients that go away, stop reading, never finish, or come in crowds: each harms itself at most."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import anyio
import pytest
from anyio.abc import SocketStream
from e2e.servers import text
from fakes.raw import Raw, message, modern, modern_headers, raw, request
from mcp import Client

from flora_mcp.protocol.http import HTTPOptions

CROWD = 64
UNREAD = 600


@pytest.fixture(autouse=True)
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What clients do wrong is no error of the server's."""
    with caplog.at_level(logging.WARNING):
        yield
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Raw]:
    async with raw(tmp_path) as server:
        yield server


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_a_crowd_of_sessions_is_served_each_its_own(server: Raw, mode: str) -> None:
    answers: dict[int, str] = {}

    async def converse(number: int, client: Client) -> None:
        assert "execute" in [tool.name for tool in (await client.list_tools()).tools]
        answers[number] = text(await client.call_tool("execute", {"code": f"return {number}"}))

    with anyio.fail_after(60):
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(Client(server.url, mode=mode)) for _ in range(CROWD)]
            async with anyio.create_task_group() as tasks:
                for number, client in enumerate(clients):
                    tasks.start_soon(converse, number, client)
    assert answers == {number: f"The program is done.\nReturned: {number}" for number in range(CROWD)}


async def test_who_reads_late_misses_nothing_and_holds_nobody_up(server: Raw) -> None:
    body = json.dumps(modern("tools/list")).encode()
    asked = server.head(modern_headers("tools/list"), f"content-length: {len(body)}") + body
    async with await server.connect() as stream, anyio.create_task_group() as tasks:
        tasks.start_soon(stream.send, asked * UNREAD)
        with anyio.fail_after(60):
            # More than the system keeps for a connection is under way to a client that does not read.
            await server.works()
            read = b""
            while read.count(b"HTTP/1.1 200 OK") < UNREAD:
                read += await stream.receive()


async def test_requests_that_never_end_hold_nobody_up(server: Raw) -> None:
    beginnings = [
        b"POST /mcp HT",
        server.head(modern_headers("tools/list"))[:-2],
        server.head(modern_headers("tools/list"), "content-length: 1000") + b'{"jsonrpc"',
        server.head(modern_headers("tools/list"), "transfer-encoding: chunked") + b"10\r\n{",
    ]
    async with AsyncExitStack() as stack:
        for number in range(100):
            stream: SocketStream = await stack.enter_async_context(await server.connect())
            await stream.send(beginnings[number % len(beginnings)])
        with anyio.fail_after(30):
            await server.works()
    with anyio.fail_after(30):
        await server.works()


async def test_one_session_too_many_is_refused_until_another_ends(tmp_path: Path) -> None:
    async with raw(tmp_path, options=HTTPOptions(sessions=2)) as server:
        first, _ = await server.session(), await server.session()
        refused = await server.post(request("initialize", {}, number=0), {})
        assert refused.status_code == 503
        assert "result" in message(await server.post(request("ping"), first))
        assert (await server.web.delete(server.url, headers=first)).status_code == 200
        await server.session()
