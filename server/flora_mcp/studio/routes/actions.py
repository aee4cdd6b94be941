"""Actions: what there is, and running one without a canvas (sdk:resources/actions.ts)."""

from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.callers import caller_of
from flora_mcp.studio.renderers.rendering import JSON
from flora_mcp.studio.routes.context import Context, context_of
from flora_mcp.studio.routes.requests import Body, Name, ProjectId, WorkspaceId, read_body
from flora_mcp.studio.store import files, idempotency, projects, runs, workspaces

MOST_INPUTS = 50


class GivenInput(Body):
    type: Literal["image", "video", "audio", "text"]
    name: Name | None = None
    url: str | None = Field(default=None, min_length=1, max_length=8192)
    text: str | None = Field(default=None, max_length=200_000)


class NewActionRun(Body):
    action_id: str = Field(min_length=1, max_length=200)
    inputs: list[GivenInput] = Field(min_length=1, max_length=MOST_INPUTS)
    project_id: ProjectId
    workspace_id: WorkspaceId
    params: dict[str, Any] = {}


async def read_all(request: Request) -> Response:
    return JSONResponse({"actions": [action.wire() for action in context_of(request).actions.actions]})


async def read_one(request: Request) -> Response:
    return JSONResponse(context_of(request).actions.get(str(request.path_params["action_id"])).wire())


async def run(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    body = await read_body(request, NewActionRun)
    action = context.actions.get(body.action_id)
    params = action.resolve(body.params)
    slots = action.slots_of([(given.type, given.name) for given in body.inputs])
    key, now_ms = request.headers.get("idempotency-key"), context.clock_ms()
    run_id = context.ids.new("run_")

    def work(connection: sa.Connection) -> None:
        workspaces.get(connection, body.workspace_id, caller=caller)
        caller.check_role()
        projects.check_belongs(connection, body.project_id, workspace_id=body.workspace_id, caller=caller)
        new = runs.NewRun(
            run_id=run_id,
            type="action",
            workspace_id=body.workspace_id,
            project_id=body.project_id,
            media_type=action.outputs[0].type,
            model_id=action.action_id,
            prompt=action.name,
            params=params,
            inputs=_inputs(context, connection, body.inputs, slots),
            credits=0,
        )
        idempotency.claim(
            connection,
            key,
            workspace_id=body.workspace_id,
            operation="action",
            destination=body.project_id,
            now_ms=now_ms,
        )
        runs.create(connection, new, now_ms=now_ms)

    await context.database.write(work)
    context.wake()
    started = {
        "run_id": run_id,
        "type": "action",
        "charged_cost": 0,
        "estimated_seconds": action.estimated_seconds,
        "action": {"action_id": action.action_id},
        "poll_url": context.poll_url(run_id),
        "project_id": body.project_id,
    }
    return JSONResponse(started, status_code=201)


def _inputs(
    context: Context, connection: sa.Connection, given: list[GivenInput], slots: list[str]
) -> list[dict[str, JSON]]:
    """Returns what the run keeps of its inputs: texts, and files by where they are stored.

    Raises:
        ApiError: 400, with every input that is no text or no file of this studio. FLORA too loads media from
            its own hosts only (skill).
    """
    found: list[dict[str, JSON]] = []
    fields = []
    for number, (each, slot) in enumerate(zip(given, slots, strict=True)):
        wanted, other = ("text", "url") if each.type == "text" else ("url", "text")
        if getattr(each, wanted) is None or getattr(each, other) is not None:
            message = f"Required for a {each.type}, and no {other!r} beside it."
            fields.append(errors.Field(field=f"inputs.{number}.{wanted}", message=message))
        elif each.url is None:
            found.append({"slot": slot, "text": each.text})
        else:
            file = _file(context, connection, each.url)
            if file is None or not file[1].mime_type.startswith(f"{each.type}/"):
                message = (
                    f"{each.url[:200]!r} is no {each.type} of this studio; use the whole url of a run's output or of "
                    "an asset, or create an asset from it with POST /assets."
                )
                fields.append(errors.Field(field=f"inputs.{number}.url", message=message))
            else:
                found.append({"slot": slot, "owner_id": file[0], "file_name": file[1].stored_name})
    if fields:
        raise errors.invalid_fields(fields)
    return found


def _file(context: Context, connection: sa.Connection, url: str) -> tuple[str, files.StoredFile] | None:
    address = context.links.media_of(url)
    if address is None:
        return None
    file = files.find(connection, owner_id=address.owner_id, file_name=address.file_name)
    return None if file is None else (address.owner_id, file)


ROUTES = [
    Route("/actions", read_all, methods=["GET"]),
    Route("/actions/{action_id}", read_one, methods=["GET"]),
    Route("/runs/action", run, methods=["POST"]),
]
