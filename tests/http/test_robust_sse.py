"""What old clients can send wrongly over SSE: it is refused, and their stream goes on."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import httpx
import pytest
from fakes.raw import Raw, raw, request

from flora_mcp.protocol.http import HTTPOptions

PING = json.dumps(request("ping", number=5)).encode()
BODIES = {
    "nothing": (b"", 400),
    "half a message": (b'{"jsonrpc":"2.0","id":1,', 400),
    "no text": (b"\xff\xfe", 400),
    "a batch": (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 400),
    "lists in lists": (b"[" * 100_000, 400),
    "too much": (b" " * (4 * 1024 * 1024 + 1), 413),
}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Raw]:
    async with raw(tmp_path, options=HTTPOptions(sse=True)) as server:
        yield server


async def data(lines: AsyncIterator[str]) -> str:
    """Returns what the next event of a stream brings."""
    async for line in lines:
        if line.startswith("data: "):
            return line.removeprefix("data: ")
    raise AssertionError("the stream ended")


async def test_a_stream_outlives_what_is_sent_wrongly_for_it(server: Raw) -> None:
    base = server.url.removesuffix("/mcp")
    with anyio.fail_after(20):
        async with server.web.stream("GET", f"{base}/sse", headers={"accept": "text/event-stream"}) as stream:
            lines = stream.aiter_lines()
            address = base + await data(lines)
            for name, (body, status) in BODIES.items():
                assert (await server.post_to(address, body)).status_code == status, name
            assert (await server.post_to(address, PING)).status_code == 202
            assert await data(lines) == '{"jsonrpc":"2.0","id":5,"result":{}}'
        await server.works()


@pytest.mark.parametrize(
    ("query", "status"), [("", 400), ("?session_id=no-such", 400), (f"?session_id={'0' * 32}", 404)]
)
async def test_a_message_for_no_stream_is_refused(server: Raw, query: str, status: int) -> None:
    url = httpx.URL(server.url).copy_with(raw_path=f"/messages/{query}".encode())
    assert (await server.post_to(str(url), PING)).status_code == status
