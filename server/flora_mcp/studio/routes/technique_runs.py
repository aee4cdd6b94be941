"""Runs of techniques: starting and reading them (sdk:resources/techniques/runs.ts, sdk:resources/runs.ts)."""

import hashlib
import json
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.callers import caller_of
from flora_mcp.studio.pages import Page, slice_of
from flora_mcp.studio.routes.context import context_of
from flora_mcp.studio.routes.requests import Body, Name, WorkspaceId, path_id, query_id, read_body
from flora_mcp.studio.routes.run_answers import poll_url, state_of, usd
from flora_mcp.studio.routes.technique_inputs import Given
from flora_mcp.studio.routes.technique_orders import Order, place
from flora_mcp.studio.routes.technique_orders import start as start_order
from flora_mcp.studio.routes.techniques import find
from flora_mcp.studio.runs.states import STATUSES
from flora_mcp.studio.store import projects, runs, workspaces
from flora_mcp.studio.store.techniques import LONGEST_KEY, KeyedRequest

MOST_VALUES = 100

TechniqueId = Annotated[str, StringConstraints(pattern=r"^tech_\S+$", max_length=100)]


class GivenValue(Body):
    id: Name
    type: Literal["text", "imageUrl", "videoUrl", "image_url", "video_url"]
    value: str = Field(max_length=100_000)


class NewTechniqueRun(Body):
    """`stream` is answered as `async` is: nobody has published what a stream looks like, and the SDK reads none."""

    inputs: list[GivenValue] = Field(min_length=1, max_length=MOST_VALUES)
    mode: Literal["async", "stream"]
    callback_url: str | None = None
    idempotency_key: str | None = Field(default=None, min_length=1, max_length=LONGEST_KEY)


class StartedTechnique(Body):
    """Here inputs are by their ids; an input that allows several values may be given a list."""

    technique_id: TechniqueId
    workspace_id: WorkspaceId
    inputs: dict[str, Any] = Field(max_length=MOST_VALUES)


async def create(request: Request) -> Response:
    """Starts a run; with a key that a former request had, answers with the run of that one."""
    context, caller = context_of(request), caller_of(request)
    body = await read_body(request, NewTechniqueRun)
    technique_id = str(request.path_params["technique_id"])
    technique, workspace_id = await context.database.read(
        lambda connection: place(connection, technique_id, workspace_id=None, caller=caller)
    )
    given = [
        Given(field=f"inputs.{number}", name=each.id, type=each.type, value=each.value)
        for number, each in enumerate(body.inputs)
    ]
    order = Order(
        technique=technique,
        workspace_id=workspace_id,
        given=given,
        callback_url=body.callback_url,
        header_key=request.headers.get("idempotency-key"),
        keyed=_keyed(body, technique_id=technique["technique_id"], workspace_id=workspace_id),
    )
    started = await start_order(context, order)
    states = [state_of(context, row, started.outputs.get(row["run_id"], [])) for row in started.rows]
    if started.replayed:
        return JSONResponse(_first(states), headers={"idempotent-replayed": "true"})
    return JSONResponse(_first(states), status_code=201)


async def start(request: Request) -> Response:
    """Does as `create`; a repetition is told by its header, and refused."""
    context, caller = context_of(request), caller_of(request)
    body = await read_body(request, StartedTechnique)
    technique, workspace_id = await context.database.read(
        lambda connection: place(connection, body.technique_id, workspace_id=body.workspace_id, caller=caller)
    )
    given = [
        Given(field=f"inputs.{name[:80]}", name=name, type=None, value=each)
        for name, value in body.inputs.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    header_key = request.headers.get("idempotency-key")
    order = Order(technique=technique, workspace_id=workspace_id, given=given, header_key=header_key)
    started = await start_order(context, order)
    answers = [
        {
            "run_id": row["run_id"],
            "type": "technique",
            "charged_cost": usd(row["credits"]),
            "estimated_seconds": started.seconds,
            "technique": {"technique_id": technique["technique_id"], "name": technique["name"]},
            "poll_url": poll_url(context, row),
            "project_id": row["project_id"],
        }
        for row in started.rows
    ]
    return JSONResponse(_first(answers), status_code=201)


async def read_one(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    technique_id = str(request.path_params["technique_id"])
    run_id = path_id(request, "run_id", prefix="run_")

    def work(connection: sa.Connection) -> tuple[sa.RowMapping, list[sa.RowMapping]]:
        technique = find(connection, technique_id, caller=caller)
        run = runs.get(connection, run_id)
        caller.check_reads(run["workspace_id"])
        if run["type"] != "technique" or run["model_id"] != technique["technique_id"]:
            raise errors.not_found(
                f"Run {run_id!r} is no run of technique {technique_id!r}; GET /runs/{run_id} reads it."
            )
        return run, runs.outputs_of(connection, [run_id])[run_id]

    row, files = await context.database.read(work)
    return JSONResponse(state_of(context, row, files))


async def read_some(request: Request) -> Response:
    context, caller, query = context_of(request), caller_of(request), request.query_params
    workspace_id = query_id(request, "workspace_id", prefix="ws_")
    project_id = query_id(request, "project_id", prefix="prj_")
    technique_id = query.get("technique_id") or None
    status = query.get("status") or None
    if status is not None and status not in STATUSES:
        raise errors.invalid("status", f"{status[:80]!r} is not accepted; use one of {', '.join(STATUSES)}.")
    page = slice_of("technique_runs", width=1, limit=query.get("limit"), cursor=query.get("cursor"))
    if workspace_id is not None:
        caller.check_reads(workspace_id)

    def work(connection: sa.Connection) -> tuple[Page[sa.RowMapping], dict[str, list[sa.RowMapping]]]:
        if workspace_id is not None:
            workspaces.get(connection, workspace_id)
        if project_id is not None:
            caller.check_reads(projects.get(connection, project_id)["workspace_id"])
        technique = None if technique_id is None else find(connection, technique_id, caller=caller)
        found = runs.read_some(
            connection,
            page,
            workspace_id=workspace_id or caller.workspace_id,
            project_id=project_id,
            status=status,
            run_type="technique",
            model_id=None if technique is None else technique["technique_id"],
        )
        return found, runs.outputs_of(connection, [row["run_id"] for row in found.rows])

    found, files = await context.database.read(work)
    listed = [
        {
            **state_of(context, row, files[row["run_id"]]),
            "technique_run_id": row["run_id"],
            "project_id": row["project_id"],
            "workspace_id": row["workspace_id"],
            "technique": {"technique_id": row["model_id"], "name": row["prompt"]},
        }
        for row in found.rows
    ]
    return JSONResponse({"technique_runs": listed, "meta": {"next_cursor": found.next_cursor}})


def _keyed(body: NewTechniqueRun, *, technique_id: str, workspace_id: str) -> KeyedRequest | None:
    if body.idempotency_key is None:
        return None
    asked = {"technique_id": technique_id, **body.model_dump(exclude={"idempotency_key"})}
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return KeyedRequest(workspace_id=workspace_id, key=body.idempotency_key, digest=digest)


def _first(answers: list[dict[str, object]]) -> dict[str, object]:
    """Returns the answer for the first run, which is all that the SDK knows of, and in it those for all (choice)."""
    return {**answers[0], "runs": answers} if len(answers) > 1 else answers[0]


ROUTES = [
    Route("/techniques/{technique_id}/runs", create, methods=["POST"]),
    Route("/techniques/{technique_id}/runs/{run_id}", read_one, methods=["GET"]),
    Route("/technique-runs", read_some, methods=["GET"]),
    Route("/runs/technique", start, methods=["POST"]),
]
