"""MCP itself: the server, its lists and its transports."""

from flora_mcp.protocol.changes import Changes
from flora_mcp.protocol.resources import Resources
from flora_mcp.protocol.server import FloraServer
from flora_mcp.protocol.stdio import serve_stdio

__all__ = ["Changes", "FloraServer", "Resources", "serve_stdio"]
