"""MCP itself: the server, its lists and its transports."""

from flora_mcp.protocol.changes import Changes
from flora_mcp.protocol.desk import Context, Desk, DeskOf
from flora_mcp.protocol.instructions import instructions
from flora_mcp.protocol.news import News
from flora_mcp.protocol.server import FloraServer
from flora_mcp.protocol.stdio import serve_stdio

__all__ = ["Changes", "Context", "Desk", "DeskOf", "FloraServer", "News", "instructions", "serve_stdio"]
