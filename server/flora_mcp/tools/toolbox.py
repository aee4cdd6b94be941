"""The tools by name, and what all of them share."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mcp_types import CallToolResult, Tool

from flora_mcp.flora.errors import FloraError
from flora_mcp.tools import answer
from flora_mcp.tools.errors import ToolError
from flora_mcp.tools.offer import Offer
from flora_mcp.tools.patience import Progress


class Handler(Protocol):
    """One tool: what clients see of it, and what it does."""

    definition: Tool

    async def __call__(self, arguments: Mapping[str, Any], progress: Progress) -> CallToolResult: ...


class Toolbox:
    """The tools of one tenant.

    Args:
        handlers: In the order in which they are listed.
        offer: Those that clients may call; without, all.
    """

    def __init__(self, handlers: Sequence[Handler], *, offer: Offer | None = None) -> None:
        named = {handler.definition.name: handler for handler in handlers}
        self._offer = offer or Offer(names=tuple(named))
        self._handlers = {name: handler for name, handler in named.items() if name in self._offer.names}

    @property
    def definitions(self) -> list[Tool]:
        return [self._offer.dress(handler.definition) for handler in self._handlers.values()]

    def __contains__(self, name: str) -> bool:
        return name in self._handlers or name in self._offer.refusals

    async def call(self, name: str, arguments: Mapping[str, Any], progress: Progress) -> CallToolResult:
        """Calls a tool that is known; what it expects to go wrong becomes an answer for the model."""
        if name in self._offer.refusals:
            return answer.failure(self._offer.refusals[name])
        try:
            return await self._handlers[name](arguments, progress)
        except (ToolError, FloraError) as exc:
            return answer.failure(str(exc))
