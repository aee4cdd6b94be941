"""Serves an app over HTTP on a port that the system picks."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import uvicorn
from starlette.applications import Starlette


class _Server(uvicorn.Server):
    def __init__(self, app: Starlette) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, lifespan="on", ws="none", timeout_graceful_shutdown=1))
        self.ready = anyio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def served(app: Starlette, *, listener: socket.socket | None = None) -> AsyncIterator[str]:
    """Serves the app until the end of the block, and yields its address, such as `http://127.0.0.1:40001`.

    Args:
        app: What is served.
        listener: For an app that has to know its port before; closed at the end.
    """
    server = _Server(app)
    with listener or socket.create_server(("127.0.0.1", 0)) as listener:
        async with anyio.create_task_group() as tasks:
            # Not `serve`, which takes the signals that pytest waits for.
            tasks.start_soon(server._serve, [listener])
            with anyio.fail_after(10):
                await server.ready.wait()
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True
