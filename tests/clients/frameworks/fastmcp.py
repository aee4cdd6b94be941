"""FastMCP's client."""

from clients.conversation import CALL_SECONDS, Heard, Place, Wish, heard
from fastmcp import Client
from fastmcp.client.transports import ClientTransport, StdioTransport, StreamableHttpTransport


async def converse(place: Place, wish: Wish) -> Heard:
    async with Client(_transport(place), timeout=CALL_SECONDS) as client:
        tools = await client.list_tools()
        result = await client.call_tool(wish.tool, wish.arguments)
    return heard(tools, result.content)


def _transport(place: Place) -> ClientTransport:
    if place.url is not None:
        return StreamableHttpTransport(place.url)
    return StdioTransport(place.program, place.arguments, env=dict(place.variables), keep_alive=False)
