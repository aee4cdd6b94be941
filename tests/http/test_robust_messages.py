"""Whatever a client sends, it is told what is wrong with it; nothing breaks, and nothing is logged as an error."""

import json
import logging
from collections.abc import AsyncIterator, Iterator

import anyio
import pytest
from fakes.raw import HELLO, KINDS, META, Raw, message, modern, modern_headers, raw, request

MEBIBYTE = 1024 * 1024
PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS, HEADER_MISMATCH, UNSUPPORTED_VERSION = (
    -32700,
    -32600,
    -32602,
    -32020,
    -32022,
)

NO_MESSAGES = {
    "nothing": b"",
    "half a message": b'{"jsonrpc":"2.0","id":1,',
    "no text": b"\xff\xfe\x00",
    "a NUL": b'{"jsonrpc":"2.0","id":1,"method":"ping\x00"}',
    "a value": b"null",
    "a batch": b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    "another JSON-RPC": b'{"jsonrpc":"1.0","id":1,"method":"ping"}',
    "no method": b'{"jsonrpc":"2.0","id":1}',
    "a method that is no text": b'{"jsonrpc":"2.0","id":1,"method":7}',
    "parameters without names": b'{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[1]}',
    "an endless number": b'{"jsonrpc":"2.0","id":1' + b"0" * 5000 + b',"method":"ping"}',
    "lists in lists": b"[" * 100_000,
    "objects in objects": b'{"a":' * 100_000,
}

STRANGE_ARGUMENTS = {
    "half a character": ("execute", '{"code": "print(1)  # \\ud800"}'),
    "half a character as a name": ("generate", '{"\\ud800": 1}'),
    "half a character within": ("generate", '{"prompt": "a", "params": {"\\ud800": 1}}'),
    "half a character as an id": ("wait", '{"ids": ["\\ud800"]}'),
    "a NUL": ("execute", '{"code": "print(1)\\u0000"}'),
    "no number": ("generate", '{"prompt": "a", "count": NaN}'),
    "no number within": ("generate", '{"prompt": "a", "params": {"x": NaN}}'),
    "no finite number": ("generate", '{"prompt": "a", "count": 1e999}'),
    "a large number": ("generate", '{"prompt": "a", "count": 1' + "0" * 300 + "}"),
    "lists in lists": ("list_models", '{"type": ' + "[" * 900 + "]" * 900 + "}"),
}


@pytest.fixture(autouse=True)
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What clients do wrong is no error of the server's."""
    with caplog.at_level(logging.WARNING):
        yield
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Raw]:
    async with raw(tmp_path_factory.mktemp("robust")) as server:
        yield server


@pytest.mark.parametrize("era", ["handshake", "2026-07-28"])
@pytest.mark.parametrize("body", NO_MESSAGES.values(), ids=NO_MESSAGES)
async def test_what_is_no_message_is_refused(server: Raw, era: str, body: bytes) -> None:
    headers = await server.session() if era == "handshake" else modern_headers("ping")
    with anyio.fail_after(10):
        answer = await server.post(body, headers)
        await server.works()
    assert answer.status_code == 400
    assert message(answer)["error"]["code"] in (PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS)


@pytest.mark.parametrize(("tool", "arguments"), STRANGE_ARGUMENTS.values(), ids=STRANGE_ARGUMENTS)
async def test_strange_arguments_are_told_to_the_model(server: Raw, tool: str, arguments: str) -> None:
    body = json.dumps(modern("tools/call", name=tool, arguments=None)).replace("null", arguments, 1)
    with anyio.fail_after(10):
        answer = await server.post(body.encode(), modern_headers("tools/call", tool))
    result = message(answer)["result"]
    assert (answer.status_code, result["isError"]) == (200, True)
    assert result["content"][0]["text"].startswith(
        (f"{tool} was not called", f"{tool} cannot read", "The program was not run", "Nothing was started")
    )
    assert server.flora.created == []


@pytest.mark.parametrize(("offered", "agreed"), [("1999-01-01", "2025-11-25"), ("2025-03-26", "2025-03-26")])
async def test_a_handshake_agrees_on_a_version_that_the_server_speaks(server: Raw, offered: str, agreed: str) -> None:
    answer = await server.post(request("initialize", {**HELLO, "protocolVersion": offered}), {})
    assert message(answer)["result"]["protocolVersion"] == agreed


async def test_a_version_of_another_time_is_answered_with_those_there_are(server: Raw) -> None:
    body = modern("tools/list")
    body["params"]["_meta"] = {**META, "io.modelcontextprotocol/protocolVersion": "2099-01-01"}
    answer = await server.post(body, {**modern_headers("tools/list"), "mcp-protocol-version": "2099-01-01"})
    assert answer.status_code == 400
    error = message(answer)["error"]
    assert (error["code"], error["data"]) == (
        UNSUPPORTED_VERSION,
        {"supported": ["2026-07-28"], "requested": "2099-01-01"},
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"mcp-protocol-version": "2025-11-25"},
        {"mcp-method": "prompts/list"},
        {"mcp-name": "wait"},
    ],
    ids=lambda headers: next(iter(headers)),
)
async def test_headers_that_say_other_than_the_body_are_refused(server: Raw, headers: dict[str, str]) -> None:
    body = modern("tools/call", name="list_models", arguments={})
    answer = await server.post(body, {**modern_headers("tools/call", "list_models"), **headers})
    assert answer.status_code == 400
    if "mcp-protocol-version" not in headers:
        assert message(answer)["error"]["code"] == HEADER_MISMATCH


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {"content-type": "text/plain"}, 400),
        ("POST", {"accept": "text/html"}, 406),
        ("POST", {"mcp-session-id": "nobody's"}, 404),
        ("GET", {}, 400),
        ("GET", {"mcp-session-id": "nobody's"}, 404),
        ("DELETE", {"mcp-session-id": "nobody's"}, 404),
        ("PUT", {}, 405),
        ("OPTIONS", {}, 405),
    ],
)
async def test_other_uses_of_the_address_are_refused(
    server: Raw, method: str, headers: dict[str, str], status: int
) -> None:
    content = json.dumps(request("ping"))
    answer = await server.web.request(method, server.url, content=content, headers={**KINDS, **headers})
    assert answer.status_code == status


async def test_a_body_of_four_mebibytes_is_read_and_a_larger_one_refused(server: Raw) -> None:
    headers = modern_headers("tools/call", "execute")
    frame = json.dumps(modern("tools/call", name="execute", arguments={"code": ""}))
    fits = frame.replace('"code": ""', f'"code": "{"#" * (4 * MEBIBYTE - len(frame))}"').encode()
    answer = await server.post(fits, headers)
    assert (answer.status_code, message(answer)["result"]["isError"]) == (200, True)
    assert (await server.post(fits + b" ", headers)).status_code == 413
    await server.works()


async def test_a_body_without_an_end_is_refused_while_it_comes(server: Raw) -> None:
    async with await server.connect() as stream, anyio.create_task_group() as tasks:
        await stream.send(server.head(modern_headers("tools/list"), "transfer-encoding: chunked"))

        async def send_on() -> None:
            while True:
                await stream.send(b"10000\r\n" + b" " * 0x10000 + b"\r\n")

        tasks.start_soon(send_on)
        with anyio.fail_after(10):
            assert (await stream.receive()).startswith(b"HTTP/1.1 413 ")
        tasks.cancel_scope.cancel()
    await server.works()
