"""What operators are told of the work of the server. No figure says whose it is, or what was asked or made."""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.to_thread
from mcp.server.context import CallNext, HandlerResult
from mcp.shared.exceptions import MCPError
from mcp_types.methods import SPEC_CLIENT_METHODS, SPEC_CLIENT_NOTIFICATION_METHODS
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flora_mcp import __version__
from flora_mcp.protocol import Context
from flora_mcp.protocol.http.figures import Family, Figures

logger = logging.getLogger(__name__)

PATH = "/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

WRITE_SECONDS = 5.0
"""Between two times that a worker leaves its figures for the one that is asked."""

STATM = Path("/proc/self/statm")

PATHS = frozenset({"/mcp", "/sse", "/messages/", "/healthz", "/readyz", "/metrics"})
"""Those that are counted by their names: clients may ask for any, and some hold secrets."""

METHODS = SPEC_CLIENT_METHODS | SPEC_CLIENT_NOTIFICATION_METHODS

FAMILIES = (
    Family(name="flora_mcp_processes", kind="gauge", help="Processes that serve, by version."),
    Family(name="flora_mcp_http_requests_total", kind="counter", help="Requests over HTTP, by path and status."),
    Family(name="flora_mcp_http_requests_open", kind="gauge", help="Requests under way, streams among them."),
    Family(name="flora_mcp_messages_total", kind="counter", help="Messages of clients, by method, era and outcome."),
    Family(name="flora_mcp_tool_seconds", kind="histogram", help="How long calls of tools took, by tool and outcome."),
    Family(name="flora_mcp_sessions", kind="gauge", help="Open sessions of the handshake era."),
    Family(name="flora_mcp_sse_streams", kind="gauge", help="Open streams of clients before streamable HTTP."),
    Family(name="flora_mcp_cpu_seconds", kind="gauge", help="Processor time of the processes that serve."),
    Family(name="flora_mcp_resident_bytes", kind="gauge", help="Memory of the processes that serve, on Linux."),
)


class Metrics:
    """Counts requests and messages, and tells the figures.

    Args:
        directory: Where the workers of one server leave their figures for each other; None when there is one process.
        timer: Seconds.
    """

    def __init__(self, *, directory: Path | None = None, timer: Callable[[], float] = time.perf_counter) -> None:
        self.figures = Figures(FAMILIES, directory=directory)
        self._timer = timer
        self.open_requests = 0
        self.figures.gauge("flora_mcp_processes", lambda: 1.0, version=__version__)
        self.figures.gauge("flora_mcp_http_requests_open", lambda: self.open_requests)
        self.figures.gauge("flora_mcp_cpu_seconds", time.process_time)
        if STATM.exists():
            self.figures.gauge("flora_mcp_resident_bytes", _resident_bytes)

    async def tell(self, _: Request) -> Response:
        """Answers with the figures of all workers."""
        return PlainTextResponse(await anyio.to_thread.run_sync(self.figures.text), media_type=CONTENT_TYPE)

    async def keep_writing(self) -> None:
        """Leaves the figures for the other workers every now and then, for ever."""
        while True:
            try:
                await anyio.to_thread.run_sync(self.figures.write)
            except OSError as exc:
                logger.warning("The figures of this process cannot be left for the others: %s", exc)
            await anyio.sleep(WRITE_SECONDS)

    async def count_message(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        """Middleware of the server: counts what clients send, by how it was answered."""
        began, outcome, tool = self._timer(), "crashed", "unknown"
        try:
            result = await call_next(ctx)
            outcome = "failed" if isinstance(result, dict) and result.get("isError") else "done"
            tool = str((ctx.params or {}).get("name"))
            return result
        except MCPError:
            outcome = "refused"
            raise
        except anyio.get_cancelled_exc_class():
            outcome = "cancelled"
            raise
        finally:
            method = ctx.method if ctx.method in METHODS else "other"
            era = "modern" if ctx.protocol_version in MODERN_PROTOCOL_VERSIONS else "handshake"
            self.figures.add("flora_mcp_messages_total", method=method, era=era, outcome=outcome)
            if method == "tools/call":
                self.figures.observe("flora_mcp_tool_seconds", self._timer() - began, tool=tool, outcome=outcome)


class CountedRequests:
    """Counts requests by what they are answered with."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"] if scope["path"] in PATHS else "other"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status = str(message["status"])
                self._metrics.figures.add("flora_mcp_http_requests_total", path=path, status=status)
            await send(message)

        self._metrics.open_requests += 1
        try:
            await self._app(scope, receive, counted)
        finally:
            self._metrics.open_requests -= 1


def _resident_bytes() -> float:
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
