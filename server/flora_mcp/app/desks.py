"""The desks of the tenants: opened when a tenant first asks, closed when it has been away for a while."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import anyio
from anyio.abc import TaskGroup

from flora_mcp.app.desk import Desk, open_desk
from flora_mcp.app.errors import TooManyTenantsError
from flora_mcp.app.shared import Shared
from flora_mcp.tenant import Tenant

MOST = 256
"""Desks of one process; beyond it the one that was used the longest ago is closed, if it is idle."""

IDLE_SECONDS = 900.0
SWEEP_SECONDS = 60.0


@dataclass(kw_only=True, eq=False)
class _Place:
    """One desk from the moment it is asked for. It lives on a task of its own, as it ends on the one it began on."""

    tenant: Tenant
    desk: Desk | None = None
    trouble: Exception | None = None
    users: int = 0
    used_at: float = 0.0
    opened: anyio.Event = field(default_factory=anyio.Event)
    closing: anyio.Event = field(default_factory=anyio.Event)

    @property
    def idle(self) -> bool:
        return not self.users and not (self.desk is not None and self.desk.busy)


class Desks:
    """Hands out each tenant's desk for as long as it is used.

    Args:
        shared: What all desks share.
        most: Tenants at a time.
        idle_seconds: After so long without a request, a program or a run, a desk is closed.
        clock: Seconds.
    """

    def __init__(
        self,
        shared: Shared,
        *,
        most: int = MOST,
        idle_seconds: float = IDLE_SECONDS,
        clock: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._shared = shared
        self._most = most
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._retired: list[_Place] = []
        self._tasks: TaskGroup

    async def __aenter__(self) -> Self:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        self._tasks.start_soon(self._sweep)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(kind, error, trace)

    @property
    def open(self) -> int:
        """How many tenants have a desk."""
        return len(self._places)

    @asynccontextmanager
    async def use(self, tenant: Tenant) -> AsyncIterator[Desk]:
        """Gives the tenant's desk, which stays open at least until the end of the block.

        A tenant that comes with another key than before gets a new desk; the old one ends what it has begun.

        Raises:
            TooManyTenantsError: All desks are taken, and none of them is idle.
        """
        known = self._places.get(tenant.id)
        if known is not None and known.tenant != tenant:
            self._retired.append(self._places.pop(tenant.id))
            known = None
        place = known or self._make(tenant)
        place.users += 1
        try:
            await place.opened.wait()
            if place.trouble is not None:
                raise place.trouble
            assert place.desk is not None
            yield place.desk
        finally:
            place.users -= 1
            place.used_at = self._clock()
            if self._places.get(tenant.id) is place:
                self._places.move_to_end(tenant.id)
            self._close_retired()

    def _make(self, tenant: Tenant) -> _Place:
        if len(self._places) >= self._most:
            idle = next((place for place in self._places.values() if place.idle), None)
            if idle is None:
                raise TooManyTenantsError(most=self._most)
            self._close(idle)
        place = self._places[tenant.id] = _Place(tenant=tenant, used_at=self._clock())
        self._tasks.start_soon(self._live, place)
        return place

    async def _live(self, place: _Place) -> None:
        try:
            async with open_desk(place.tenant, self._shared) as desk:
                place.desk = desk
                place.opened.set()
                await place.closing.wait()
        except Exception as exc:  # the border of one tenant: others are not harmed by what is wrong with its desk
            place.trouble = exc
            self._close(place)
        finally:
            place.opened.set()

    def _close(self, place: _Place) -> None:
        if self._places.get(place.tenant.id) is place:
            del self._places[place.tenant.id]
        place.closing.set()

    def _close_retired(self) -> None:
        for place in [each for each in self._retired if each.idle]:
            self._retired.remove(place)
            place.closing.set()

    async def _sweep(self) -> None:
        while True:
            await anyio.sleep(min(SWEEP_SECONDS, self._idle_seconds))
            before = self._clock() - self._idle_seconds
            for place in [each for each in self._places.values() if each.idle and each.used_at < before]:
                self._close(place)
            self._close_retired()
