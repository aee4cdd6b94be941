"""Refuses requests that were meant for another server: a page in a browser may point its own name at this machine."""

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from flora_mcp.protocol.http.options import LOOPBACK_HOSTS, HTTPOptions
from flora_mcp.protocol.http.probes import ALIVE, READY

logger = logging.getLogger(__name__)

PROBES = frozenset({ALIVE, READY})
"""Asked by orchestrators, by whatever address they know; they tell nothing but yes or no."""


class Names:
    """Lets requests pass whose `Host` and `Origin` are the server's own or were allowed."""

    def __init__(self, app: ASGIApp, options: HTTPOptions) -> None:
        self._app = app
        self._hosts = LOOPBACK_HOSTS | options.allowed_hosts | _hosts_of(options)
        self._origins = options.allowed_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        if scope["path"] in PROBES:
            return None
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if hostname(host) not in self._hosts:
            logger.warning("Refused a request for host %r; --allowed-host lets it in", host[:200])
            return PlainTextResponse("This server does not go by that host name.", status_code=421)
        if origin is not None and not self.is_allowed(origin):
            logger.warning("Refused a request of a page from %r; --allowed-origin lets it in", origin[:200])
            return PlainTextResponse("Pages from that origin may not call this server.", status_code=403)
        return None

    def is_allowed(self, origin: str) -> bool:
        """Returns whether a page from there may call: it was allowed, or it comes from this machine itself."""
        if origin.lower() in self._origins:
            return True
        try:
            parts = urlsplit(origin)
            return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK_HOSTS
        except ValueError:
            return False


def hostname(authority: str) -> str:
    """Returns the name in a `Host` header, in lower case; empty if there is none that could be one."""
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""


def _hosts_of(options: HTTPOptions) -> frozenset[str]:
    name = urlsplit(options.public_url).hostname if options.public_url is not None else None
    return frozenset({name}) if name else frozenset()
