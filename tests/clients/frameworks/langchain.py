"""LangChain's adapters. They need the SDK of before 2026, so they run in an environment of their own."""

import json
import subprocess
from pathlib import Path
from typing import Any

import anyio
import pytest
from clients.conversation import CALL_SECONDS, Heard, Place, Wish, decoded

PROGRAM = Path(__file__).parents[1] / "programs" / "langchain_client.py"


async def converse(place: Place, wish: Wish, *, python: str) -> Heard:
    connection: dict[str, Any] = (
        {"transport": "streamable_http", "url": place.url}
        if place.url is not None
        else {
            "transport": "stdio",
            "command": place.program,
            "args": place.arguments,
            "env": dict(place.variables),
        }
    )
    asked = {"connection": connection, "tool": wish.tool, "arguments": wish.arguments}
    with anyio.fail_after(CALL_SECONDS):
        ended = await anyio.run_process(
            [python, "-W", "error", str(PROGRAM)], input=json.dumps(asked).encode(), stderr=subprocess.PIPE, check=False
        )
    if ended.returncode:
        pytest.fail(ended.stderr.decode())
    told = json.loads(ended.stdout)
    content = told["content"]
    addresses = [part["image_url"]["url"] for part in content if part["type"] == "image_url"]
    return Heard(
        tools=frozenset(told["tools"]),
        words="\n".join(part["text"] for part in content if part["type"] == "text"),
        pictures=tuple(decoded(address) for address in addresses if address.startswith("data:")),
        addresses=tuple(address for address in addresses if not address.startswith("data:")),
    )
