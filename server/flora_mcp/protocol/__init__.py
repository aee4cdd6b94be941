"""MCP itself: the server, its lists and its transports."""

from flora_mcp.protocol.changes import Changes
from flora_mcp.protocol.resources import Resources
from flora_mcp.protocol.server import Context, Desk, DeskOf, FloraServer
from flora_mcp.protocol.stdio import serve_stdio

__all__ = ["Changes", "Context", "Desk", "DeskOf", "FloraServer", "Resources", "serve_stdio"]
