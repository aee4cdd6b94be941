"""Tells every client that the list of resources has changed, in the way of its era."""

import logging
from collections.abc import Sequence

import anyio
from mcp.server.session import ServerSession
from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    ResourcesListChanged,
    ResourceUpdated,
)
from mcp.shared.exceptions import MCPError

logger = logging.getLogger(__name__)

SEND_SECONDS = 5.0
"""A client that does not take a notification within this is not waited for."""


class Changes:
    """Handshake clients are sent notifications; clients of 2026-07-28 get them on the streams they listen on."""

    def __init__(self) -> None:
        self._bus = InMemorySubscriptionBus()
        self._sessions: list[ServerSession] = []
        self.listen = ListenHandler(self._bus)

    def add(self, session: ServerSession) -> None:
        """Takes in a handshake client, once it says that it is initialized."""
        self._sessions.append(session)

    async def resources(self, uris: Sequence[str]) -> None:
        """Announces new resources to everybody. A client that is gone is forgotten."""
        await self._bus.publish(ResourcesListChanged())
        for uri in uris:
            await self._bus.publish(ResourceUpdated(uri=uri))
        for session in list(self._sessions):
            try:
                with anyio.move_on_after(SEND_SECONDS) as scope:
                    await session.send_resource_list_changed()
                if scope.cancelled_caught:
                    logger.warning("A client took no notification within %g s", SEND_SECONDS)
            except (anyio.ClosedResourceError, anyio.BrokenResourceError, MCPError):
                self._sessions.remove(session)

    def close(self) -> None:
        """Ends the streams that clients listen on."""
        self.listen.close()
