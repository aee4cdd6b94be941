"""A FLORA-compatible API of our own: REST over SQLAlchemy, durable runs, real renderers."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flora_mcp.studio.admission import Access
    from flora_mcp.studio.buckets import Rate
    from flora_mcp.studio.http_server import is_loopback, listen, serve, url_of
    from flora_mcp.studio.studio import Studio

__all__ = ["Access", "Rate", "Studio", "is_loopback", "listen", "serve", "url_of"]

_HOMES = {
    "Access": "flora_mcp.studio.admission",
    "Rate": "flora_mcp.studio.buckets",
    "Studio": "flora_mcp.studio.studio",
    "is_loopback": "flora_mcp.studio.http_server",
    "listen": "flora_mcp.studio.http_server",
    "serve": "flora_mcp.studio.http_server",
    "url_of": "flora_mcp.studio.http_server",
}


def __getattr__(name: str) -> Any:
    # A render process imports `flora_mcp.studio.renderers` and must not pay for the web and
    # database packages (0.7 s, 40 MB) that the two public modules need.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
