"""The ASGI application: routes, and around them what every answer has in common."""

import logging
from collections.abc import Collection
from urllib.parse import urlsplit

from sqlalchemy.exc import DataError
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flora_mcp.database import reason
from flora_mcp.studio.admission import READING, Access, Admission
from flora_mcp.studio.callers import caller_of
from flora_mcp.studio.errors import ApiError, StudioUnavailableError
from flora_mcp.studio.routes import media, openapi, uploads
from flora_mcp.studio.routes.context import Context
from flora_mcp.studio.routes.table import API_ROUTES
from flora_mcp.studio.store.trouble import refusal

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

HIDDEN = ApiError(
    "Not found: nothing is called so, or it is not in the workspace of your key.", status=404, code="not_found"
)
"""What who is in one workspace is told of everything that is not there for them."""

logger = logging.getLogger(__name__)


def create_app(context: Context, *, access: Access) -> ASGIApp:
    """Returns the application over one studio's parts."""
    # Media and uploads are signed: their addresses open them, and no key travels with them.
    api = Admission(Router(API_ROUTES, redirect_slashes=False), context=context, access=access)
    app = Starlette(
        routes=[*openapi.ROUTES, Mount("/api/v1", app=api), *media.ROUTES, *uploads.ROUTES],
        middleware=[Middleware(_Gate, context=context, hosts=access.hosts)],
        exception_handlers={ApiError: _answer_api_error, HTTPException: _answer_http_exception},
    )
    app.router.redirect_slashes = False
    app.state.context = context
    return app


class _Gate:
    """Gives every answer its request id, turns every failure into an envelope, and knows the studio's own names."""

    def __init__(self, app: ASGIApp, *, context: Context, hosts: Collection[str]) -> None:
        self._app = app
        self._context = context
        self._hosts = LOOPBACK_HOSTS | {urlsplit(context.public_url).hostname or "", *hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._context.ids.new("req_")
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)["request-id"] = request_id
            await send(message)

        try:
            self._check(scope)
            await self._app(scope, receive, send_with_id)
        except Exception as exc:  # the border between a request and the studio
            if started:
                raise
            await _answer_failure(exc, request_id=request_id)(scope, receive, send_with_id)

    def _check(self, scope: Scope) -> None:
        # Without this a web page could reach a loopback studio through a name of its own that
        # resolves to 127.0.0.1, and read every answer.
        host = Headers(scope=scope).get("host", "")
        if _name_of(host) not in self._hosts:
            raise ApiError(
                f"Host {host[:80]!r} is not this studio; use {self._context.public_url}, or have the studio started "
                "with that name as an --allowed-host.",
                status=403,
                code="forbidden",
            )
        # A page may also send forms to a loopback address, without being asked who it is; it says so itself.
        origin = Headers(scope=scope).get("origin")
        page = "" if origin is None else _name_of(origin.partition("//")[2])
        if origin is not None and scope["method"] not in READING and page not in self._hosts:
            raise ApiError(f"Pages of {origin[:80]!r} may not change this studio.", status=403, code="forbidden")
        if not self._context.open:
            raise ApiError("The studio is closed; start it again.", status=503, code="service_unavailable")


def _name_of(host: str) -> str | None:
    """Returns a Host header without its port; None when it is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _answer_failure(failure: Exception, *, request_id: str) -> Response:
    if isinstance(failure, ApiError):
        return _envelope(failure)
    if isinstance(failure, DataError):
        # Such as the character U+0000, which PostgreSQL keeps in no text.
        text = f"The request has a value that the studio's database cannot hold: {reason(failure)}."
        return _envelope(ApiError(text, status=400, code="input_validation_error"))
    logger.error("request %s failed", request_id, exc_info=failure)
    message = str(failure) if isinstance(failure, StudioUnavailableError) else refusal(failure)
    if message is not None:
        return _envelope(ApiError(message, status=503, code="service_unavailable"))
    return _envelope(ApiError("An unknown error occurred.", status=500, code="unknown_error"))


async def _answer_api_error(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, ApiError)
    if not failure.public and caller_of(request).workspace_id is not None:
        return _envelope(HIDDEN)
    return _envelope(failure)


async def _answer_http_exception(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)
    what = f"{request.method} {request.url.path}"
    if failure.status_code == 405:
        allowed = (failure.headers or {}).get("Allow", "")
        message = f"{what} is not offered; allowed: {allowed}."
        return _envelope(ApiError(message, status=405, code="method_not_allowed", headers={"allow": allowed}))
    error = ApiError(f"There is no endpoint {what}; the API is under /api/v1.", status=404, code="not_found")
    return _envelope(error)


def _envelope(error: ApiError) -> Response:
    """Words an error as FLORA does (docs:errors)."""
    body: dict[str, object] = {"code": error.code, "message": error.message}
    if error.fields:
        body["fields"] = [vars(field) for field in error.fields]
    return JSONResponse({"error": body}, status_code=error.status, headers=error.headers)
