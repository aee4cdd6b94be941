"""Where the studio listens, and what a process pays for importing parts of it."""

import asyncio
import socket
import subprocess
import sys

import anyio
import pytest

from flora_mcp.studio import listen, url_of
from flora_mcp.studio.errors import StudioUnavailableError


def test_a_free_port_is_taken_on_loopback() -> None:
    with listen() as listener:
        host, port = listener.getsockname()
        assert host == "127.0.0.1"
        assert url_of(listener) == f"http://127.0.0.1:{port}"


async def test_what_is_answered_is_sent_without_delay() -> None:
    delays = asyncio.get_running_loop().create_future()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        delays.set_result(not writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listener = listen()
    port = listener.getsockname()[1]
    async with await asyncio.start_server(answer, sock=listener), await anyio.connect_tcp("127.0.0.1", port):
        with anyio.fail_after(5):
            assert await delays is False


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::"])
def test_nobody_listens_to_the_network_without_keys(host: str) -> None:
    with pytest.raises(StudioUnavailableError, match="on loopback only"):
        listen(host=host)


def test_a_port_in_use_is_named() -> None:
    with listen() as listener:
        port = listener.getsockname()[1]
        with pytest.raises(StudioUnavailableError, match=f"Port {port}"):
            listen(port=port)


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("flora_mcp.studio.renderers.worker", ["starlette", "sqlalchemy", "pydantic", "anyio", "numpy"]),
        ("flora_mcp.studio.studio", ["dbos", "numpy", "PIL"]),
    ],
)
def test_a_part_imports_nothing_heavy_that_it_does_not_need(module: str, unwanted: list[str]) -> None:
    program = f"import sys, {module}; print([name for name in {unwanted} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
