"""Watches how much memory all running programs hold, and ends the largest when it is too much."""

import asyncio
import itertools
from collections import deque
from typing import Protocol

INTERVAL_SECONDS = 0.1
LOOKS_AT_ONCE = 100
"""Workers that are measured in one turn: it takes 20 µs each, which the loop must not notice."""


class Measured(Protocol):
    """A worker, as far as this module is concerned."""

    def memory_bytes(self) -> int:
        """Returns the memory it holds now; 0 where the system does not tell."""

    def kill(self) -> None:
        """Kills it."""


class Watchdog:
    """Measures in turn while workers run; costs nothing while none does."""

    def __init__(self, *, budget_bytes: int, interval_seconds: float = INTERVAL_SECONDS) -> None:
        """Takes the bound of all workers together, and the time between two looks."""
        self.budget_bytes = budget_bytes
        self._interval_seconds = interval_seconds
        self._sizes: dict[Measured, int] = {}
        self._rotation: deque[Measured] = deque()
        self._evicted: set[Measured] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, worker: Measured) -> None:
        """Counts a worker from now on."""
        self._sizes[worker] = 0
        self._rotation.append(worker)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._interval_seconds, self._look)

    def release(self, worker: Measured) -> bool:
        """Forgets a worker, and tells whether it was ended for its size."""
        was_evicted = worker in self._evicted
        self._evicted.discard(worker)
        self._rotation.remove(worker)
        del self._sizes[worker]
        if not self._sizes and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        return was_evicted

    def _look(self) -> None:
        for worker in list(itertools.islice(self._rotation, LOOKS_AT_ONCE)):
            # One that was killed may hold its memory for a moment yet.
            self._sizes[worker] = 0 if worker in self._evicted else worker.memory_bytes()
        self._rotation.rotate(-LOOKS_AT_ONCE)
        excess_bytes = sum(self._sizes.values()) - self.budget_bytes
        while excess_bytes > 0:
            largest = max(self._sizes, key=self._sizes.__getitem__)
            excess_bytes -= self._sizes[largest]
            self._sizes[largest] = 0
            self._evicted.add(largest)
            largest.kill()
        self._timer = asyncio.get_running_loop().call_later(self._interval_seconds, self._look)
