"""GET /models."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.catalog import MODEL_TYPES
from flora_mcp.studio.routes.context import context_of


async def read_all(request: Request) -> Response:
    catalog = context_of(request).catalog
    wanted = request.query_params.get("type")
    if wanted and wanted not in MODEL_TYPES:
        raise errors.invalid("type", f"{wanted[:80]!r} is not accepted; use one of {', '.join(MODEL_TYPES)}.")
    models = catalog.of_type(wanted) if wanted else catalog.models
    return JSONResponse({"models": [model.wire() for model in models]})


ROUTES = [Route("/models", read_all, methods=["GET"])]
