"""Whatever comes in on standard input, the server answers what it can and goes on."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from e2e.servers import Wire, wire

LINES = {
    "nothing": b"",
    "blanks": b"   \t",
    "half a message": b'{"jsonrpc":"2.0","id":1,',
    "no text": b"\xff\xfe\x00\x80",
    "a NUL": b'{"jsonrpc":"2.0","id":1,"method":"ping\x00"}',
    "a value": b"null",
    "a batch": b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    "another JSON-RPC": b'{"jsonrpc":"1.0","id":1,"method":"ping"}',
    "no method": b'{"jsonrpc":"2.0","id":1}',
    "an unknown notification": b'{"jsonrpc":"2.0","method":"notifications/no/such"}',
    "an answer that nobody asked for": b'{"jsonrpc":"2.0","id":"no such","result":{}}',
    "the end of a call that is not there": b'{"jsonrpc":"2.0","method":"notifications/cancelled",'
    b'"params":{"requestId":999}}',
    "lists in lists": b"[" * 100_000,
    "an endless number": b'{"jsonrpc":"2.0","id":1' + b"0" * 5000 + b',"method":"ping"}',
}

REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "an unknown method": ({"method": "no/such"}, -32601),
    "an unknown tool": ({"method": "tools/call", "params": {"name": "no_such"}}, -32602),
    "arguments that are no object": ({"method": "tools/call", "params": {"name": "wait", "arguments": 7}}, -32602),
    "no name": ({"method": "tools/call", "params": {}}, -32602),
    "a cursor of another list": ({"method": "resources/list", "params": {"cursor": "no such"}}, -32602),
}

MANY = 300


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wire]:
    directory = tmp_path_factory.mktemp("lines")
    with (directory / "log").open("w+") as log:
        async with wire(directory, log=log) as server:
            await server.initialize()
            yield server
            with anyio.fail_after(10):
                await server.end_input()
                assert await server.process.wait() == 0
    assert "Traceback" not in (directory / "log").read_text()


async def answer(server: Wire, method: str, params: dict[str, Any]) -> dict[str, Any]:
    number = await server.call(method, params)
    with anyio.fail_after(10):
        return await server.until(lambda message: message.get("id") == number)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
async def test_a_line_that_means_nothing_is_passed_over(server: Wire, line: bytes) -> None:
    await server.send_line(line)
    assert (await answer(server, "ping", {}))["result"] == {}


@pytest.mark.parametrize(("message", "code"), REFUSED.values(), ids=REFUSED)
async def test_a_request_that_cannot_be_met_is_refused(server: Wire, message: dict[str, Any], code: int) -> None:
    refused = await answer(server, message["method"], message.get("params", {}))
    assert refused["error"]["code"] == code


async def test_a_line_of_many_mebibytes_is_read(server: Wire) -> None:
    told = await answer(server, "tools/call", {"name": "execute", "arguments": {"code": "#" * 6 * 1024 * 1024}})
    assert told["result"]["isError"]


async def test_a_client_that_reads_late_gets_every_answer(server: Wire) -> None:
    asked = [json.dumps({"jsonrpc": "2.0", "id": f"late-{n}", "method": "tools/list"}) for n in range(MANY)]
    missing = {f"late-{n}" for n in range(MANY)}
    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            # All of it is more than a pipe holds: the server waits for its reader, and its reader for nobody.
            tasks.start_soon(server.send_line, "\n".join(asked).encode())
            while missing:
                message = await server.until(lambda message: message.get("id") in missing)
                missing.discard(message["id"])
                assert message["result"]["tools"]


async def test_who_forgets_the_handshake_can_still_begin_and_who_stops_within_a_line_can_end(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(20):
        async with wire(tmp_path, log=log) as server:
            assert "error" in await answer(server, "tools/list", {})
            assert (await server.initialize())["result"]["protocolVersion"] == "2025-11-25"
            await server.end_input(b'{"jsonrpc":"2.0","id":5,"method":"ping"')
            assert await server.process.wait() == 0
