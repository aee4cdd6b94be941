"""Lists that come in pages: one page by `await`, every item by `async for`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import JsonValue

from flora_mcp.flora.errors import FloraError

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """One page of a list."""

    items: list[Item]
    body: dict[str, JsonValue]
    """The whole answer as it came."""
    next_arguments: dict[str, JsonValue] | None
    """What to add to the call's arguments, replacing those of the same name, for the next page; None at the end."""


class Pages(Generic[Item]):
    """A list that was asked for and not yet read; each `await` or `async for` reads it anew."""

    def __init__(
        self, read: Callable[[Mapping[str, object]], Awaitable[Page[Item]]], arguments: Mapping[str, object]
    ) -> None:
        self._read = read
        self._arguments = dict(arguments)

    def __await__(self) -> Generator[object, None, Page[Item]]:
        return self._read(self._arguments).__await__()

    async def __aiter__(self) -> AsyncIterator[Item]:
        arguments = self._arguments
        while True:
            page = await self._read(arguments)
            for item in page.items:
                yield item
            if page.next_arguments is None:
                return
            following = {**arguments, **page.next_arguments}
            if following == arguments:
                # A cursor that leads to itself would read the same page for ever.
                raise FloraError(f"the list answered with the cursor it was asked with, {page.next_arguments!r}.")
            arguments = following


def page_of(body: dict[str, JsonValue], *, items: list[Item]) -> Page[Item]:
    """Returns the page in an answer.

    It is the last one when it is empty or names no cursor (`sdk:core/pagination.ts`).
    """
    meta = body.get("meta")
    cursor = meta.get("next_cursor") if isinstance(meta, dict) else None
    return Page(items=items, body=body, next_arguments={"cursor": cursor} if items and cursor else None)
