"""Documents of an issuer are read over a safe way only, and never more than they may hold."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from flora_mcp.auth.tokens import UnreachableError
from flora_mcp.auth.tokens.issuer import read_json


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answers = {"/keys": (200, b'{"keys": []}'), "/huge": (200, b" " * 1_000_001), "/page": (200, b"<html>")}
        status, body = answers.get(self.path, (302 if self.path == "/moved" else 404, b"{}"))
        self.send_response(status)
        if status == 302:
            self.send_header("location", "/keys")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


async def test_a_document_is_read(address: str) -> None:
    assert await read_json(f"{address}/keys") == {"keys": []}


@pytest.mark.parametrize("path", ["/moved", "/gone", "/huge", "/page"])
async def test_a_document_that_moved_or_is_none_is_not_taken(address: str, path: str) -> None:
    with pytest.raises(UnreachableError):
        await read_json(f"{address}{path}")


@pytest.mark.parametrize(
    "url",
    ["http://login.example.com/keys", "file:///etc/passwd", "ftp://127.0.0.1/keys", "https://", "https://[", "/keys"],
)
async def test_an_address_that_is_not_safe_is_not_asked(url: str) -> None:
    with pytest.raises(UnreachableError):
        await read_json(url)


async def test_an_issuer_that_is_not_there_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError):
        await read_json(f"http://127.0.0.1:{port}/keys")
