"""Queries on projects and the nodes on their canvases."""

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.pages import Page, Slice, read_page
from flora_mcp.studio.store import workspaces
from flora_mcp.studio.store.tables import nodes, outputs, projects


def create(connection: sa.Connection, *, project_id: str, workspace_id: str, name: str, now_ms: int) -> sa.RowMapping:
    workspaces.get(connection, workspace_id)
    row = {
        "project_id": project_id,
        "workspace_id": workspace_id,
        "name": name,
        "origin": "api",
        "created_at_ms": now_ms,
        "last_modified_ms": now_ms,
    }
    connection.execute(projects.insert().values(row))
    return get(connection, project_id)


def get(connection: sa.Connection, project_id: str) -> sa.RowMapping:
    query = sa.select(projects).where(projects.c.project_id == project_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise errors.not_found(
            f"Project {project_id!r} was not found; GET /projects?workspace_id=… lists what there is."
        )
    return row


def touch(connection: sa.Connection, project_id: str, *, now_ms: int) -> None:
    """Records activity, by which projects are listed."""
    change = projects.update().where(projects.c.project_id == project_id)
    connection.execute(change.values(last_modified_ms=now_ms))


def read_some(connection: sa.Connection, page: Slice, *, workspace_id: str, text: str | None) -> Page[sa.RowMapping]:
    """Returns a page of a workspace's projects, the most recently active first."""
    workspaces.get(connection, workspace_id)
    query = sa.select(projects).where(projects.c.workspace_id == workspace_id)
    if text:
        query = query.where(projects.c.name.icontains(text, autoescape=True))
    return read_page(connection, query, (projects.c.last_modified_ms, projects.c.number), page)


def read_nodes(connection: sa.Connection, page: Slice, *, project_id: str) -> Page[sa.RowMapping]:
    """Returns a page of a project's visible media, newest first, each with its file."""
    get(connection, project_id)
    file = outputs.c.run_id == nodes.c.run_id, outputs.c.output_id == nodes.c.output_id
    query = (
        sa.select(nodes, outputs.c.file_name, outputs.c.width_px, outputs.c.height_px)
        .join(outputs, sa.and_(*file))
        .where(nodes.c.project_id == project_id)
    )
    return read_page(connection, query, (nodes.c.number,), page)
