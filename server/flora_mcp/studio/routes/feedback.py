"""POST /feedback: kept in the studio's database, for whoever runs it (sdk:resources/feedback.ts)."""

from typing import Annotated, Literal

import sqlalchemy as sa
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio.callers import caller_of
from flora_mcp.studio.routes.context import context_of
from flora_mcp.studio.routes.requests import Body, Name, ProjectId, WorkspaceId, read_body
from flora_mcp.studio.store import idempotency
from flora_mcp.studio.store.tables import feedback


class NewFeedback(Body):
    kind: Literal["feature_request", "bug", "technique_request", "missing_capability"]
    summary: str = Field(min_length=1, max_length=500)
    detail: str = Field(min_length=1, max_length=20_000)
    attempted_tools: list[Name] | None = Field(default=None, max_length=100)
    workspace_id: WorkspaceId | None = None
    project_id: ProjectId | None = None
    run_id: Annotated[str, StringConstraints(pattern=r"^run_\S+$", max_length=100)] | None = None


async def create(request: Request) -> Response:
    """Records an opinion as it is: what it names may be gone by now; its workspace is the caller's."""
    context, caller = context_of(request), caller_of(request)
    body = await read_body(request, NewFeedback)
    scope = body.workspace_id or caller.workspace_id or ""
    caller.check_writes(scope)
    key, now_ms = request.headers.get("idempotency-key"), context.clock_ms()
    feedback_id = context.ids.new("fb_")
    row = {
        "feedback_id": feedback_id,
        "content": body.model_dump(mode="json", exclude_none=True),
        "received_at_ms": now_ms,
    }

    def work(connection: sa.Connection) -> None:
        idempotency.claim(connection, key, workspace_id=scope, operation="feedback", destination="", now_ms=now_ms)
        connection.execute(feedback.insert().values(row))

    await context.database.write(work)
    return JSONResponse({"feedback_id": feedback_id, "received_at": now_ms}, status_code=201)


ROUTES = [Route("/feedback", create, methods=["POST"])]
