"""The door in front of MCP: a request goes on as its tenant's, or is answered here."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from flora_mcp.auth import Door, RefusedError
from flora_mcp.protocol.http.options import HTTPOptions
from flora_mcp.protocol.http.tenancy import belonging


class Gate:
    """Asks the door about every request, before anything of its body is read."""

    def __init__(self, app: ASGIApp, door: Door, options: HTTPOptions) -> None:
        self._app = app
        self._door = door
        self._public_url = options.public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            tenant = await self._door.admit(_joined(scope))
        except RefusedError as exc:
            answer = JSONResponse(
                {"error": exc.error, "error_description": str(exc)}, status_code=exc.status, headers=exc.headers
            )
            await answer(scope, receive, send)
            return
        await self._app(belonging(scope, tenant, public_url=self._public_url), receive, send)


def _joined(scope: Scope) -> dict[str, str]:
    """Returns the headers by name. One that comes twice is joined, so that neither is taken for the only one."""
    headers = Headers(scope=scope)
    return {name: ", ".join(headers.getlist(name)) for name in headers}
