"""Queries on projects and the nodes on their canvases."""

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.callers import EVERYBODY, Caller
from flora_mcp.studio.pages import Page, Slice, read_page
from flora_mcp.studio.store import workspaces
from flora_mcp.studio.store.tables import assets, nodes, outputs, projects

SHOWN_TYPES = ("image", "video", "audio", "text")


def create(
    connection: sa.Connection,
    *,
    project_id: str,
    workspace_id: str,
    name: str,
    now_ms: int,
    folder_id: str | None = None,
) -> sa.RowMapping:
    workspaces.get(connection, workspace_id)
    row = {
        "project_id": project_id,
        "workspace_id": workspace_id,
        "name": name,
        "origin": "api",
        "created_at_ms": now_ms,
        "last_modified_ms": now_ms,
        "folder_id": folder_id,
    }
    connection.execute(projects.insert().values(row))
    return get(connection, project_id)


def get(connection: sa.Connection, project_id: str, *, caller: Caller = EVERYBODY) -> sa.RowMapping:
    query = sa.select(projects).where(projects.c.project_id == project_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None or not caller.reads(row["workspace_id"]):
        raise errors.not_found(
            f"Project {project_id!r} was not found; GET /projects?workspace_id=… lists what there is."
        )
    return row


def check_belongs(connection: sa.Connection, project_id: str, *, workspace_id: str, caller: Caller = EVERYBODY) -> None:
    """Passes when the project is one of the workspace.

    Raises:
        ApiError: 404, the project is missing, or none of the caller's; 400, it is in another workspace (docs:errors).
    """
    if get(connection, project_id, caller=caller)["workspace_id"] != workspace_id:
        raise errors.ApiError(
            "Project does not belong to the specified workspace.", status=400, code="input_validation_error"
        )


def touch(connection: sa.Connection, project_id: str, *, now_ms: int) -> None:
    """Records activity, by which projects are listed."""
    change = projects.update().where(projects.c.project_id == project_id)
    connection.execute(change.values(last_modified_ms=now_ms))


def read_some(connection: sa.Connection, page: Slice, *, workspace_id: str, text: str | None) -> Page[sa.RowMapping]:
    """Returns a page of a workspace's projects, the most recently active first."""
    query = sa.select(projects).where(projects.c.workspace_id == workspace_id)
    if text:
        query = query.where(projects.c.name.icontains(text, autoescape=True))
    return read_page(connection, query, (projects.c.last_modified_ms, projects.c.number), page)


def read_nodes(connection: sa.Connection, page: Slice, *, project_id: str) -> Page[sa.RowMapping]:
    """Returns a page of a project's visible media, newest first, each with its file.

    Nodes without a file are not media, and documents have no type in this list (sdk:resources/projects).
    """
    file = outputs.c.run_id == nodes.c.run_id, outputs.c.output_id == nodes.c.output_id
    query = (
        sa.select(
            nodes,
            outputs.c.file_name,
            outputs.c.text,
            sa.func.coalesce(outputs.c.width_px, assets.c.width_px).label("width_px"),
            sa.func.coalesce(outputs.c.height_px, assets.c.height_px).label("height_px"),
        )
        .outerjoin(outputs, sa.and_(*file))
        .outerjoin(assets, assets.c.asset_id == nodes.c.asset_id)
        .where(nodes.c.project_id == project_id, nodes.c.type.in_(SHOWN_TYPES))
        .where(sa.or_(outputs.c.number.is_not(None), assets.c.number.is_not(None)))
    )
    return read_page(connection, query, (nodes.c.number,), page)
