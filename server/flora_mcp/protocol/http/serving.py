"""Serves the app on a socket, until the server is to end."""

import socket
from collections.abc import Callable

import anyio
import uvicorn
from starlette.applications import Starlette

GRACE_SECONDS = 2
"""What calls that are under way have to end by themselves; programs end with the server anyway."""

KEEP_ALIVE_SECONDS = 75
"""Longer than proxies keep an idle connection: else they would send a call into one that is just being closed."""


async def serve(
    app: Starlette, listener: socket.socket, *, ending: anyio.Event, on_ready: Callable[[], None] = lambda: None
) -> None:
    """Serves until the event is set, and closes the socket.

    Args:
        app: From `build_app`, with the same event in its parts.
        listener: A listening socket; other processes may serve on it, too.
        ending: Is set by whoever ends the server.
        on_ready: Called once requests are answered.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config, on_ready=on_ready)

    async def end() -> None:
        await ending.wait()
        server.should_exit = True

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(end)
        # Not `serve`, which takes the signals: they are for whoever started this.
        await server._serve([listener])
        tasks.cancel_scope.cancel()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()
