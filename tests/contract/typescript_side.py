"""The contract through the official TypeScript SDK, in a Node process that asks the studio over HTTP."""

import base64
import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
from anyio.streams.buffered import BufferedByteReceiveStream
from contract.promises import FOLDER
from contract.sides import Refused, Sheet, Side
from contract.world import World

VERSION = "0.11.0"

LONGEST_LINE_BYTES = 16 * 1024 * 1024

METHODS: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "methods.toml").read_text(encoding="utf-8"))

KEY_IN_BODY = frozenset({"techniques.runs.create"})
"""The methods whose idempotency key is an argument of the SDK; for all others it is a header that one adds."""

_SNAKE = re.compile(r"_([a-z0-9])")


def node_modules() -> Path:
    """Returns where the SDK is installed."""
    return Path(os.environ.get("FLORA_TEST_NODE_MODULES", FOLDER.parents[1] / "node_modules"))


def command() -> list[str]:
    """Returns what starts the bridge.

    Raises:
        FileNotFoundError: There is no Node or no SDK; the message says what to do.
    """
    entry = node_modules() / "@flora-ai" / "flora" / "index.mjs"
    packaged = node_modules() / "node" / "bin" / "node"
    node = str(packaged) if packaged.is_file() else shutil.which("node")
    if node is None or not entry.is_file():
        raise FileNotFoundError(
            f"no official SDK in {str(node_modules())!r}: npm install node@22 @flora-ai/flora@{VERSION}, and name its "
            "node_modules in FLORA_TEST_NODE_MODULES"
        )
    return [node, str(FOLDER / "typescript_bridge.mjs"), str(entry)]


def camel(name: str) -> str:
    return _SNAKE.sub(lambda found: found.group(1).upper(), name)


class Bridge:
    """A Node process with a client of the SDK, asked one thing after the other."""

    def __init__(self, process: anyio.abc.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin = process.stdin
        self._lines = BufferedByteReceiveStream(process.stdout)

    async def ask(self, operation: str, **asked: Any) -> Any:
        with anyio.fail_after(30):
            await self._stdin.send(json.dumps({"operation": operation, **asked}).encode() + b"\n")
            answer = json.loads(await self._lines.receive_until(b"\n", LONGEST_LINE_BYTES))
        if "error" in answer:
            raise _refused(answer["error"])
        return answer["value"]


@dataclass(kw_only=True)
class TypeScriptSide(Side):
    """Calls the SDK by the names of its own groups, with its own way of giving arguments."""

    bridge: Bridge

    async def call(self, path: str, **arguments: Any) -> Any:
        answer = await self.bridge.ask("call", key=self.key, path=camel(path), values=self._values(path, arguments))
        if isinstance(answer, dict) and set(answer) == {"items", "body", "hasNext"}:
            return Sheet(items=answer["items"], body=answer["body"], has_next=answer["hasNext"])
        return answer

    async def all(self, path: str, **arguments: Any) -> list[Any]:
        items: list[Any] = await self.bridge.ask(
            "all", key=self.key, path=camel(path), values=self._values(path, arguments)
        )
        return items

    async def upload(self, file: bytes | str, **arguments: Any) -> Any:
        content = base64.b64encode(file).decode() if isinstance(file, bytes) else None
        params = {"pollIntervalMs": 1, **arguments}
        path = None if content else file
        return await self.bridge.ask("upload", key=self.key, content=content, file=path, params=params)

    async def unwrap(self, body: bytes, headers: Mapping[str, str], secret: str, **options: float) -> Any:
        return await self.bridge.ask(
            "unwrap",
            key=self.key,
            body=base64.b64encode(body).decode(),
            headers=dict(headers),
            secret=secret,
            now=options.pop("now_seconds") * 1000,
            options={camel(name): value for name, value in options.items()},
        )

    def _values(self, path: str, arguments: Mapping[str, Any]) -> list[Any]:
        """Returns the arguments as the SDK takes them: an id, an object of all else, options."""
        method, rest = METHODS[path], dict(arguments)
        options: dict[str, Any] = {"maxRetries": self.max_retries}
        if path not in KEY_IN_BODY and (key := rest.pop("idempotency_key", None)) is not None:
            options["headers"] = {"Idempotency-Key": key}
        values: list[Any] = [rest.pop(method["first"])] if "first" in method else []
        if "within" in method and method["within"] in rest:
            rest[camel(method["within"])] = rest.pop(method["within"])
        assert not (method.get("bare") and rest), f"{path} takes no {sorted(rest)}"
        if not method.get("bare"):
            values.append(rest)
        return [*values, options]


@asynccontextmanager
async def open_bridge(world: World) -> AsyncIterator[Bridge]:
    """Starts the bridge, and ends it with its input."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("FLORA_")}
    started = [*command(), world.studio.base_url]
    async with await anyio.open_process(started, stdin=subprocess.PIPE, stderr=None, env=variables) as process:
        try:
            yield Bridge(process)
        finally:
            process.kill()


def _refused(told: dict[str, Any]) -> Refused:
    error = (told["body"] or {}).get("error", {}) if isinstance(told["body"], dict) else {}
    return Refused(
        error.get("message", told["message"]),
        kind=told["kind"],
        status=told["status"],
        code=error.get("code"),
        fields={each["field"]: each["message"] for each in error.get("fields", [])},
        sent=told["sent"],
        request_id=told["requestId"],
    )
