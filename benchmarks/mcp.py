"""What our server costs over a bare one: `python benchmarks/mcp.py [--rounds N] [--seconds S]`.

Starts `flora-mcp` as a user does, and beside it, in the same run, a bare server of the official SDK that answers the
same texts and does nothing. Measured are the time from the start of the process to the answer of `initialize`, one
call over standard input and output, calls per second over HTTP with 1, 16 and 64 clients of both eras of the protocol,
the size of what a client is told before its first call, and `execute` from end to end.

It must not import `mcp`: this file has that name, and would be found instead.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from wire import CLIENT, HANDSHAKE, MODERN, Session, connect, started

BARE = """
import sys, anyio
from mcp.server.lowlevel import Server
from mcp_types import CallToolResult, ListToolsResult, TextContent, Tool
TEXT = open(sys.argv[1]).read()
async def call(context, params):
    return CallToolResult(content=[TextContent(text=TEXT)])
async def tools(context, params):
    return ListToolsResult(tools=[Tool(name="list_models", input_schema={"type": "object"})])
server = Server("bare", on_call_tool=call, on_list_tools=tools)
"""
BARE_STDIO = f"""{BARE}
from mcp.server.stdio import stdio_server
async def main():
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
anyio.run(main)
"""
BARE_HTTP = f"""{BARE}
import contextlib, uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
manager = StreamableHTTPSessionManager(app=server)
@contextlib.asynccontextmanager
async def lifespan(app):
    async with manager.run():
        yield
app = Starlette(routes=[Mount("/", app=manager.handle_request)], lifespan=lifespan)
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False)
"""
BARE_PORT = 18_090
CLIENTS = (1, 16, 64)
ERAS = {HANDSHAKE: "handshake", MODERN: MODERN}
INITIALIZE = {"protocolVersion": HANDSHAKE, "capabilities": {}, "clientInfo": CLIENT}
PICTURES = """
ws = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Benchmark NUMBER", workspace_id=ws.workspace_id)
runs = [
    await client.generations.create(
        type="image", prompt="a ceramic mug on a sunlit table", params={"resolution": "0.5k", "seed": seed},
        workspace_id=ws.workspace_id, project_id=project.project_id,
    )
    for seed in range(3)
]
return [(await client.generations.wait(run.run_id)).status for run in runs]
"""


def environment(folder: str) -> dict[str, str]:
    """Returns the environment of a server that works on a data folder of its own, on the studio."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FLORA_")}
    return kept | {"FLORA_DATA_DIR": folder}


class Pipe:
    """A client over standard input and output."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._asked = 0

    async def ask(self, method: str, params: dict[str, Any]) -> Any:
        self._asked += 1
        self.tell({"jsonrpc": "2.0", "id": self._asked, "method": method, "params": params})
        assert self._process.stdout is not None
        while True:
            message = json.loads(await self._process.stdout.readline())
            if message.get("id") == self._asked:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']}")
                return message["result"]

    def tell(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")

    async def open(self) -> Any:
        told = await self.ask("initialize", INITIALIZE)
        self.tell({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return told


@asynccontextmanager
async def piped(command: list[str], folder: str) -> AsyncIterator[Pipe]:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24, env=environment(folder)
    )
    yield Pipe(process)
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()


async def cold_starts(ours: list[str], bare: list[str], folder: str, *, rounds: int) -> tuple[list[float], list[float]]:
    """Returns the seconds to the answer of `initialize`, of both in turns."""
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for seconds, command in zip(found, (ours, bare), strict=True):
            begun = time.perf_counter()
            async with piped(command, folder) as pipe:
                await pipe.ask("initialize", INITIALIZE)
                if number:  # the first round fills the caches of the disk
                    seconds.append(time.perf_counter() - begun)
    return found


async def timed(work: Callable[[int], Awaitable[Any]], *, rounds: int) -> list[float]:
    """Returns the milliseconds of each of some rounds, after one that is not counted."""
    found = []
    for number in range(rounds + 1):
        begun = time.perf_counter()
        await work(number)
        found.append((time.perf_counter() - begun) * 1000)
    return found[1:]


async def throughput(url: str, version: str, clients: int, *, seconds: float) -> float:
    """Returns calls per second of so many clients, each with one call at a time."""
    sessions = [await Session(connection=await connect(url), version=version).open() for _ in range(clients)]
    await sessions[0].call("list_models")
    end, done = time.perf_counter() + seconds, 0

    async def ask(session: Session) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await session.call("list_models")
            done += 1

    begun = time.perf_counter()
    await asyncio.gather(*(ask(session) for session in sessions))
    spent = time.perf_counter() - begun
    for session in sessions:
        session.connection.close()
    return done / spent


def row(what: str, ours: str, bare: str = "", ratio: float | None = None) -> None:
    print(f"| {what} | {ours} | {bare} | {'' if ratio is None else f'{ratio:.2f}'} |", flush=True)


async def over_pipes(folder: str, text: Path, *, rounds: int) -> None:
    ours = [sys.executable, "-m", "flora_mcp.cli"]
    bare = [sys.executable, "-c", BARE_STDIO, str(text)]
    mine, theirs = await cold_starts(ours, bare, folder, rounds=rounds)
    cold = statistics.median(mine), statistics.median(theirs)
    row("cold start to `initialize`", f"{cold[0]:.2f} s", f"{cold[1]:.2f} s", cold[0] / cold[1])
    async with piped(ours, folder) as pipe, piped(bare, folder) as other:
        instructions = (await pipe.open()).get("instructions", "")
        await other.open()
        await pipe.ask("tools/call", {"name": "list_models", "arguments": {}})
        for what, name, arguments in (("`list_models`", "list_models", {}), ("`execute` of `1 + N`", "execute", None)):

            async def call(number: int, pipe: Pipe, name: str = name, given: Any = arguments) -> Any:
                sent = {"code": f"1 + {number}"} if given is None else given
                return await pipe.ask("tools/call", {"name": name, "arguments": sent})

            one = statistics.median(await timed(lambda n: call(n, pipe), rounds=rounds * 10))
            two = statistics.median(await timed(lambda n: call(n, other), rounds=rounds * 10))
            row(f"stdio: {what}, p50", f"{one:.1f} ms", f"{two:.1f} ms", one / two)

        async def three(number: int) -> None:
            code = PICTURES.replace("NUMBER", str(number))
            told = await pipe.ask("tools/call", {"name": "execute", "arguments": {"code": code}})
            assert sum(block["type"] == "image" for block in told["content"]) == 3, told["content"][0]

        took = statistics.median(await timed(three, rounds=3))
        row("stdio: `execute` that makes three pictures", f"{took / 1000:.1f} s")
        sizes = {"instructions": len(instructions)}
        for method in ("tools/list", "prompts/list", "resources/templates/list"):
            sizes[method] = len(json.dumps(await pipe.ask(method, {}), ensure_ascii=False))
        row("characters that a client is told", ", ".join(f"{name} {size}" for name, size in sizes.items()))


async def over_http(folder: str, text: Path, *, seconds: float) -> None:
    ours = [sys.executable, "-m", "flora_mcp.cli", "serve", "--http", "--port", "0"]
    bare = [sys.executable, "-c", BARE_HTTP, str(text), str(BARE_PORT)]
    async with (
        started(ours, env=environment(folder)) as (url, _),
        started(bare, f"http://127.0.0.1:{BARE_PORT}") as (other, _),
    ):
        for version, era in ERAS.items():
            for clients in CLIENTS:
                one = await throughput(url, version, clients, seconds=seconds)
                two = await throughput(other, version, clients, seconds=seconds)
                what = f"HTTP, {era}, {clients} client{'s' * (clients > 1)}: `list_models` per second"
                row(what, f"{one:.0f}", f"{two:.0f}", one / two)


async def sample(folder: str) -> str:
    """Returns what our `list_models` answers, for the bare server to repeat."""
    async with piped([sys.executable, "-m", "flora_mcp.cli"], folder) as pipe:
        await pipe.open()
        told = await pipe.ask("tools/call", {"name": "list_models", "arguments": {}})
        return str(told["content"][0]["text"])


async def main(given: argparse.Namespace) -> None:
    print("| what | flora-mcp | bare server | ratio |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text"
        text.write_text(await sample(folder))
        await over_pipes(folder, text, rounds=given.rounds)
        await over_http(folder, text, seconds=given.seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10, help="cold starts; single calls ten times as many")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement over HTTP")
    asyncio.run(main(parser.parse_args()))
