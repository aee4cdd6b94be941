"""Projects and the nodes on their canvases."""

import sqlalchemy as sa
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.callers import caller_of
from flora_mcp.studio.links import ASSET_FILE
from flora_mcp.studio.pages import Page, slice_of
from flora_mcp.studio.routes.context import Context, context_of
from flora_mcp.studio.routes.requests import NewProject, NewWorkspaceProject, path_id, query_id, read_body
from flora_mcp.studio.store import folders, idempotency, projects, workspaces


class Projects(HTTPEndpoint):
    """Both methods in one endpoint, so that a 405 can name them."""

    async def post(self, request: Request) -> Response:
        body = await read_body(request, NewProject)
        return await _create(request, workspace_id=body.workspace_id, name=body.name)

    async def get(self, request: Request) -> Response:
        return await _read_some(request)


async def create_in_workspace(request: Request) -> Response:
    workspace_id = path_id(request, "workspace_id", prefix="ws_")
    body = await read_body(request, NewWorkspaceProject)
    return await _create(request, workspace_id=workspace_id, name=body.name)


async def _read_some(request: Request) -> Response:
    query = request.query_params
    workspace_id = query_id(request, "workspace_id", prefix="ws_")
    if workspace_id is None:
        raise errors.invalid("workspace_id", "Required")
    page = slice_of("projects", width=2, limit=query.get("limit"), cursor=query.get("cursor"))
    text = query.get("query")
    caller = caller_of(request)

    def work(connection: sa.Connection) -> Page[sa.RowMapping]:
        workspaces.get(connection, workspace_id, caller=caller)
        return projects.read_some(connection, page, workspace_id=workspace_id, text=text)

    found = await context_of(request).database.read(work)
    return JSONResponse({"projects": [_wire(row) for row in found.rows], "meta": {"next_cursor": found.next_cursor}})


async def read_one(request: Request) -> Response:
    project_id = path_id(request, "project_id", prefix="prj_")
    caller = caller_of(request)
    row = await context_of(request).database.read(
        lambda connection: projects.get(connection, project_id, caller=caller)
    )
    return JSONResponse(_wire(row))


async def read_nodes(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    query = request.query_params
    project_id = path_id(request, "project_id", prefix="prj_")
    page = slice_of("nodes", width=1, limit=query.get("limit"), cursor=query.get("cursor"))

    def work(connection: sa.Connection) -> Page[sa.RowMapping]:
        projects.get(connection, project_id, caller=caller)
        return projects.read_nodes(connection, page, project_id=project_id)

    found = await context.database.read(work)
    nodes = [
        {
            "node_id": row["node_id"],
            "type": row["type"],
            "asset_id": row["asset_id"],
            "label": row["label"],
            "url": _shown(context, row),
            "width": row["width_px"],
            "height": row["height_px"],
        }
        for row in found.rows
    ]
    return JSONResponse({"nodes": nodes, "meta": {"next_cursor": found.next_cursor}})


async def create_in_folder(request: Request) -> Response:
    workspace_id = path_id(request, "workspace_id", prefix="ws_")
    folder_id = path_id(request, "folder_id", prefix="fld_")
    body = await read_body(request, NewWorkspaceProject)
    return await _create(request, workspace_id=workspace_id, name=body.name, folder_id=folder_id)


async def _create(request: Request, *, workspace_id: str, name: str, folder_id: str | None = None) -> Response:
    context, caller = context_of(request), caller_of(request)
    key = request.headers.get("idempotency-key")
    project_id = context.ids.new("prj_")
    now_ms = context.clock_ms()

    def work(connection: sa.Connection) -> sa.RowMapping:
        workspaces.get(connection, workspace_id, caller=caller)
        caller.check_role()
        if folder_id is not None:
            folders.get(connection, folder_id, workspace_id=workspace_id)
        row = projects.create(
            connection,
            project_id=project_id,
            workspace_id=workspace_id,
            name=name,
            now_ms=now_ms,
            folder_id=folder_id,
        )
        destination = folder_id or ""
        idempotency.claim(
            connection, key, workspace_id=workspace_id, operation="project", destination=destination, now_ms=now_ms
        )
        return row

    return JSONResponse(_wire(await context.database.write(work)), status_code=201)


def _shown(context: Context, row: sa.RowMapping) -> str:
    """Returns the address of a node's file, or its text (sdk:resources/projects)."""
    if row["asset_id"] is not None:
        return context.links.media(owner_id=row["asset_id"], file_name=ASSET_FILE)
    if row["text"] is not None:
        return str(row["text"])
    return context.links.media(owner_id=row["run_id"], file_name=row["file_name"])


def _wire(row: sa.RowMapping) -> dict[str, object]:
    return {
        "project_id": row["project_id"],
        "workspace_id": row["workspace_id"],
        "name": row["name"],
        "origin": row["origin"],
        "created_at": row["created_at_ms"],
        "last_modified": row["last_modified_ms"],
    }


ROUTES = [
    Route("/projects", Projects),
    Route("/projects/{project_id}", read_one, methods=["GET"]),
    Route("/projects/{project_id}/nodes", read_nodes, methods=["GET"]),
    Route("/workspaces/{workspace_id}/projects", create_in_workspace, methods=["POST"]),
    Route("/workspaces/{workspace_id}/folders/{folder_id}/projects", create_in_folder, methods=["POST"]),
]
