"""What workspaces may spend. A balance counts credits; without one a workspace spends as it likes."""

import sqlalchemy as sa

from flora_mcp.studio.errors import ApiError
from flora_mcp.studio.store.tables import workspaces


def reserve(connection: sa.Connection, workspace_id: str, *, amount: int) -> int:
    """Takes credits out of a balance, in the transaction that records what they are for.

    The row is changed only where it still has enough, so that no two requests spend the same credits, on whatever
    database.

    Returns:
        What was taken: nothing where there is no balance, so nothing is to be given back to one that is set later.

    Raises:
        ApiError: 402, there are too few; nothing was changed.
    """
    if not amount or _balance(connection, workspace_id) is None:
        return 0
    enough = workspaces.c.workspace_id == workspace_id, workspaces.c.balance_credits >= amount
    change = workspaces.update().where(*enough).values(balance_credits=workspaces.c.balance_credits - amount)
    if connection.execute(change).rowcount:
        return amount
    left = _balance(connection, workspace_id)
    if left is None:
        return 0
    raise ApiError(
        f"Insufficient credits: this takes {amount}, and workspace {workspace_id!r} has {left}. Whoever runs the "
        f"studio adds some with 'flora-mcp studio workspace credits {workspace_id} +{amount - left}'.",
        status=402,
        code="insufficient_credits",
    )


def give_back(connection: sa.Connection, workspace_id: str, *, amount: int) -> None:
    """Returns what `reserve` took; to a workspace whose balance is gone by now, there is nothing to return it to."""
    if amount:
        _add(connection, workspace_id, amount=amount)


def set_balance(connection: sa.Connection, workspace_id: str, *, amount: int | None) -> None:
    """Sets what is left to spend; None takes the bound away. What running runs have reserved is spent already."""
    change = workspaces.update().where(workspaces.c.workspace_id == workspace_id)
    connection.execute(change.values(balance_credits=amount))


def top_up(connection: sa.Connection, workspace_id: str, *, amount: int) -> bool:
    """Adds credits to a balance; False where there is none."""
    return _add(connection, workspace_id, amount=amount)


def _add(connection: sa.Connection, workspace_id: str, *, amount: int) -> bool:
    bounded = workspaces.c.workspace_id == workspace_id, workspaces.c.balance_credits.is_not(None)
    change = workspaces.update().where(*bounded).values(balance_credits=workspaces.c.balance_credits + amount)
    return connection.execute(change).rowcount == 1


def _balance(connection: sa.Connection, workspace_id: str) -> int | None:
    query = sa.select(workspaces.c.balance_credits).where(workspaces.c.workspace_id == workspace_id)
    return connection.scalar(query)
