"""The one Starlette app of the server over HTTP."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from mcp.server.lowlevel import Server
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from flora_mcp.auth import Door
from flora_mcp.protocol.http.gate import Gate
from flora_mcp.protocol.http.names import Names
from flora_mcp.protocol.http.options import HTTPOptions
from flora_mcp.protocol.http.relay import Relay
from flora_mcp.protocol.http.sessions import SharedSessions
from flora_mcp.state import State

ENDPOINT = "/mcp"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the app works with beside the server; a part that is not given is not there."""

    state: State | None = None
    """Where processes meet that serve the same clients: each can go on with a session that another opened."""

    public: Sequence[BaseRoute] = ()
    """Routes that anybody may ask, such as the metadata of a protected resource."""


def build_app(
    server: Server[Any], *, door: Door, options: HTTPOptions | None = None, parts: Parts | None = None
) -> Starlette:
    """Returns the app of a server; its lifespan must run, as uvicorn does with `lifespan="on"`.

    `/mcp` speaks both eras. Every request to it passes the door first, and is refused there, or goes on as its
    tenant's: `tenant_of(context)` tells whose a call is.

    ```python
    async with open_desks(settings) as opened:
        app = build_app(opened.server(tenant_of), door=OpenDoor(opened.local))
    ```

    Args:
        server: What answers; `FloraServer`, or any low-level server.
        door: Tells from the headers of a request whose it is.
        options: By what names it is reached, and whether old clients are served.
        parts: What the app works with beside the server.
    """
    options, parts = options or HTTPOptions(), parts or Parts()
    relay = Relay(parts.state) if parts.state is not None else None
    manager = SharedSessions(server, options=options, relay=relay)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with manager.run():
            yield

    routes: list[BaseRoute] = [Route(ENDPOINT, Gate(manager.handle_request, door)), *parts.public]
    return Starlette(routes=routes, middleware=[Middleware(Names, options)], lifespan=lifespan)
