"""What changes for one tenant, told to its clients in the way of their era."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp.server.connection import Connection
from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    ResourcesListChanged,
    ResourceUpdated,
    ServerEvent,
    ToolsListChanged,
)
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, SubscriptionsListenRequestParams, SubscriptionsListenResult

MOST_SUBSCRIPTIONS = 1000
"""Resources that one handshake client may subscribe to."""

Spawn = Callable[[Callable[["Reader"], Coroutine[Any, Any, None]], "Reader"], None]
"""Starts a task that sends to one reader what waits for it."""


@dataclass(kw_only=True, eq=False)
class Reader:
    """One handshake client, and what it has not been sent yet: each thing once, however often it changed."""

    connection: Connection
    uris: set[str] = field(default_factory=set)
    """The resources it has subscribed to."""
    attentive: bool = False
    """Whether it has a list, or subscriptions, that may go out of date."""
    pending: dict[ServerEvent, None] = field(default_factory=dict)
    sending: bool = False

    def hears(self, event: ServerEvent) -> bool:
        return not isinstance(event, ResourceUpdated) or event.uri in self.uris

    async def send(self) -> None:
        """Sends what waits. A client that reads slowly holds up nobody else, and misses nothing."""
        self.sending = True
        try:
            while self.pending:
                event = next(iter(self.pending))
                del self.pending[event]
                await _notify(self.connection, event)
        finally:
            self.sending = False


class Changes:
    """Handshake clients are sent notifications; clients of 2026-07-28 get them on the streams they listen on.

    Args:
        spawn: Starts the sending to one client; it must not wait for it.
        tell: Carries events to the other processes that serve the tenant.
        attend: Begins to hear of events from other processes; returns once none is missed any more.
    """

    def __init__(
        self,
        *,
        spawn: Spawn,
        tell: Callable[[Sequence[ServerEvent]], None],
        attend: Callable[[], Awaitable[None]],
    ) -> None:
        self._spawn = spawn
        self._tell = tell
        self._attend = attend
        self._bus = InMemorySubscriptionBus()
        self._handler = ListenHandler(self._bus)
        self._readers: dict[Connection, Reader] = {}
        self._listening = 0

    @property
    def wanted(self) -> bool:
        """Whether anybody would miss an event of another process."""
        return self._listening > 0 or any(reader.attentive for reader in self._readers.values())

    def add(self, connection: Connection, *, uris: Sequence[str] = ()) -> None:
        """Takes in a handshake client until its connection ends. `uris` are subscriptions that it had elsewhere."""
        reader = self._reader(connection)
        reader.uris.update(uris)
        reader.attentive = reader.attentive or bool(uris)

    async def attend(self, connection: Connection) -> None:
        """Notes that a handshake client has read the list of resources, which may change in any process."""
        self._reader(connection).attentive = True
        await self._attend()

    async def subscribe(self, connection: Connection, uri: str) -> None:
        """Sends the client a notification whenever that resource changes, from now on.

        Raises:
            MCPError: it has too many subscriptions.
        """
        reader = self._reader(connection)
        if len(reader.uris) >= MOST_SUBSCRIPTIONS and uri not in reader.uris:
            raise MCPError(
                INVALID_PARAMS,
                f"{uri!r} was not subscribed: a client may subscribe to {MOST_SUBSCRIPTIONS} resources. "
                "Unsubscribe from some first.",
            )
        reader.uris.add(uri)
        reader.attentive = True
        await self._attend()

    def unsubscribe(self, connection: Connection, uri: str) -> None:
        self._reader(connection).uris.discard(uri)

    async def listen(
        self, context: ServerRequestContext[Any, Any], params: SubscriptionsListenRequestParams
    ) -> SubscriptionsListenResult:
        """Serves one stream of a client of 2026-07-28 until it goes away, or `close`."""
        self._listening += 1
        try:
            await self._attend()
            return await self._handler(context, params)
        finally:
            self._listening -= 1

    async def outputs(self, uris: Sequence[str]) -> None:
        """Announces new resources: they are there to be read, and the list has changed."""
        await self.announce([ResourcesListChanged(), *(ResourceUpdated(uri=uri) for uri in uris)])

    async def updated(self, uri: str) -> None:
        """Announces that a resource has changed."""
        await self.announce([ResourceUpdated(uri=uri)])

    async def announce(self, events: Sequence[ServerEvent]) -> None:
        """Tells the clients of this process at once, and the other processes."""
        self._tell(events)
        await self.deliver(events)

    async def deliver(self, events: Sequence[ServerEvent]) -> None:
        """Tells the clients of this process only."""
        for event in events:
            for reader in self._readers.values():
                if reader.hears(event):
                    reader.pending[event] = None
            await self._bus.publish(event)
        for reader in list(self._readers.values()):
            if reader.pending and not reader.sending:
                reader.sending = True
                self._spawn(Reader.send, reader)

    def close(self) -> None:
        """Ends the streams that clients listen on."""
        self._handler.close()
        self._readers.clear()

    def _reader(self, connection: Connection) -> Reader:
        reader = self._readers.get(connection)
        if reader is None:
            reader = self._readers[connection] = Reader(connection=connection)
            connection.exit_stack.callback(self._forget, connection)
        return reader

    def _forget(self, connection: Connection) -> None:
        self._readers.pop(connection, None)


async def _notify(connection: Connection, event: ServerEvent) -> None:
    if isinstance(event, ResourceUpdated):
        await connection.send_resource_updated(event.uri)
    elif isinstance(event, ResourcesListChanged):
        await connection.send_resource_list_changed()
    elif isinstance(event, ToolsListChanged):
        await connection.send_tool_list_changed()
    else:
        await connection.send_prompt_list_changed()
