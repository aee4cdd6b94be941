"""`flora-mcp serve --http` as a process: where it listens, to whom it is open, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import anyio
import httpx
import httpx2
import pytest
from e2e import processes
from e2e.served import Served, served
from e2e.servers import CHAT, COMMAND, environment
from fakes.command import main
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

linux = pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc")

FOREVER = "import asyncio\nprint('here')\nwhile True:\n    await asyncio.sleep(0.1)"


async def ended(server: Served, directory: Path) -> int:
    seen = processes.of(directory)
    with anyio.fail_after(15):
        code = await server.process.wait()
    await processes.gone(directory, seen=seen)
    return code


def workers_of(directory: Path) -> set[int]:
    return {pid for pid, command in processes.of(directory).items() if "spawn_main" in command}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--port", "1"], "--port is for HTTP; add --http"),
        (["--http", "--host", "0.0.0.0"], "say by what name, with --allowed-host or --public-url"),
        (["--http", "--host", "0.0.0.0", "--allowed-host", "a.example", "--auth", "none"], "--without-auth"),
        (["--http", "--host", "0.0.0.0", "--allowed-host", "a.example", "--auth", "auto"], "Use --auth keys"),
        (["--http", "--public-url", "https://a.example", "--auth", "none"], "--without-auth"),
        (["--http", "--without-auth", "--auth", "keys"], "contradict"),
        (["--http", "--allowed-host", "https://a.example"], "leave out scheme and port"),
        (["--http", "--public-url", "a.example/mcp"], "https://flora.example.com"),
        (["--http", "--workers", "2", "--sse"], "lives in one process"),
        (["--http", "--auth", "oauth"], "FLORA_OAUTH_ISSUER"),
        (["--tools", "execute,rm -rf"], "'rm -rf' is no name of a tool"),
    ],
)
def test_what_would_be_open_to_strangers_is_not_served(
    options: list[str],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLORA_DATA_DIR", str(tmp_path))
    port = ["--port", "0"] if "--http" in options else []
    assert main(["serve", *options, *port]) == 2
    assert told in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = subprocess.run(
            [*COMMAND, "serve", "--http", "--port", port], env=environment(tmp_path), capture_output=True, text=True
        )
    assert found.returncode == 1
    assert found.stderr.startswith(f"flora-mcp: Port {port} of '127.0.0.1' cannot be used: Address already in use")
    assert found.stderr.endswith("; choose another.\n")


@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_a_server_with_clients_and_programs(number: signal.Signals, tmp_path: Path) -> None:
    async with (
        served(tmp_path, "--sse", FLORA_TIME_BUDGET_SECONDS="1") as server,
        Client(f"{server.url}/mcp", client_info=CHAT) as client,
        httpx.AsyncClient(timeout=30) as web,
        web.stream("GET", f"{server.url}/sse") as stream,
    ):
        assert stream.status_code == 200
        await client.call_tool("execute", {"code": FOREVER})
        server.process.send_signal(number)
        assert await ended(server, tmp_path) == 0
    assert (tmp_path / "log").read_text() == ""


async def test_strangers_need_a_key(tmp_path: Path) -> None:
    async with served(tmp_path, "--host", "0.0.0.0", "--allowed-host", "localhost", "--auth", "keys") as server:
        assert server.url.startswith("http://localhost:")
        async with httpx.AsyncClient() as web:
            answer = await web.post(f"{server.url}/mcp", json={}, headers={"accept": "application/json"})
    assert answer.status_code == 401


async def test_a_server_without_auth_says_so_loudly(tmp_path: Path) -> None:
    options = ("--host", "0.0.0.0", "--allowed-host", "flora.example.com", "--without-auth")
    async with served(tmp_path, *options, FLORA_LOG="off") as server:
        assert "Whoever reaches the server is let in." in server.said
    assert "WARNING: NO AUTHENTICATION" in (tmp_path / "log").read_text()


async def test_the_tools_on_offer_are_chosen_over_standard_input_too(tmp_path: Path) -> None:
    arguments = [*COMMAND[1:], "serve", "--tools", "execute,wait,generate", "--no-tools", "generate"]
    parameters = StdioServerParameters(command=COMMAND[0], args=arguments, env=environment(tmp_path))
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(30):
        async with Client(stdio_client(parameters, errlog=log), client_info=CHAT) as client:
            assert sorted(tool.name for tool in (await client.list_tools()).tools) == ["execute", "wait"]


async def list_often(client: Client) -> None:
    for _ in range(10):
        assert (await client.list_tools()).tools


@linux
async def test_workers_serve_one_session_together_and_those_that_crash_are_replaced(tmp_path: Path) -> None:
    async with served(tmp_path, "--workers", "2") as server:
        # Each request comes over a connection of its own, which any of the workers may take.
        limits = httpx2.Limits(max_keepalive_connections=0)
        async with (
            httpx2.AsyncClient(limits=limits, timeout=30) as web,
            Client(streamable_http_client(f"{server.url}/mcp", http_client=web), mode="legacy") as client,
        ):
            before = workers_of(tmp_path)
            assert len(before) == 2
            figures = ""
            while not re.search(r'^flora_mcp_processes\{version="[^"]+"\} 2.0$', figures, re.MULTILINE):
                figures = (await web.get(f"{server.url}/metrics")).text
            # Nothing is under way afterwards, not even what the client sends of its own accord once it is connected.
            await list_often(client)
            for worker in before:
                others = workers_of(tmp_path) - {worker}
                os.kill(worker, signal.SIGKILL)
                await processes.exited(worker)
                await list_often(client)
                while workers_of(tmp_path) <= others:
                    await anyio.lowlevel.checkpoint()
        server.process.send_signal(signal.SIGTERM)
        assert await ended(server, tmp_path) == 0
    assert "A worker ended with -9; another one takes its place" in (tmp_path / "log").read_text()


@linux
async def test_workers_end_with_the_process_that_watches_over_them(tmp_path: Path) -> None:
    async with served(tmp_path, "--workers", "2") as server:
        seen = processes.of(tmp_path)
        server.process.kill()
        await processes.gone(tmp_path, seen=seen)


@linux
async def test_what_keeps_workers_from_serving_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("[]")
    command = [*COMMAND, "serve", "--http", "--port", "0", "--workers", "2", "--auth", "oauth"]
    variables = {"FLORA_OAUTH_ISSUER": "https://issuer.example", "FLORA_KEYS_FILE": str(tmp_path / "keys.json")}
    found = await anyio.run_process(command, env=environment(tmp_path, **variables), check=False)
    assert found.returncode == 1
    assert found.stderr.decode().count("FLORA_KEYS_FILE") == 1
    await processes.gone(tmp_path)
