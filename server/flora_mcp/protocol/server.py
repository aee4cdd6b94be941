"""Our MCP server: lists, pages, both eras of the protocol."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.models import InitializationOptions
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    SubscriptionsListenRequestParams,
    SubscriptionsListenResult,
)

from flora_mcp import __version__
from flora_mcp.protocol.changes import Changes
from flora_mcp.protocol.resources import Resources
from flora_mcp.tools import Toolbox

INSTRUCTIONS = """Make images and other media with FLORA.
- One wish: `generate` (prompt, count, params). Several steps, loops, choices: `execute` with a Python program.
- `list_models` names the models, their prices and their params.
- A call that runs out of time answers with ids; `wait` takes them up. Never repeat a call that spends credits.
- Pictures come back in the answer, with the path of the full-size file; each is also a resource, flora://runs/…"""

Context = ServerRequestContext[Any, Any]


class Desk(Protocol):
    """All that one tenant's requests work with."""

    @property
    def toolbox(self) -> Toolbox: ...

    @property
    def resources(self) -> Resources: ...

    @property
    def changes(self) -> Changes: ...

    @property
    def warm(self) -> Callable[[], None]: ...


DeskOf = Callable[[Context], AbstractAsyncContextManager[Desk]]
"""Finds the desk of whoever a request belongs to; it stays open until the end of the block."""


class FloraServer(Server[Any]):
    """Serves the tools and the outputs. Says in both eras that its lists change.

    Args:
        desk_of: What a request works with.
    """

    def __init__(self, *, desk_of: DeskOf) -> None:
        super().__init__(
            "flora-mcp",
            version=__version__,
            title="FLORA",
            instructions=INSTRUCTIONS,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
            on_subscriptions_listen=self._listen,
        )
        self._desk_of = desk_of
        self.middleware.append(self._notice)

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
    ) -> InitializationOptions:
        """Tells handshake clients that resources come and go; the SDK's default says they do not."""
        return super().create_initialization_options(
            notification_options or NotificationOptions(resources_changed=True, tools_changed=True),
            experimental_capabilities,
            extensions,
        )

    async def _notice(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        if ctx.method == "notifications/initialized":
            async with self._desk_of(ctx) as desk:
                desk.changes.add(ctx.session)
        return await call_next(ctx)

    async def _list_tools(self, context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        _only_page(params)
        async with self._desk_of(context) as desk:
            # A client that lists the tools means to call one.
            desk.warm()
            return ListToolsResult(tools=desk.toolbox.definitions)

    async def _call_tool(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        async with self._desk_of(context) as desk:
            if params.name not in desk.toolbox:
                names = ", ".join(tool.name for tool in desk.toolbox.definitions)
                raise MCPError(INVALID_PARAMS, f"Unknown tool: {params.name!r}. The tools are {names}.")
            return await desk.toolbox.call(params.name, params.arguments or {}, context.session.report_progress)

    async def _list_resources(self, context: Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        async with self._desk_of(context) as desk:
            return await desk.resources.list(params.cursor if params is not None else None)

    async def _list_templates(
        self, context: Context, params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        _only_page(params)
        async with self._desk_of(context) as desk:
            return await desk.resources.templates()

    async def _read_resource(self, context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        async with self._desk_of(context) as desk:
            return await desk.resources.read(str(params.uri))

    async def _listen(self, context: Context, params: SubscriptionsListenRequestParams) -> SubscriptionsListenResult:
        async with self._desk_of(context) as desk:
            return await desk.changes.listen(context, params)


def _only_page(params: PaginatedRequestParams | None) -> None:
    if params is not None and params.cursor is not None:
        raise MCPError(INVALID_PARAMS, f"No page {params.cursor!r}: this list has one page. Ask without a cursor.")
