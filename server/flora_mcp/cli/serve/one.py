"""One process that serves MCP over HTTP."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import anyio

from flora_mcp.app import open_desks
from flora_mcp.app.doors import door_of
from flora_mcp.cli.errors import CommandError, first
from flora_mcp.cli.serve.memory import give_memory_back
from flora_mcp.cli.serve.wanted import Auth
from flora_mcp.cli.signals import ending_on_signals
from flora_mcp.errors import IsolationError
from flora_mcp.protocol.http import (
    ENDPOINT,
    HTTPOptions,
    Parts,
    base_url_of,
    build_app,
    routes_of,
    serve,
    tenant_of,
)
from flora_mcp.settings import Settings, SettingsError


@dataclass(frozen=True, kw_only=True)
class Serving:
    """All that a process must know to serve; it can be sent to another one."""

    settings: Settings
    options: HTTPOptions
    auth: Auth
    url: str
    """Where clients reach the server."""
    figures: Path | None = None
    """Where workers leave their figures for each other."""


def run(serving: Serving, listener: socket.socket, *, on_ready: Callable[[], None]) -> int:
    """Serves until a signal comes, and returns 0.

    Raises:
        CommandError: nothing can be served here, or not as safely as asked.
        SettingsError: the settings lack what the door needs.
    """

    async def until_signal() -> None:
        ending, loop = anyio.Event(), asyncio.get_running_loop()
        with ending_on_signals(partial(loop.call_soon_threadsafe, ending.set)):
            await work(serving, listener, ending=ending, on_ready=on_ready)

    serve_until(until_signal)
    return 0


def serve_until(end: Callable[[], Awaitable[None]]) -> None:
    """Runs what serves, and says what is wrong in the words of the command line.

    Raises:
        CommandError: nothing can be served here, or not as safely as asked.
        SettingsError: the settings lack what the door needs.
    """
    trouble: BaseException | None = None
    try:
        anyio.run(end)
    except* (OSError, IsolationError, SettingsError) as group:
        trouble = first(group)
    if isinstance(trouble, SettingsError):
        raise trouble
    if isinstance(trouble, IsolationError):
        raise CommandError(str(trouble)) from trouble
    if trouble is not None:
        raise CommandError(f"the server cannot work: {trouble}. See FLORA_DATA_DIR in flora-mcp --help") from trouble


async def work(serving: Serving, listener: socket.socket, *, ending: anyio.Event, on_ready: Callable[[], None]) -> None:
    """Serves until the event is set; closes all that it has opened."""
    give_memory_back()
    settings, options = serving.settings, serving.options
    async with open_desks(settings, public_url=options.public_url) as opened:
        door = door_of(serving.auth, settings=settings, opened=opened, mcp_url=f"{serving.url}{ENDPOINT}")
        parts = Parts(
            state=opened.state,
            pickup=opened.pickup,
            checks=opened.checks,
            public=routes_of(door.documents),
            figures=serving.figures,
            ending=ending,
        )
        server = opened.server(tenant_of, base_url_of=base_url_of)
        app = build_app(server, door=door, options=options, parts=parts)
        await serve(app, listener, ending=ending, on_ready=on_ready)
