"""The program's timers: when each is due."""

import heapq
import time


class Timers:
    """Numbers of timers by the time when they are due."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, int]] = []
        self._live: dict[int, tuple[int, bool]] = {}
        self._order = 0

    def set(self, number: int, *, milliseconds: float, repeats: bool) -> None:
        """Starts a timer, or starts it anew."""
        self._order += 1
        self._live[number] = (self._order, repeats)
        heapq.heappush(self._due, (time.monotonic() + milliseconds / 1000, self._order, number))

    def clear(self, number: int) -> None:
        """Stops a timer, if it runs."""
        self._live.pop(number, None)

    def wait_seconds(self) -> float | None:
        """Returns the time until the next one is due; None if none runs."""
        while self._due and self._live.get(self._due[0][2], (0,))[0] != self._due[0][1]:
            heapq.heappop(self._due)
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None

    def pop(self) -> int | None:
        """Returns the number of a timer that is due, and forgets it; None if none is."""
        if self.wait_seconds() != 0.0:
            return None
        _, _, number = heapq.heappop(self._due)
        del self._live[number]
        return number

    @property
    def will_fire(self) -> bool:
        """Tells whether a timer runs that is due once: one that repeats keeps no program alive."""
        return any(not repeats for _, repeats in self._live.values())
