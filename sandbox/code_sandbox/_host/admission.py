"""Lets programs in: so many at once, so many of one tenant, and each tenant in turn."""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator

from code_sandbox.capacity import Capacity


class FullError(Exception):
    """Too many programs wait already."""


class Admission:
    """Counts the programs that run, and keeps those that wait in one queue for each tenant."""

    def __init__(self, capacity: Capacity) -> None:
        """Takes the bounds."""
        self._capacity = capacity
        self._running: Counter[str] = Counter()
        self._running_count = 0
        self._waiting_count = 0
        self._queues: dict[str, deque[asyncio.Future[None]]] = {}
        """By tenant, in the order in which they have their turns."""

    @contextlib.asynccontextmanager
    async def place(self, tenant: str) -> AsyncIterator[None]:
        """Waits until a program of the tenant may run, and holds its place.

        Args:
            tenant: Any name. "" is everybody without one, whom only the bound of all programs binds.

        Raises:
            FullError: Too many wait; raised at once.
        """
        await self._enter(tenant)
        try:
            yield
        finally:
            self._leave(tenant)

    async def _enter(self, tenant: str) -> None:
        if self._has_room(tenant):
            self._take(tenant)
            return
        if self._waiting_count >= self._capacity.programs_waiting:
            raise FullError
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(tenant, deque()).append(turn)
        self._waiting_count += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # The place was given and the wait cancelled in the same turn of the loop.
                self._leave(tenant)
            else:
                self._forget(tenant, turn)
            raise

    def _has_room(self, tenant: str) -> bool:
        if self._running_count >= self._capacity.programs_at_once:
            return False
        return not tenant or self._running[tenant] < self._capacity.programs_per_tenant

    def _take(self, tenant: str) -> None:
        self._running_count += 1
        self._running[tenant] += 1

    def _leave(self, tenant: str) -> None:
        self._running_count -= 1
        self._running[tenant] -= 1
        if not self._running[tenant]:
            del self._running[tenant]
        following = next((each for each in self._queues if self._has_room(each)), None)
        if following is not None:
            turn = self._queues[following][0]
            self._forget(following, turn)
            if following in self._queues:
                # Behind all others: the next place is theirs.
                self._queues[following] = self._queues.pop(following)
            self._take(following)
            turn.set_result(None)

    def _forget(self, tenant: str, turn: "asyncio.Future[None]") -> None:
        self._waiting_count -= 1
        queue = self._queues[tenant]
        queue.remove(turn)
        if not queue:
            del self._queues[tenant]
