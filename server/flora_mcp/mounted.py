"""The studio mounted in process: imported and opened when its first request comes, never before."""

import importlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup

logger = logging.getLogger(__name__)

STUDIO_URL = "http://studio.localhost"
"""The studio's address while it is mounted in process; nothing listens there."""

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class MountedStudio:
    """An ASGI app that stands for the studio.

    The studio's database and workflow engine take a second or two to import. The import happens on a thread, so
    that the server answers meanwhile; the studio lives on a task of its own, since it ends on the one it began on.
    """

    def __init__(self, *, directory: Path) -> None:
        self._directory = directory
        self._wanted = anyio.Event()
        self._opened = anyio.Event()
        self._closing = anyio.Event()
        self._app: Any = None
        self._trouble = ""
        self._tasks: TaskGroup

    async def __aenter__(self) -> Self:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        self._tasks.start_soon(self._live)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if not self._wanted.is_set():
            self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(kind, error, trace)

    def warm(self) -> None:
        """Begins to open the studio, if nobody has yet; returns at once."""
        self._wanted.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.warm()
        await self._opened.wait()
        if self._app is None:
            await _unavailable(send, self._trouble)
        else:
            await self._app(scope, receive, send)

    async def _live(self) -> None:
        await self._wanted.wait()
        try:
            module = await anyio.to_thread.run_sync(importlib.import_module, "flora_mcp.studio")
            async with module.Studio(directory=self._directory, public_url=STUDIO_URL) as studio:
                self._app = studio.app
                self._opened.set()
                await self._closing.wait()
        except Exception as exc:  # the border to the studio: the server lives on and says what is wrong
            logger.exception("The studio cannot be used")
            self._app, self._trouble = None, str(exc)
        finally:
            self._opened.set()


async def _unavailable(send: Send, trouble: str) -> None:
    reason = trouble or "it is closed"
    message = f"The studio cannot be used: {reason}. Set FLORA_DATA_DIR to a folder that can be written."
    body = json.dumps({"error": {"code": "service_unavailable", "message": message}}).encode()
    headers = [(b"content-type", b"application/json"), (b"x-should-retry", b"false")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
