"""Techniques: what there is, and what each takes and makes (sdk:resources/techniques/techniques.ts)."""

import json

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio.callers import Caller, caller_of
from flora_mcp.studio.errors import ApiError
from flora_mcp.studio.pages import Page, slice_of
from flora_mcp.studio.routes.context import Context, context_of
from flora_mcp.studio.routes.requests import query_id
from flora_mcp.studio.routes.run_answers import usd
from flora_mcp.studio.store import techniques, workspaces
from flora_mcp.studio.techniques import ActionStep, Definition, Input, Output, TextStep, most_credits


async def read_some(request: Request) -> Response:
    context, caller, query = context_of(request), caller_of(request), request.query_params
    workspace_id = query_id(request, "workspace_id", prefix="ws_")
    page = slice_of("techniques", width=1, limit=query.get("limit"), cursor=query.get("cursor"))
    if workspace_id is not None:
        caller.check_reads(workspace_id)

    def work(connection: sa.Connection) -> Page[sa.RowMapping]:
        if workspace_id is not None:
            workspaces.get(connection, workspace_id)
        seen = workspace_id or caller.workspace_id
        return techniques.read_some(connection, page, workspace_id=seen, text=query.get("query"))

    found = await context.database.read(work)
    listed = [_wire(context, row) for row in found.rows]
    return JSONResponse({"techniques": listed, "meta": {"next_cursor": found.next_cursor}})


async def read_one(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    technique_id = str(request.path_params["technique_id"])
    row = await context.database.read(lambda connection: find(connection, technique_id, caller=caller))
    check_there(row)
    return JSONResponse(_wire(context, row))


def find(connection: sa.Connection, technique_id: str, *, caller: Caller) -> sa.RowMapping:
    """Returns a technique that the caller may see, archived or not.

    Raises:
        ApiError: 404, there is none.
    """
    row = techniques.get(connection, technique_id)
    if row["workspace_id"] is not None:
        caller.check_reads(row["workspace_id"])
    return row


def check_there(row: sa.RowMapping) -> None:
    """Passes for a technique that is not archived.

    Raises:
        ApiError: 403 (docs:errors).
    """
    if row["archived_at_ms"] is not None:
        message = f"Technique {row['slug']!r} is archived; GET /techniques lists those that can be run."
        raise ApiError(message, status=403, code="forbidden")


def definition_of(row: sa.RowMapping) -> Definition:
    """Returns what is stored of a technique, which was checked when it was added."""
    return Definition.model_validate_json(json.dumps(row["definition"]))


def _wire(context: Context, row: sa.RowMapping) -> dict[str, object]:
    definition = definition_of(row)
    return {
        "technique_id": row["technique_id"],
        "slug": row["slug"],
        "name": row["name"],
        "description": row["description"],
        "run_cost": usd(most_credits(definition, catalog=context.catalog, actions=context.actions)),
        "inputs": [_input(each) for each in definition.open_inputs],
        "outputs": [_output(context, definition, each) for each in definition.outputs],
    }


def _input(given: Input) -> dict[str, object]:
    """Returns an input as the SDK types it; its format, options and default are told in the description (choice)."""
    told = [given.description] if given.description else []
    if given.options is not None:
        told.append(f"One of {', '.join(given.options)}.")
    if given.format == "color":
        told.append("A colour such as #ff8800.")
    if given.format == "seed":
        told.append("A whole number from 0 to 2147483647.")
    if given.default:
        told.append(f"Default: {given.default}.")
    found: dict[str, object] = {"id": given.id, "name": given.name, "type": given.type, "optional": given.omissible}
    if told:
        found["description"] = " ".join(told)
    if given.allow_multiple:
        found["allow_multiple"] = True
    if given.specified_aspect_ratio is not None:
        found["specified_aspect_ratio"] = given.specified_aspect_ratio
    return found


def _output(context: Context, definition: Definition, output: Output) -> dict[str, object]:
    step = next(each for each in definition.steps if each.id == output.source)
    kind = "text" if isinstance(step, TextStep) else "image"
    if isinstance(step, ActionStep):
        kind = context.actions.get(step.action).outputs[0].type
    wire_type = "text" if kind == "text" else "imageUrl"
    found: dict[str, object] = {"id": output.id, "name": output.name, "type": wire_type}
    if output.description:
        found["description"] = output.description
    if output.optional:
        found["optional"] = True
    if output.specified_aspect_ratio is not None:
        found["specified_aspect_ratio"] = output.specified_aspect_ratio
    return found


ROUTES = [
    Route("/techniques", read_some, methods=["GET"]),
    Route("/techniques/{technique_id}", read_one, methods=["GET"]),
]
