"""GET /api/v1/openapi.json: the studio's description of itself, for whoever asks; it is no part of FLORA's API."""

import importlib
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MODULE = "flora_mcp.studio.openapi"


async def read(_request: Request) -> Response:
    return JSONResponse(await anyio.to_thread.run_sync(_document))


def _document() -> dict[str, Any]:
    """Builds the document at the first request, in its thread: most sessions ask for none."""
    found: dict[str, Any] = importlib.import_module(MODULE).document()
    return found


ROUTES = [Route("/api/v1/openapi.json", read, methods=["GET"])]
