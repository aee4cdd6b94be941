"""The pages of what a user can run: read from FLORA now and then, and kept."""

import logging
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

import anyio

from flora_mcp.docs_search.catalogue_pages import action_page, model_page, technique_page
from flora_mcp.docs_search.page import Page
from flora_mcp.flora import Flora
from flora_mcp.flora.errors import FloraError

logger = logging.getLogger(__name__)

KEPT_SECONDS = 300.0
"""The lists are read again when they are older (`choice`)."""

TROUBLE_SECONDS = 30.0
"""After a list could not be read nobody tries again for so long."""

READ_SECONDS = 5.0
"""How long a question waits for the lists, before it is answered without them."""

MOST = 1_000
"""Entries that are read of each list."""


Item = TypeVar("Item")


class Catalogue:
    """The user's models, actions and techniques, as pages.

    Args:
        flora: Reads the lists. What the user's rules forbid to list has no pages.
        clock: Seconds.
        patience_seconds: What is not read by then is not waited for.
    """

    def __init__(self, flora: Flora, *, clock: Callable[[], float], patience_seconds: float = READ_SECONDS) -> None:
        self._clock = clock
        self._patience_seconds = patience_seconds
        self._reading = anyio.Lock()
        self._lists: dict[str, Callable[[], Awaitable[list[Page]]]] = {
            "models": lambda: _read(flora.models.list(), model_page),
            "actions": lambda: _read(flora.actions.list(), action_page),
            "techniques": lambda: _read(flora.techniques.list(limit=100), technique_page),
        }
        self._pages: dict[str, list[Page]] = {}
        self._all: tuple[Page, ...] = ()
        self._stale_at = 0.0
        self.missing: tuple[str, ...] = ()
        """The lists that could not be read, now or ever."""

    async def pages(self) -> tuple[Page, ...]:
        """Returns the pages, of old lists where new ones cannot be read; never raises for what FLORA does.

        The tuple is the same one as long as nothing has changed.
        """
        async with self._reading:
            if self._clock() >= self._stale_at:
                await self._renew()
            return self._all

    async def _renew(self) -> None:
        read: set[str] = set()
        with anyio.move_on_after(self._patience_seconds):
            async with anyio.create_task_group() as tasks:
                for name in self._lists:
                    tasks.start_soon(self._renew_list, name, read)
        found = tuple(page for name in self._lists for page in self._pages.get(name, ()))
        if found != self._all:
            self._all = found
        self.missing = tuple(name for name in self._lists if name not in self._pages)
        self._stale_at = self._clock() + (KEPT_SECONDS if len(read) == len(self._lists) else TROUBLE_SECONDS)

    async def _renew_list(self, name: str, read: set[str]) -> None:
        try:
            self._pages[name] = await self._lists[name]()
        except FloraError as exc:
            logger.info("The documentation goes without the %s: %s", name, exc)
        else:
            read.add(name)


async def _read(items: AsyncIterable[Item], page: Callable[[Item], Page]) -> list[Page]:
    """Returns a page for each entry of a list, up to a bound; of two with one name the first counts."""
    found: dict[str, Page] = {}
    async for item in items:
        made = page(item)
        found.setdefault(made.name, made)
        if len(found) >= MOST:
            break
    return list(found.values())
