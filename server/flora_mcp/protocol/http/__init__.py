"""MCP over HTTP: streamable HTTP in both eras, SSE for old clients, and what operators ask."""

from flora_mcp.protocol.http.app import ENDPOINT, Parts, build_app
from flora_mcp.protocol.http.metadata import routes_of
from flora_mcp.protocol.http.options import HTTPOptions
from flora_mcp.protocol.http.serving import serve
from flora_mcp.protocol.http.tenancy import base_url_of, tenant_of

__all__ = ["ENDPOINT", "HTTPOptions", "Parts", "base_url_of", "build_app", "routes_of", "serve", "tenant_of"]
