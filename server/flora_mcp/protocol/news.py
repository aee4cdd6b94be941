"""Carries what changes for each tenant between the processes that serve it."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self
from weakref import WeakValueDictionary

import anyio
from anyio.abc import TaskGroup
from mcp.server.subscriptions import (
    PromptsListChanged,
    ResourcesListChanged,
    ResourceUpdated,
    ServerEvent,
    ToolsListChanged,
)

from flora_mcp.protocol.changes import Changes, Reader
from flora_mcp.state import Notice, State
from flora_mcp.state.errors import StateError

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""Between two looks at what other processes tell; nobody looks while no client would be told."""

TROUBLE_SECONDS = 5.0
"""How long looking rests after the database could not be read."""

OUTBOX = 10_000
"""Events that wait to be written; beyond it the oldest are dropped: clients look anew, or ask for themselves."""

_LISTS: dict[str, ServerEvent] = {
    "tools": ToolsListChanged(),
    "prompts": PromptsListChanged(),
    "resources": ResourcesListChanged(),
}
_UPDATED = "updated"


class News:
    """The `Changes` of every tenant of this process, which hear of each other's processes through the database.

    Args:
        state: Where other processes tell what they did; None when there are none.
        look_seconds: Between two looks.
        sleep: Waits.
        clock: Unix seconds.
    """

    def __init__(
        self,
        state: State | None = None,
        *,
        look_seconds: float = LOOK_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._state = state
        self._look_seconds = look_seconds
        self._sleep = sleep
        self._clock = clock
        self._origin = secrets.token_hex(8)
        # Each lives for as long as its desk, a client's connection or a stream holds it.
        self._changes: WeakValueDictionary[str, Changes] = WeakValueDictionary()
        self._outbox: dict[Notice, None] = {}
        self._posted = anyio.Event()
        self._wanted = anyio.Event()
        self._attentive = anyio.Event()
        self._tasks: TaskGroup

    async def __aenter__(self) -> Self:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        if self._state is not None:
            self._tasks.start_soon(self._write, self._state)
            self._tasks.start_soon(self._look, self._state)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for changes in list(self._changes.values()):
            changes.close()
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(kind, error, trace)

    def changes(self, tenant: str) -> Changes:
        """Returns the tenant's, which outlive its desk: a client that only listens keeps no desk open."""
        changes = self._changes.get(tenant)
        if changes is None:
            changes = Changes(spawn=self._spawn, tell=partial(self._tell, tenant), attend=self._attend)
            self._changes[tenant] = changes
        return changes

    def _spawn(self, work: Callable[[Reader], Coroutine[Any, Any, None]], reader: Reader) -> None:
        self._tasks.start_soon(work, reader)

    def _tell(self, tenant: str, events: Sequence[ServerEvent]) -> None:
        if self._state is None:
            return
        for event in events:
            self._outbox[_notice(tenant, event)] = None
        for oldest in list(self._outbox)[: max(0, len(self._outbox) - OUTBOX)]:
            del self._outbox[oldest]
        self._posted.set()

    async def _attend(self) -> None:
        if self._state is not None:
            self._wanted.set()
            await self._attentive.wait()

    async def _write(self, state: State) -> None:
        while True:
            await self._posted.wait()
            self._posted = anyio.Event()
            notices = list(self._outbox)
            self._outbox.clear()
            try:
                tables = await state.tables()
                await tables.events.post(notices, origin=self._origin, now=self._clock())
            except StateError as exc:
                logger.warning("%s", exc)

    async def _look(self, state: State) -> None:
        place: int | None = None
        while True:
            await self._wanted.wait()
            try:
                events = (await state.tables()).events
                if place is None:
                    place = await events.latest()
                self._attentive.set()
                while tenants := [name for name, each in self._changes.items() if each.wanted]:
                    await self._sleep(self._look_seconds)
                    place, notices = await events.since(place, tenants=tenants, origin=self._origin)
                    await self._deliver(notices)
            except StateError as exc:
                logger.warning("%s Trying again in %g s", exc, TROUBLE_SECONDS)
                # Whoever wants to hear hears at least of this process, and later catches up.
                self._attentive.set()
                await self._sleep(TROUBLE_SECONDS)
                continue
            place, self._wanted, self._attentive = None, anyio.Event(), anyio.Event()

    async def _deliver(self, notices: Sequence[Notice]) -> None:
        for tenant in dict.fromkeys(notice.tenant for notice in notices):
            changes = self._changes.get(tenant)
            if changes is not None:
                await changes.deliver([_event(notice) for notice in notices if notice.tenant == tenant])


def _notice(tenant: str, event: ServerEvent) -> Notice:
    if isinstance(event, ResourceUpdated):
        return Notice(tenant=tenant, kind=_UPDATED, uri=event.uri)
    kind = next(name for name, each in _LISTS.items() if each == event)
    return Notice(tenant=tenant, kind=kind)


def _event(notice: Notice) -> ServerEvent:
    return ResourceUpdated(uri=notice.uri) if notice.kind == _UPDATED else _LISTS[notice.kind]
