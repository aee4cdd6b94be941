"""Serves one client over standard input and output."""

from mcp.server.stdio import stdio_server

from flora_mcp.protocol.server import FloraServer


async def serve_stdio(server: FloraServer) -> None:
    """Serves until the client closes standard input."""
    async with stdio_server() as (read_stream, write_stream):
        await server.run(read_stream, write_stream, server.create_initialization_options())
