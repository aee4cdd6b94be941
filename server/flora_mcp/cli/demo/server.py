"""The demo's own server: a process like the one that any MCP client starts."""

import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

import anyio
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import CONNECTION_CLOSED

from flora_mcp.cli.errors import CommandError, first
from flora_mcp.settings import Settings

START_SECONDS = 60.0


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Client]:
    """Starts the server, connects to it, and leaves no process behind.

    Raises:
        CommandError: it cannot be started, or it ended too soon.
    """
    # -P: a module in the current folder never takes the place of one of ours.
    parameters = StdioServerParameters(
        command=sys.executable, args=["-P", "-m", "flora_mcp.cli"], env=settings.environment()
    )
    trouble: BaseException | None = None
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        client = Client(stdio_client(parameters, errlog=log))
        try:
            with anyio.move_on_after(START_SECONDS) as start:
                async with client:
                    start.deadline = float("inf")
                    yield client
            if start.cancelled_caught:
                trouble = TimeoutError(f"it has not answered within {START_SECONDS:g} s")
        except* (MCPError, OSError, anyio.ClosedResourceError, anyio.BrokenResourceError) as group:
            trouble = first(group)
        lines = _lines(log)
    if trouble is not None:
        ended = isinstance(trouble, MCPError) and trouble.code == CONNECTION_CLOSED
        raise CommandError(f"the server cannot be used: {lines[-1] if lines and ended else trouble}") from trouble
    sys.stderr.writelines(f"{line}\n" for line in lines)


def _lines(log: TextIO) -> list[str]:
    log.seek(0)
    return [line.rstrip().removeprefix("flora-mcp: ") for line in log if line.strip()]
