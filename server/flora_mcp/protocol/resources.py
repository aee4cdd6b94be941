"""Lists and reads outputs as MCP resources."""

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ReadResourceResult,
)

from flora_mcp.outputs import OutputError, OutputStore, contents, parse_uri, resource, template

PAGE = 50
"""Resources on one page."""


class Resources:
    """The outputs in the store, newest first."""

    def __init__(self, store: OutputStore) -> None:
        self._store = store

    async def list(self, cursor: str | None) -> ListResourcesResult:
        try:
            outputs, following = await self._store.list(cursor=cursor, limit=PAGE)
        except OutputError as exc:
            raise MCPError(INVALID_PARAMS, str(exc)) from exc
        return ListResourcesResult(resources=[resource(output) for output in outputs], next_cursor=following)

    async def templates(self) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(resource_templates=[template()])

    async def read(self, uri: str) -> ReadResourceResult:
        try:
            output = await self._store.get(*parse_uri(uri))
            data = await self._store.read(output) if output is not None else b""
        except OutputError as exc:
            raise MCPError(INVALID_PARAMS, str(exc), data={"uri": uri}) from exc
        if output is None:
            raise MCPError(
                INVALID_PARAMS, f"No resource {uri!r}; resources/list names those that are here.", data={"uri": uri}
            )
        return ReadResourceResult(contents=[contents(output, data)])
