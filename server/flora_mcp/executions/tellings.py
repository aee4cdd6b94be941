"""What answers have told, and to whom: a client may have lost patience while its answer was on its way."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar

import anyio
import anyio.lowlevel

from flora_mcp.executions.intervals import Intervals

REMEMBERED = 256
"""Answers that can be taken back: the last ones."""

_told: ContextVar[list[str] | None] = ContextVar("told", default=None)
"""What the call that is being answered has told of."""


class Tellings:
    """Takes back that the end of executions was told, when nobody has heard it: the same is then not done anew.

    Args:
        take_back: Does so with executions of these ids.
        intervals: How long that may hold up the end of a call.
    """

    def __init__(self, *, take_back: Callable[[Sequence[str]], Awaitable[None]], intervals: Intervals) -> None:
        self._take_back = take_back
        self._intervals = intervals
        self._by_call: OrderedDict[str, list[str]] = OrderedDict()

    def note(self, execution_id: str) -> None:
        """Notes what the answer to the call of this task tells."""
        told = _told.get()
        if told is not None:
            told.append(execution_id)

    @asynccontextmanager
    async def answering(self, call: str | None) -> AsyncIterator[None]:
        """Lasts until the answer is made. If the call is cancelled by then, nothing was told.

        Args:
            call: Names it, so that it can still be cancelled afterwards; None if nobody can.
        """
        told: list[str] = []
        outer = _told.set(told)
        try:
            yield
            await anyio.lowlevel.checkpoint_if_cancelled()
        except anyio.get_cancelled_exc_class():
            if told:
                with anyio.move_on_after(self._intervals.closing, shield=True):
                    await self._take_back(told)
            raise
        finally:
            _told.reset(outer)
        if told and call is not None:
            self._by_call[call] = told
            while len(self._by_call) > REMEMBERED:
                self._by_call.popitem(last=False)

    async def unheard(self, call: str) -> None:
        """Takes back what the answer to a call told: its client had given up before it came."""
        told = self._by_call.pop(call, None)
        if told is not None:
            await self._take_back(told)
