"""The one Starlette app of the server over HTTP."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
from mcp.server.lowlevel import Server
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route

from flora_mcp.auth import Door
from flora_mcp.outputs.addresses import PATH
from flora_mcp.protocol.http.ending import Ending
from flora_mcp.protocol.http.gate import Gate
from flora_mcp.protocol.http.metrics import PATH as METRICS
from flora_mcp.protocol.http.metrics import CountedRequests, Metrics
from flora_mcp.protocol.http.names import Names
from flora_mcp.protocol.http.options import HTTPOptions
from flora_mcp.protocol.http.outputs import OutputFiles, Pickup
from flora_mcp.protocol.http.probes import ALIVE, READY, Check, Probes
from flora_mcp.protocol.http.relay import Relay
from flora_mcp.protocol.http.sessions import SharedSessions
from flora_mcp.protocol.http.sse import MESSAGES, STREAM, LegacySSE
from flora_mcp.state import State

ENDPOINT = "/mcp"

LOOPBACK_ORIGIN = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"

TOLD = ["mcp-session-id", "www-authenticate"]
"""Headers of answers that pages in browsers may read."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the app works with beside the server; a part that is not given is not there."""

    state: State | None = None
    """Where processes meet that serve the same clients: each can go on with a session that another opened."""

    pickup: Pickup | None = None
    """Finds the files that answers name by their addresses."""

    checks: Mapping[str, Check] = field(default_factory=dict)
    """What must work for the server to be ready, by name."""

    public: Sequence[BaseRoute] = ()
    """Routes that anybody may ask, such as the metadata of a protected resource."""

    figures: Path | None = None
    """Where the workers of one server leave their figures for each other; None when there is one process."""

    ending: anyio.Event = field(default_factory=anyio.Event)
    """Is set when the server is about to end: streams end, and it is no longer ready."""


def build_app(
    server: Server[Any], *, door: Door, options: HTTPOptions | None = None, parts: Parts | None = None
) -> Starlette:
    """Returns the app of a server; its lifespan must run, as uvicorn does with `lifespan="on"`.

    `/mcp` speaks both eras. Every request to it passes the door first, and is refused there, or goes on as its
    tenant's: `tenant_of(context)` tells whose a call is. `/healthz`, `/readyz` and `/metrics` are open to everybody.

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
    sessions = SharedSessions(server, options=options, relay=relay)
    probes = Probes(parts.checks, ending=parts.ending)
    metrics = Metrics(directory=parts.figures)
    server.middleware.append(metrics.count_message)
    metrics.figures.gauge("flora_mcp_sessions", lambda: sessions.open)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with sessions.run(), anyio.create_task_group() as tasks:
            if parts.figures is not None:
                tasks.start_soon(metrics.keep_writing)
            yield
            tasks.cancel_scope.cancel()

    routes: list[BaseRoute] = [
        Route(ENDPOINT, Gate(sessions.handle_request, door, options)),
        Route(ALIVE, probes.alive),
        Route(READY, probes.ready),
        Route(METRICS, metrics.tell),
        *parts.public,
    ]
    if parts.pickup is not None:
        routes.append(Route(PATH, OutputFiles(parts.pickup).send))
    if options.sse:
        sse = LegacySSE(server, body_bytes=options.body_bytes)
        metrics.figures.gauge("flora_mcp_sse_streams", lambda: sse.open)
        routes.append(Route(STREAM, Gate(sse.stream, door, options), methods=["GET"]))
        routes.append(Route(MESSAGES, Gate(sse.post, door, options)))
    return Starlette(routes=routes, middleware=_middleware(options, parts, metrics), lifespan=lifespan)


def _middleware(options: HTTPOptions, parts: Parts, metrics: Metrics) -> list[Middleware]:
    browsers = Middleware(
        CORSMiddleware,
        allow_origins=sorted(options.allowed_origins),
        allow_origin_regex=LOOPBACK_ORIGIN,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=TOLD,
    )
    counted = Middleware(CountedRequests, metrics)
    return [counted, Middleware(Names, options), browsers, Middleware(Ending, parts.ending)]
