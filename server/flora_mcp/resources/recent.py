"""Something that was asked for a moment ago, and need not be asked for at every key stroke."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import anyio

_T = TypeVar("_T")

FRESH_SECONDS = 30.0


class Recent(Generic[_T]):
    """Keeps one answer for a while; those who ask at once share the question.

    Args:
        read: Asks.
        clock: Seconds.
    """

    def __init__(self, read: Callable[[], Awaitable[_T]], *, clock: Callable[[], float] = anyio.current_time) -> None:
        self._read = read
        self._clock = clock
        self._lock = anyio.Lock()
        self._answer: tuple[float, _T] | None = None

    async def get(self) -> _T:
        async with self._lock:
            if self._answer is None or self._clock() - self._answer[0] > FRESH_SECONDS:
                self._answer = (self._clock(), await self._read())
            return self._answer[1]
