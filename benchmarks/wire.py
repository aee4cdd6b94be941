"""What the benchmarks ask servers with: HTTP over a kept connection, with as little of its own as can be."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

HANDSHAKE, MODERN = "2025-11-25", "2026-07-28"
PREFIX = "io.modelcontextprotocol/"
CLIENT = {"name": "benchmark", "version": "1"}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """One connection that is kept, and asks again when it has its answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self.host = host
        self._reader = reader
        self._writer = writer

    async def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        given = {"Host": self.host, "Content-Length": str(len(body)), **(headers or {})}
        if body and "Content-Type" not in given:
            given["Content-Type"] = "application/json"
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
        head, *rest = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
        if told.get("transfer-encoding") == "chunked":
            content = await self._chunks()
        else:
            content = await self._reader.readexactly(int(told.get("content-length", 0)))
        return Answer(status=int(head.split(" ", 2)[1]), headers=told, body=content)

    def close(self) -> None:
        self._writer.close()

    async def _chunks(self) -> bytes:
        parts = []
        while size := int((await self._reader.readuntil(b"\r\n")).split(b";")[0], 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readexactly(2)
        await self._reader.readuntil(b"\r\n")
        return b"".join(parts)


async def connect(url: str) -> Connection:
    host, _, port = url.removeprefix("http://").partition("/")[0].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**24)
    return Connection(reader, writer, f"{host}:{port}")


@dataclass(kw_only=True)
class Session:
    """One MCP client of one era, over one connection."""

    connection: Connection
    version: str
    path: str = "/mcp"
    session_id: str | None = None
    asked: int = field(default=0)

    async def open(self) -> "Session":
        """Shakes hands, where the era has that."""
        if self.version == HANDSHAKE:
            params = {"protocolVersion": HANDSHAKE, "capabilities": {}, "clientInfo": CLIENT}
            answer = await self._post({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params})
            self.session_id = answer.headers.get("mcp-session-id")
            await self._post({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return self

    async def ask(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """Returns the result of a request; what else comes on its stream is passed over.

        Raises:
            RuntimeError: The server refused.
        """
        self.asked += 1
        given = dict(params or {})
        if self.version == MODERN:
            given["_meta"] = {
                f"{PREFIX}protocolVersion": MODERN,
                f"{PREFIX}clientInfo": CLIENT,
                f"{PREFIX}clientCapabilities": {},
            }
        message = {"jsonrpc": "2.0", "id": self.asked, "method": method, "params": given}
        answer = await self._post(message, name=given.get("name") or given.get("uri"), method=method)
        for told in _messages(answer):
            if told.get("id") == self.asked:
                if "result" not in told:
                    raise RuntimeError(f"{method}: {told.get('error')}")
                return told["result"]
        raise RuntimeError(f"{method}: {answer.status} {answer.body[:300]!r}")

    @property
    def url(self) -> str:
        return f"http://{self.connection.host}"

    async def call(self, tool: str, **arguments: Any) -> Any:
        return await self.ask("tools/call", {"name": tool, "arguments": arguments})

    async def _post(self, message: dict[str, Any], *, name: str | None = None, method: str | None = None) -> Answer:
        headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": self.version}
        if self.session_id is not None:
            headers["Mcp-Session-Id"] = self.session_id
        if self.version == MODERN:
            headers |= {"Mcp-Method": method or ""} | ({"Mcp-Name": name} if name else {})
        return await self.connection.ask("POST", self.path, json.dumps(message).encode(), headers)


@asynccontextmanager
async def started(
    command: list[str], url: str | None = None, *, suffix: str = "", **options: Any
) -> AsyncIterator[tuple[str, int]]:
    """Starts a server and gives its address and process id.

    Args:
        command: What starts it.
        url: Its address; what it tells on standard output or standard error, if not given.
        suffix: Taken off the address that it tells.
        options: Of the process.
    """
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT if url is None else None, **options
    )
    assert process.stdout is not None
    try:
        while url is None:
            line = (await process.stdout.readline()).decode()
            if not line:
                raise SystemExit(f"{command} ended before it told its address")
            told = (word.strip("().,'\"") for word in line.split())
            url = next((word.removesuffix(suffix) for word in told if word.startswith("http://")), None)
        drain = asyncio.create_task(_drain(process.stdout))
        while True:
            try:
                (await connect(url)).close()
                break
            except OSError:
                await asyncio.sleep(0.05)
        yield url, process.pid
        drain.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(65_536):
        pass


def _messages(answer: Answer) -> list[Any]:
    if "text/event-stream" not in answer.headers.get("content-type", ""):
        return [json.loads(answer.body)] if answer.body else []
    lines = answer.body.decode().splitlines()
    return [json.loads(line[5:]) for line in lines if line.startswith("data:") and line[5:].strip()]
