"""An MCP server for FLORA's media API, and a FLORA of our own to answer it when there is no key."""

from importlib.metadata import version

__version__ = version("flora-mcp")
