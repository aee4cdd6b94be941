"""What a request works with, seen from the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Protocol

from mcp.server.context import ServerRequestContext
from mcp_types import (
    CallToolResult,
    Completion,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ReadResourceResult,
    Tool,
)

from flora_mcp.protocol.changes import Changes

if TYPE_CHECKING:
    # A server answers its client before the tools are imported.
    from flora_mcp.tools import Progress

Context = ServerRequestContext[Any, Any]


class Tools(Protocol):
    """The tools of one tenant."""

    @property
    def definitions(self) -> list[Tool]: ...

    def __contains__(self, name: str) -> bool:
        """Tells whether `call` knows the name; it may know more than are listed."""
        ...

    async def call(self, name: str, arguments: Mapping[str, Any], progress: Progress) -> CallToolResult: ...


class Resources(Protocol):
    """The resources of one tenant. What cannot be done is an `MCPError`."""

    async def list(self, cursor: str | None) -> ListResourcesResult: ...

    async def templates(self) -> ListResourceTemplatesResult: ...

    async def read(self, uri: str) -> ReadResourceResult: ...

    async def watch(self, uri: str) -> None:
        """Sees to it that changes of the resource are announced, as somebody has subscribed to it."""
        ...

    async def complete(self, uri: str, argument: str, value: str, given: Mapping[str, str]) -> Completion:
        """Proposes values of a template's argument; `given` are those of its other arguments."""
        ...


class Prompts(Protocol):
    """The prompts of one tenant. What cannot be done is an `MCPError`."""

    async def list(self) -> ListPromptsResult: ...

    async def get(self, name: str, arguments: Mapping[str, str]) -> GetPromptResult: ...

    async def complete(self, name: str, argument: str, value: str, given: Mapping[str, str]) -> Completion: ...


class Tellings(Protocol):
    """What answers have told: it is taken back where nobody has heard it."""

    def answering(self, call: str | None) -> AbstractAsyncContextManager[None]:
        """Lasts until the answer is made. If the call is cancelled by then, nothing was told."""
        ...

    async def unheard(self, call: str) -> None:
        """Takes back what the answer to a call told: its client had given up before it came."""
        ...


class Desk(Protocol):
    """All that one tenant's requests work with."""

    @property
    def toolbox(self) -> Tools: ...

    @property
    def resources(self) -> Resources: ...

    @property
    def prompts(self) -> Prompts: ...

    @property
    def changes(self) -> Changes: ...

    @property
    def tellings(self) -> Tellings: ...

    @property
    def warm(self) -> Callable[[], None]: ...


DeskOf = Callable[[Context], AbstractAsyncContextManager[Desk]]
"""Finds the desk of whoever a request belongs to; it stays open until the end of the block."""
