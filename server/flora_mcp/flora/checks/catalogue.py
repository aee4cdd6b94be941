"""The lists of models and actions, kept for a while; reading them costs no money."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

import anyio

from flora_mcp.flora.errors import APIConnectionTimeoutError, FloraError
from flora_mcp.flora.types import Action, Model

KEPT_SECONDS = 300.0
"""A list is read again when it is older (`choice`)."""

RECENT_SECONDS = 10.0
"""Nothing is refused by an older list: it is read again first, for a model may be new (`choice`)."""

TROUBLE_SECONDS = 30.0
"""After a list could not be read nobody tries again for so long: a batch does not wait for every failure."""

READ_SECONDS = 20.0
"""How long one reading may take, retries included."""

Item = TypeVar("Item")

log = logging.getLogger(__name__)


class Shelf(Generic[Item]):
    """One list, read when it is wanted and old; callers at the same time share one reading."""

    def __init__(self, read: Callable[[], AsyncIterator[Item]], *, clock: Callable[[], float]) -> None:
        self._read = read
        self._clock = clock
        self._reading = anyio.Lock()
        self._items: tuple[Item, ...] = ()
        self._read_at: float | None = None
        self._trouble: FloraError | None = None
        self._trouble_at = 0.0

    @property
    def known(self) -> tuple[Item, ...]:
        """What was read last; nothing is asked for."""
        return self._items

    async def items(self, *, at_most_seconds: float = KEPT_SECONDS) -> tuple[Item, ...]:
        """Returns the list, at most so old; an older one when it cannot be read now.

        Raises:
            FloraError: it cannot be read, and never was.
        """
        async with self._reading:
            if self._read_at is not None and self._clock() - self._read_at <= at_most_seconds:
                return self._items
            if self._trouble is None or self._clock() - self._trouble_at > TROUBLE_SECONDS:
                await self._renew()
            if self._read_at is None:
                assert self._trouble is not None
                raise self._trouble
            return self._items

    async def _renew(self) -> None:
        try:
            with anyio.fail_after(READ_SECONDS):
                found = tuple([item async for item in self._read()])
            if not found:
                raise FloraError("the list is empty.")
        except TimeoutError:
            self._trouble = APIConnectionTimeoutError(f"no answer within {READ_SECONDS:g} seconds.")
        except FloraError as exc:
            self._trouble = exc
        else:
            self._items, self._read_at, self._trouble = found, self._clock(), None
            return
        self._trouble_at = self._clock()
        log.warning("A catalogue cannot be read, so parameters go unchecked: %s", self._trouble)


class Catalogue:
    """What can be run, and with which parameters."""

    def __init__(
        self,
        *,
        models: Callable[[], AsyncIterator[Model]],
        actions: Callable[[], AsyncIterator[Action]],
        clock: Callable[[], float],
    ) -> None:
        self.models = Shelf(models, clock=clock)
        self.actions = Shelf(actions, clock=clock)
