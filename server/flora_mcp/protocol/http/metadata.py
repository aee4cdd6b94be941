"""What a door says of itself to anybody: clients that need a token read here who gives them one (RFC 9728)."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

HEADERS = {"access-control-allow-origin": "*", "cache-control": "public, max-age=3600"}
"""Pages of other origins may read it too: there is nothing secret in it."""


def routes_of(documents: Mapping[str, Mapping[str, object]]) -> list[Route]:
    """Returns routes for `Parts.public`: one for each document, by path."""

    async def answer(request: Request) -> Response:
        return JSONResponse(documents[request.url.path], headers=HEADERS)

    return [Route(path, answer) for path in documents]
