"""In which order runs begin: workspaces take turns, however many runs each has."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables import claims, runs


def in_turn(ready: sa.ColumnElement[bool], *, workspace_runs: int | None) -> sa.Select[tuple[str]]:
    """Returns the query of the runs to begin, the next one first.

    Of each workspace the oldest run comes first. Of the workspaces comes first the one with the fewest runs under way
    and, where these are as many, the one whose last run began the longest ago.

    Args:
        ready: The runs that could begin.
        workspace_runs: The most runs of one workspace, those under way included; None for any number.
    """
    under_way = (
        sa.select(runs.c.workspace_id, sa.func.count().label("count"))
        .join(claims, claims.c.job_id == runs.c.run_id)
        .group_by(runs.c.workspace_id)
        .subquery()
    )
    # One look into an index for each workspace, not for each run.
    those = sa.select(runs.c.workspace_id).where(ready).distinct().subquery()
    former = runs.alias()
    last = sa.select(sa.func.max(former.c.started_at_ms)).where(former.c.workspace_id == those.c.workspace_id)
    served = sa.select(those.c.workspace_id, sa.func.coalesce(last.scalar_subquery(), 0).label("at")).subquery()
    place = sa.func.row_number().over(partition_by=runs.c.workspace_id, order_by=runs.c.number)
    turn = place + sa.func.coalesce(under_way.c.count, 0)
    ranked = (
        sa.select(runs.c.run_id, runs.c.number, turn.label("turn"), served.c.at)
        .join(served, served.c.workspace_id == runs.c.workspace_id)
        .outerjoin(under_way, under_way.c.workspace_id == runs.c.workspace_id)
        .where(ready)
        .subquery()
    )
    query = sa.select(ranked.c.run_id).order_by(ranked.c.turn, ranked.c.at, ranked.c.number)
    return query if workspace_runs is None else query.where(ranked.c.turn <= workspace_runs)
