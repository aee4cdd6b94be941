"""GET /workspaces."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio.callers import caller_of
from flora_mcp.studio.routes.context import context_of
from flora_mcp.studio.store import workspaces


async def read_all(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    rows = await context.database.read(lambda connection: workspaces.read_all(connection, caller=caller))
    found = [
        {
            "workspace_id": row["workspace_id"],
            "name": row["name"],
            "role": caller.role,
            "created_at": row["created_at_ms"],
        }
        for row in rows
    ]
    return JSONResponse({"workspaces": found})


ROUTES = [Route("/workspaces", read_all, methods=["GET"])]
