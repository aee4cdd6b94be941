"""Queries on workspaces."""

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.callers import EVERYBODY, Caller
from flora_mcp.studio.store.tables import workspaces

MOST_TOLD = 20
"""How many workspaces a message names."""


def create(connection: sa.Connection, *, workspace_id: str, name: str, now_ms: int) -> sa.RowMapping:
    row = {"workspace_id": workspace_id, "name": name, "created_at_ms": now_ms}
    connection.execute(workspaces.insert().values(row))
    return get(connection, workspace_id)


def create_first(connection: sa.Connection, *, workspace_id: str, name: str, now_ms: int) -> None:
    """Creates a workspace unless there is one."""
    if connection.scalar(sa.select(workspaces.c.number).limit(1)) is None:
        create(connection, workspace_id=workspace_id, name=name, now_ms=now_ms)


def get(connection: sa.Connection, workspace_id: str, *, caller: Caller = EVERYBODY) -> sa.RowMapping:
    query = sa.select(workspaces).where(workspaces.c.workspace_id == workspace_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None or not caller.reads(workspace_id):
        raise errors.not_found(f"Workspace {workspace_id!r} was not found; GET /workspaces lists what there is.")
    return row


def read_all(connection: sa.Connection, *, caller: Caller = EVERYBODY) -> list[sa.RowMapping]:
    query = sa.select(workspaces).order_by(workspaces.c.number)
    if caller.workspace_id is not None:
        query = query.where(workspaces.c.workspace_id == caller.workspace_id)
    return list(connection.execute(query).mappings())


def choose(connection: sa.Connection, wanted: str | None) -> sa.RowMapping:
    """Returns the workspace of this id or name; without one, the only workspace there is.

    Raises:
        RefusedError: It is not clear which is meant.
    """
    rows = read_all(connection)
    found = [row for row in rows if wanted in (None, row["workspace_id"], row["name"])]
    if len(found) == 1:
        return found[0]
    told = ", ".join(f"{row['workspace_id']} ({row['name']})" for row in rows[:MOST_TOLD])
    if not found:
        raise errors.RefusedError(f"There is no workspace {wanted!r}; there are {told}.")
    problem = "There are several workspaces" if wanted is None else f"Several workspaces are called {wanted!r}"
    raise errors.RefusedError(f"{problem}; choose one by its id: {told}.")
