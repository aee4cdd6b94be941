"""One way to drive all that are measured."""

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self


class Contender:
    """Something that runs small programs. Use it as an asynchronous context manager."""

    name: str
    every: int = 1
    """Takes part in each so many rounds: the slow ones in fewer."""
    can_run_at_once: bool = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def one(self) -> object:
        """Runs `1 + 1` and returns its value."""
        raise NotImplementedError

    async def ten(self) -> object:
        """Runs a program that adds one by a call of its host, ten times, and returns the sum."""
        raise NotImplementedError

    def waiting(self, count: int) -> AbstractAsyncContextManager[list[object]]:
        """Has so many programs wait for a call inside the block; the values are there after it."""
        raise NotImplementedError
