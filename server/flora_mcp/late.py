"""A server that answers its client before all that it needs is imported."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from flora_mcp.icons import SERVER_ICON
from flora_mcp.imports import import_quickly
from flora_mcp.protocol.desk import Context
from flora_mcp.protocol.instructions import ABOUT, instructions
from flora_mcp.protocol.server import FloraServer

if TYPE_CHECKING:
    from flora_mcp.app.opening import Opened
    from flora_mcp.protocol.desk import Desk
    from flora_mcp.settings import Settings


class _Late:
    """The app, from the first request on that works with it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._wanted = anyio.Event()
        self._ready = anyio.Event()
        self._opened: Opened

    async def live(self) -> None:
        """Opens the app once it is wanted; its imports happen on a thread. It ends on the task that it began on."""
        await self._wanted.wait()
        app = await anyio.to_thread.run_sync(import_quickly, "flora_mcp.app")
        async with app.open_desks(self._settings, alone=True) as self._opened:
            self._ready.set()
            await anyio.sleep_forever()

    async def open(self) -> Opened:
        self._wanted.set()
        await self._ready.wait()
        return self._opened

    @asynccontextmanager
    async def desk_of(self, context: Context) -> AsyncIterator[Desk]:
        opened = await self.open()
        async with opened.desks.use(opened.local) as desk:
            yield desk


@asynccontextmanager
async def open_late(settings: Settings) -> AsyncIterator[FloraServer]:
    """Gives the server of one user at once, and opens what is behind it when the client has shaken hands.

    A start that settings may refuse is not put off: with rules, or an isolation that is asked for, all is open first.

    Raises:
        SettingsError: A rule of the settings names no method, or no tool; in a group.
        IsolationError: Programs would be less isolated than the settings ask for; in a group.
    """
    late = _Late(settings)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(late.live)
        if settings.restricts:
            opened = await late.open()
            yield opened.server(lambda _: opened.local)
        else:
            told = instructions([name for name, _ in ABOUT], read_only=False)
            yield FloraServer(desk_of=late.desk_of, instructions=told, icons=[SERVER_ICON])
        tasks.cancel_scope.cancel()
