"""Starts our server over HTTP, as an operator does."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio.abc import Process
from anyio.streams.text import TextReceiveStream
from e2e.servers import COMMAND, environment


@dataclass
class Served:
    process: Process
    url: str
    said: str


@asynccontextmanager
async def served(directory: Path, *options: str, **variables: str) -> AsyncIterator[Served]:
    """Starts a server on a port that the system picks, and yields it once it answers."""
    command = [*COMMAND, "serve", "--http", "--port", "0", *options]
    with (directory / "log").open("w+") as log, anyio.fail_after(90):
        async with await anyio.open_process(command, env=environment(directory, **variables), stderr=log) as process:
            assert process.stdout is not None
            said = ""
            async for text in TextReceiveStream(process.stdout):
                said += text
                if "Ctrl-C" in said:
                    break
            address = re.search(r"http://\S+(?=/mcp)", said)
            assert address is not None, (directory / "log").read_text()
            try:
                yield Served(process, address[0], said)
            finally:
                if process.returncode is None:
                    process.kill()
