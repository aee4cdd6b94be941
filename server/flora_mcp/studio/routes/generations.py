"""Generations: starting runs and reading them."""

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.callbacks import check_callback, check_signed
from flora_mcp.studio.callers import Caller, caller_of
from flora_mcp.studio.pages import Page, slice_of
from flora_mcp.studio.routes.context import context_of
from flora_mcp.studio.routes.requests import NewGeneration, path_id, query_id, read_body
from flora_mcp.studio.routes.run_answers import state_of, usd
from flora_mcp.studio.runs.states import STATUSES
from flora_mcp.studio.store import idempotency, projects, runs, workspaces


async def create(request: Request) -> Response:
    context = context_of(request)
    body = await read_body(request, NewGeneration)
    check_callback(context.web, body.callback_url)
    model = context.catalog.choose(model_type=body.type, model_id=body.model)
    params = model.resolve(body.params)
    if params["seed"] is None:
        params["seed"] = context.ids.seed()
    run = runs.NewRun(
        run_id=context.ids.new("run_"),
        workspace_id=body.workspace_id,
        project_id=body.project_id,
        media_type=model.type,
        model_id=model.model_id,
        prompt=body.prompt,
        params=params,
        credits=model.estimated_credits,
        callback_url=body.callback_url,
    )
    caller, key = caller_of(request), request.headers.get("idempotency-key")
    await context.database.write(
        lambda connection: _accept(connection, run, caller=caller, key=key, now_ms=context.clock_ms())
    )
    context.wake()
    started = {
        "run_id": run.run_id,
        "type": "generation",
        "charged_cost": usd(run.credits),
        "estimated_seconds": model.estimated_seconds,
        "model": {"model_id": model.model_id},
        "poll_url": context.poll_url(run.run_id),
        "project_id": run.project_id,
    }
    return JSONResponse(started, status_code=201)


async def read_one(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    run_id = path_id(request, "run_id", prefix="run_")

    def work(connection: sa.Connection) -> tuple[sa.RowMapping, list[sa.RowMapping]]:
        return runs.get(connection, run_id, caller=caller), runs.outputs_of(connection, [run_id])[run_id]

    row, files = await context.database.read(work)
    return JSONResponse(state_of(context, row, files))


async def read_some(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    query = request.query_params
    workspace_id = query_id(request, "workspace_id", prefix="ws_")
    project_id = query_id(request, "project_id", prefix="prj_")
    status = query.get("status") or None
    if status is not None and status not in STATUSES:
        raise errors.invalid("status", f"{status[:80]!r} is not accepted; use one of {', '.join(STATUSES)}.")
    page = slice_of("generations", width=1, limit=query.get("limit"), cursor=query.get("cursor"))

    def work(connection: sa.Connection) -> tuple[Page[sa.RowMapping], dict[str, list[sa.RowMapping]]]:
        if workspace_id is not None:
            workspaces.get(connection, workspace_id, caller=caller)
        if project_id is not None:
            projects.get(connection, project_id, caller=caller)
        found = runs.read_some(
            connection,
            page,
            workspace_id=workspace_id or caller.workspace_id,
            project_id=project_id,
            status=status,
        )
        return found, runs.outputs_of(connection, [row["run_id"] for row in found.rows])

    found, files = await context.database.read(work)
    generations = [
        {
            **state_of(context, row, files[row["run_id"]]),
            "generation_id": row["run_id"],
            "project_id": row["project_id"],
            "workspace_id": row["workspace_id"],
            "model": {"model_id": row["model_id"]},
        }
        for row in found.rows
    ]
    return JSONResponse({"generations": generations, "meta": {"next_cursor": found.next_cursor}})


def _accept(connection: sa.Connection, run: runs.NewRun, *, caller: Caller, key: str | None, now_ms: int) -> None:
    """Records a run with its cost and its key, all or nothing."""
    workspaces.get(connection, run.workspace_id, caller=caller)
    caller.check_role()
    projects.check_belongs(connection, run.project_id, workspace_id=run.workspace_id, caller=caller)
    check_signed(connection, run.callback_url, workspace_id=run.workspace_id, now_ms=now_ms)
    idempotency.claim(
        connection,
        key,
        workspace_id=run.workspace_id,
        operation="generation",
        destination=run.project_id,
        now_ms=now_ms,
    )
    runs.create(connection, run, now_ms=now_ms)
    projects.touch(connection, run.project_id, now_ms=now_ms)


ROUTES = [
    Route("/generate", create, methods=["POST"]),
    Route("/runs/generation", create, methods=["POST"]),
    Route("/runs/{run_id}", read_one, methods=["GET"]),
    Route("/generations", read_some, methods=["GET"]),
]
