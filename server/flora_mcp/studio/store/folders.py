"""Queries on folders: of projects, and of the library with its saved nodes."""

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.store import workspaces
from flora_mcp.studio.store.tables import folders, library_folders, saved_nodes


@dataclass(frozen=True, kw_only=True)
class SavedNode:
    """A picture or a text that is kept for later projects."""

    saved_node_id: str
    workspace_id: str
    folder_id: str
    type: Literal["image", "text"]
    text: str | None
    description: str | None
    asset_id: str | None


def create(connection: sa.Connection, *, folder_id: str, workspace_id: str, name: str, now_ms: int) -> None:
    """Creates a folder of projects."""
    workspaces.get(connection, workspace_id)
    row = {"folder_id": folder_id, "workspace_id": workspace_id, "name": name, "created_at_ms": now_ms}
    connection.execute(folders.insert().values(row))


def get(connection: sa.Connection, folder_id: str, *, workspace_id: str) -> sa.RowMapping:
    """Returns a folder of projects; another workspace's is a 404 like a missing one (sdk:resources/workspaces)."""
    return _get(connection, folders, folder_id, workspace_id=workspace_id)


def create_library(
    connection: sa.Connection, *, folder_id: str, workspace_id: str, name: str | None, now_ms: int
) -> str:
    """Creates a folder of the library and returns its name, which is made up when there is none."""
    if name is None:
        query = sa.select(sa.func.count()).where(library_folders.c.workspace_id == workspace_id)
        name = f"Folder {(connection.scalar(query) or 0) + 1}"
    row = {"folder_id": folder_id, "workspace_id": workspace_id, "name": name, "created_at_ms": now_ms}
    connection.execute(library_folders.insert().values(row))
    return name


def get_library(connection: sa.Connection, folder_id: str, *, workspace_id: str) -> sa.RowMapping:
    return _get(connection, library_folders, folder_id, workspace_id=workspace_id)


def delete_library(connection: sa.Connection, folder_id: str, *, workspace_id: str) -> None:
    """Deletes a folder; what was saved in it stays, in no folder (sdk:resources/workspaces/library)."""
    get_library(connection, folder_id, workspace_id=workspace_id)
    detached = saved_nodes.update().where(saved_nodes.c.folder_id == folder_id)
    connection.execute(detached.values(folder_id=None))
    connection.execute(library_folders.delete().where(library_folders.c.folder_id == folder_id))


def save(connection: sa.Connection, node: SavedNode, *, now_ms: int) -> None:
    connection.execute(saved_nodes.insert().values(**vars(node), created_at_ms=now_ms))


def _get(connection: sa.Connection, table: sa.Table, folder_id: str, *, workspace_id: str) -> sa.RowMapping:
    query = sa.select(table).where(table.c.folder_id == folder_id, table.c.workspace_id == workspace_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise errors.not_found(f"Folder {folder_id!r} was not found in workspace {workspace_id!r}.")
    return row
