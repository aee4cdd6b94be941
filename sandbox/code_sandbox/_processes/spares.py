"""Workers that wait for a program, and programs that wait for a worker."""

import asyncio
import logging
from collections import deque

from code_sandbox._processes.forked import ForkedWorker
from code_sandbox.errors import SandboxError

logger = logging.getLogger(__name__)


class Spares:
    """Hands out each worker once: to who waits longest, or to who comes next."""

    def __init__(self, *, most: int) -> None:
        """Takes how many workers may wait."""
        self.most = most
        self._ready: deque[ForkedWorker] = deque()
        self._waiters: deque[asyncio.Future[ForkedWorker]] = deque()

    @property
    def are_out(self) -> bool:
        """The next who comes has to wait."""
        return not self._ready

    @property
    def wanted(self) -> int:
        """How many workers should come, at best."""
        return len(self._waiters) + self.most - len(self._ready)

    def pop(self) -> ForkedWorker | None:
        """Returns a worker that is there already."""
        while self._ready:
            worker = self._ready.popleft()
            if not worker.has_hung_up():
                return worker
            worker.discard()
        return None

    async def wait(self) -> ForkedWorker:
        """Returns the next worker that comes.

        Raises:
            SandboxError: It could not be made.
        """
        waiter: asyncio.Future[ForkedWorker] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self.put(waiter.result())
            raise
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def put(self, worker: ForkedWorker) -> None:
        """Takes a worker, and ends it if there are enough."""
        waiter = self._next_waiter()
        if waiter is not None:
            waiter.set_result(worker)
        elif len(self._ready) < self.most and not worker.is_dead:
            self._ready.append(worker)
        else:
            worker.discard()

    def disappoint(self, error: SandboxError) -> None:
        """Tells who waits longest that their worker does not come."""
        waiter = self._next_waiter()
        if waiter is not None:
            waiter.set_exception(error)
        elif self.most:
            logger.warning("a spare worker could not be made: %s", error)

    def disappoint_all(self, error: SandboxError) -> None:
        """Tells everybody who waits."""
        while (waiter := self._next_waiter()) is not None:
            waiter.set_exception(error)

    def forget_the_dead(self) -> None:
        """Drops workers that ended while they waited."""
        for worker in [each for each in self._ready if each.is_dead]:
            self._ready.remove(worker)
            worker.discard()

    def close(self) -> None:
        """Ends all that wait for a program, and takes no more."""
        self.most = 0
        while self._ready:
            self._ready.popleft().discard()

    def _next_waiter(self) -> "asyncio.Future[ForkedWorker] | None":
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                return waiter
        return None
