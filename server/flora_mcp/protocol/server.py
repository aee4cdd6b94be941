"""Our MCP server: lists, pages, both eras of the protocol."""

from collections.abc import Collection
from typing import Any

from mcp.server.caching import CacheableMethod, CacheHint
from mcp.server.connection import Connection
from mcp.server.context import CallNext, HandlerResult
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.models import InitializationOptions
from mcp.shared.exceptions import MCPError
from mcp.shared.jsonrpc_dispatcher import cancelled_request_id_from_params
from mcp_types import (
    INVALID_PARAMS,
    SERVER_INFO_META_KEY,
    CallToolRequestParams,
    CallToolResult,
    CompleteRequestParams,
    CompleteResult,
    DiscoverResult,
    EmptyResult,
    GetPromptRequestParams,
    GetPromptResult,
    Icon,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    PromptReference,
    ReadResourceRequestParams,
    ReadResourceResult,
    RequestId,
    RequestParams,
    ServerCapabilities,
    SubscribeRequestParams,
    SubscriptionsListenRequestParams,
    SubscriptionsListenResult,
    UnsubscribeRequestParams,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from flora_mcp import __version__
from flora_mcp.protocol import links
from flora_mcp.protocol.changes import MOST_SUBSCRIPTIONS
from flora_mcp.protocol.desk import Context, DeskOf

CHANGING = frozenset({"resources"})
"""The lists that change while the server runs: tools and prompts are what the settings make them."""

STEADY: dict[CacheableMethod, CacheHint] = {
    "tools/list": CacheHint(ttl_ms=300_000),
    "prompts/list": CacheHint(ttl_ms=300_000),
    "resources/templates/list": CacheHint(ttl_ms=300_000),
}
"""What a client of 2026-07-28 need not ask for again and again."""


class FloraServer(Server[Any]):
    """Serves tools, resources and prompts. Says in both eras which of its lists change.

    Args:
        desk_of: What a request works with.
        instructions: What a model is told before its first call; some clients cut it at 2048 characters.
        changing: Of tools, prompts and resources, the lists that change.
        icons: Of the server.
    """

    def __init__(
        self,
        *,
        desk_of: DeskOf,
        instructions: str | None = None,
        changing: Collection[str] = CHANGING,
        icons: list[Icon] | None = None,
    ) -> None:
        super().__init__(
            "flora-mcp",
            version=__version__,
            title="FLORA",
            instructions=instructions,
            icons=icons,
            cache_hints=STEADY,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
            on_subscribe_resource=self._subscribe,
            on_unsubscribe_resource=self._unsubscribe,
            on_subscriptions_listen=self._listen,
            on_list_prompts=self._list_prompts,
            on_get_prompt=self._get_prompt,
            on_completion=self._complete,
        )
        self.add_request_handler("server/discover", RequestParams, self._discover)
        self._desk_of = desk_of
        self._changing = changing
        self.middleware.append(self._notice)

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
    ) -> InitializationOptions:
        """Tells handshake clients which lists come and go; the SDK's default says that none does."""
        told = NotificationOptions(**{f"{name}_changed": True for name in self._changing})
        return super().create_initialization_options(
            notification_options or told, experimental_capabilities, extensions
        )

    def get_capabilities(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
        *,
        protocol_version: str | None = None,
    ) -> ServerCapabilities:
        """Tells clients of 2026-07-28 the same; the SDK says of every list that it changes when it can be heard of."""
        capabilities = super().get_capabilities(
            notification_options, experimental_capabilities, extensions, protocol_version=protocol_version
        )
        for name in ("tools", "prompts", "resources"):
            capability = getattr(capabilities, name)
            if capability is not None and capability.list_changed and name not in self._changing:
                capability.list_changed = False
        return capabilities

    @property
    def server_info_stamp(self) -> dict[str, Any]:
        """Who has answered, as every result of 2026-07-28 says; the icons are told once, to those who discover."""
        return {key: value for key, value in super().server_info_stamp.items() if key != "icons"}

    async def _discover(self, context: Context, params: RequestParams) -> DiscoverResult:
        result = await self._handle_discover(context, params)
        result.meta = {SERVER_INFO_META_KEY: super().server_info_stamp}
        return result

    async def _notice(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        if ctx.method == "notifications/initialized":
            async with self._desk_of(ctx) as desk:
                desk.changes.add(_connection(ctx))
        if ctx.method == "notifications/cancelled":
            call = _name_of_call(ctx, cancelled_request_id_from_params(ctx.params))
            if call is not None:
                async with self._desk_of(ctx) as desk:
                    await desk.tellings.unheard(call)
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
            async with desk.tellings.answering(_name_of_call(context, context.request_id)):
                result = await desk.toolbox.call(params.name, params.arguments or {}, context.session.report_progress)
        return links.for_client(result, context)

    async def _list_resources(self, context: Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        async with self._desk_of(context) as desk:
            if context.protocol_version not in MODERN_PROTOCOL_VERSIONS:
                await desk.changes.attend(_connection(context))
            return await desk.resources.list(params.cursor or None if params is not None else None)

    async def _list_templates(
        self, context: Context, params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        _only_page(params)
        async with self._desk_of(context) as desk:
            return await desk.resources.templates()

    async def _read_resource(self, context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        async with self._desk_of(context) as desk:
            return await desk.resources.read(str(params.uri))

    async def _subscribe(self, context: Context, params: SubscribeRequestParams) -> EmptyResult:
        uri = str(params.uri)
        async with self._desk_of(context) as desk:
            await desk.changes.subscribe(_connection(context), uri)
            await desk.resources.watch(uri)
        return EmptyResult()

    async def _unsubscribe(self, context: Context, params: UnsubscribeRequestParams) -> EmptyResult:
        async with self._desk_of(context) as desk:
            desk.changes.unsubscribe(_connection(context), str(params.uri))
        return EmptyResult()

    async def _listen(self, context: Context, params: SubscriptionsListenRequestParams) -> SubscriptionsListenResult:
        uris = params.notifications.resource_subscriptions or ()
        if len(uris) > MOST_SUBSCRIPTIONS:
            raise MCPError(
                INVALID_PARAMS, f"A stream tells of {MOST_SUBSCRIPTIONS} resources at most, not {len(uris)}."
            )
        async with self._desk_of(context) as desk:
            for uri in uris:
                await desk.resources.watch(str(uri))
            return await desk.changes.listen(context, params)

    async def _list_prompts(self, context: Context, params: PaginatedRequestParams | None) -> ListPromptsResult:
        _only_page(params)
        async with self._desk_of(context) as desk:
            return await desk.prompts.list()

    async def _get_prompt(self, context: Context, params: GetPromptRequestParams) -> GetPromptResult:
        async with self._desk_of(context) as desk:
            return await desk.prompts.get(params.name, params.arguments or {})

    async def _complete(self, context: Context, params: CompleteRequestParams) -> CompleteResult:
        name, value = params.argument.name, params.argument.value
        given = (params.context.arguments if params.context is not None else None) or {}
        async with self._desk_of(context) as desk:
            if isinstance(params.ref, PromptReference):
                completion = await desk.prompts.complete(params.ref.name, name, value, given)
            else:
                completion = await desk.resources.complete(params.ref.uri, name, value, given)
        return CompleteResult(completion=completion)


def _connection(context: Context) -> Connection:
    # The SDK makes a session object for each request; only the connection behind it stays the same.
    return context.session._connection


def _name_of_call(context: Context, number: RequestId | None) -> str | None:
    """Returns what tells a call from others of the tenant; None over HTTP without a session, where numbers repeat."""
    session_id = _connection(context).session_id
    if number is None or (session_id is None and context.request is not None):
        return None
    return f"{session_id}:{number}"


def _only_page(params: PaginatedRequestParams | None) -> None:
    if params is not None and params.cursor:
        raise MCPError(INVALID_PARAMS, f"No page {params.cursor!r}: this list has one page. Ask without a cursor.")
