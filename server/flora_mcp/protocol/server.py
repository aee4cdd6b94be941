"""Our MCP server: lists, pages, both eras of the protocol."""

from collections.abc import Callable
from typing import Any

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


class FloraServer(Server[Any]):
    """Serves the tools and the outputs. Says in both eras that its lists change.

    Args:
        toolbox: The tools.
        resources: The outputs.
        changes: Where listeners of both eras are kept.
        on_interest: Called when a client lists the tools, so that what they need can be made ready.
    """

    def __init__(
        self, *, toolbox: Toolbox, resources: Resources, changes: Changes, on_interest: Callable[[], None]
    ) -> None:
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
            on_subscriptions_listen=changes.listen,
        )
        self._toolbox = toolbox
        self._resources = resources
        self._changes = changes
        self._on_interest = on_interest
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
            self._changes.add(ctx.session)
        return await call_next(ctx)

    async def _list_tools(self, context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        _only_page(params)
        self._on_interest()
        return ListToolsResult(tools=self._toolbox.definitions)

    async def _call_tool(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in self._toolbox:
            names = ", ".join(tool.name for tool in self._toolbox.definitions)
            raise MCPError(INVALID_PARAMS, f"Unknown tool: {params.name!r}. The tools are {names}.")
        return await self._toolbox.call(params.name, params.arguments or {}, context.session.report_progress)

    async def _list_resources(self, context: Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        return await self._resources.list(params.cursor if params is not None else None)

    async def _list_templates(
        self, context: Context, params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        _only_page(params)
        return await self._resources.templates()

    async def _read_resource(self, context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        return await self._resources.read(str(params.uri))


def _only_page(params: PaginatedRequestParams | None) -> None:
    if params is not None and params.cursor is not None:
        raise MCPError(INVALID_PARAMS, f"No page {params.cursor!r}: this list has one page. Ask without a cursor.")
