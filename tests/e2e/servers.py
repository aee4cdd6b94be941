"""Starts our server as clients do: a process, over standard input and output."""

import json
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TextIO

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import CallToolResult, Implementation, TextContent

COMMAND = (sys.executable, "-m", "flora_mcp.cli")

SMALL = {"aspect_ratio": "4:3", "resolution": "0.5k"}
"""Parameters of a picture that is made in a moment."""

LONGEST_LINE_BYTES = 8 * 1024 * 1024

CHAT = Implementation(name="flora-mcp tests", version="1")
"""A client with a name of its own; those without one are given no links."""

INITIALIZE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": CHAT.model_dump(exclude_none=True)}


def environment(directory: Path, **variables: str) -> dict[str, str]:
    """Returns what a server in `directory` is started with; what it leaves behind can be found by that path."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "TMPDIR": str(directory),
        "FLORA_DATA_DIR": str(directory / "data"),
        **variables,
    }


def connection(
    directory: Path, *, log: TextIO, mode: str = "auto", variables: dict[str, str] | None = None, **options: Any
) -> Client:
    """Returns a real client of a real server process; `log` gets the server's stderr."""
    command, *arguments = COMMAND
    parameters = StdioServerParameters(command=command, args=arguments, env=environment(directory, **(variables or {})))
    return Client(stdio_client(parameters, errlog=log), mode=mode, client_info=CHAT, **options)


class Wire:
    """A client that is nothing but lines of JSON, for what no client library lets us do or see."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._lines = BufferedByteReceiveStream(process.stdout)
        self._stdin = process.stdin
        self._id = 0

    async def call(self, method: str, params: dict[str, Any]) -> int:
        """Sends a request and returns its id."""
        self._id += 1
        await self._send({"id": self._id, "method": method, "params": params})
        return self._id

    async def notify(self, method: str, params: dict[str, Any]) -> None:
        await self._send({"method": method, "params": params})

    async def initialize(self) -> dict[str, Any]:
        """Shakes hands as a client of 2025-11-25."""
        number = await self.call("initialize", INITIALIZE)
        answer = await self.until(lambda message: message.get("id") == number)
        await self._send({"method": "notifications/initialized"})
        return answer

    async def call_tool(self, name: str, arguments: dict[str, Any]) -> int:
        """Calls a tool, with progress."""
        return await self.call(
            "tools/call", {"name": name, "arguments": arguments, "_meta": {"progressToken": f"p{self._id}"}}
        )

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Reads messages until one is wanted, and returns it. A line that is not a message is an error."""
        while True:
            line = await self._lines.receive_until(b"\n", LONGEST_LINE_BYTES)
            message: dict[str, Any] = json.loads(line)
            assert message["jsonrpc"] == "2.0"
            if wanted(message):
                return message

    async def send_line(self, line: bytes) -> None:
        """Sends what need not be a message."""
        await self._stdin.send(line + b"\n")

    async def end_input(self, last: bytes = b"") -> None:
        """Closes standard input, perhaps within a line."""
        if last:
            await self._stdin.send(last)
        await self._stdin.aclose()

    async def _send(self, message: dict[str, Any]) -> None:
        await self.send_line(json.dumps({"jsonrpc": "2.0", **message}).encode())


@asynccontextmanager
async def wire(directory: Path, *, log: TextIO, **variables: str) -> AsyncIterator[Wire]:
    """Starts a server and speaks with it in raw lines; kills it if it still runs at the end."""
    async with await anyio.open_process(
        COMMAND, stderr=log, env=environment(directory, **variables), start_new_session=True
    ) as process:
        try:
            yield Wire(process)
        finally:
            if process.returncode is None:
                process.kill()


@asynccontextmanager
async def studio(directory: Path, *options: str) -> AsyncIterator[tuple[Process, str]]:
    """Starts a studio on a free port; yields its process, and the address that it tells clients to use."""
    command = [*COMMAND, "studio", "--port", "0", "--data-dir", str(directory / "data"), *options]
    async with await anyio.open_process(command, stderr=None, env=environment(directory)) as process:
        assert process.stdout is not None
        try:
            lines = BufferedByteReceiveStream(process.stdout)
            said = [(await lines.receive_until(b"\n", 1000)).decode() for _ in range(3)]
            [base_url] = re.findall(r"FLORA_BASE_URL=(\S+) FLORA_API_KEY=", "".join(said))
            yield process, base_url
        finally:
            if process.returncode is None:
                process.kill()


def tells(pattern: str) -> Callable[[dict[str, Any]], bool]:
    """Returns a test for the progress notifications with such a text."""
    return lambda message: bool(re.search(pattern, str(message.get("params", {}).get("message", ""))))


def text(result: CallToolResult) -> str:
    """Returns the text block that a tool's answer begins with."""
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text
