"""The Python SDK's own client."""

import sys

from clients.conversation import CALL_SECONDS, Heard, Place, Wish, heard
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client


async def converse(place: Place, wish: Wish) -> Heard:
    parameters = StdioServerParameters(command=place.program, args=place.arguments, env=dict(place.variables))
    server = place.url or stdio_client(parameters, errlog=sys.__stderr__)
    async with Client(server, read_timeout_seconds=CALL_SECONDS) as client:
        tools = (await client.list_tools()).tools
        result = await client.call_tool(wish.tool, wish.arguments)
    return heard(tools, result.content)
