"""Queries on workers, and on which of them does which job."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from flora_mcp.studio.store.tables import claims, workers


def beat(connection: sa.Connection, worker_id: str) -> bool:
    """Shows that a worker lives; False when it was not, or no longer, known."""
    change = workers.update().where(workers.c.worker_id == worker_id)
    if connection.execute(change.values(beat=workers.c.beat + 1)).rowcount == 1:
        return True
    connection.execute(workers.insert().values(worker_id=worker_id, beat=1))
    return False


def beats(connection: sa.Connection) -> dict[str, int]:
    """Returns the beat of every worker."""
    return {row.worker_id: row.beat for row in connection.execute(sa.select(workers))}


def bury(connection: sa.Connection, worker_id: str, *, beat: int) -> bool:
    """Forgets a worker, unless it has beaten since; its jobs may then be adopted."""
    gone = workers.delete().where(workers.c.worker_id == worker_id, workers.c.beat == beat)
    return connection.execute(gone).rowcount == 1


def leave(connection: sa.Connection, worker_id: str) -> None:
    """Forgets a worker that ends; its jobs may then be adopted."""
    connection.execute(workers.delete().where(workers.c.worker_id == worker_id))


def claim(connection: sa.Connection, job_ids: Iterable[str], *, work: str, worker_id: str, now_ms: int) -> None:
    """Gives jobs that nobody does to a worker."""
    for job_id in job_ids:
        row = {"job_id": job_id, "work": work, "worker_id": worker_id, "claimed_at_ms": now_ms}
        connection.execute(claims.insert().values(row))


def orphans(connection: sa.Connection, *, work: str, limit: int, besides: Collection[str]) -> list[str]:
    """Returns jobs of workers that are gone, the oldest claims first."""
    orphaned = claims.c.worker_id.not_in(sa.select(workers.c.worker_id))
    query = sa.select(claims.c.job_id).where(claims.c.work == work, orphaned, claims.c.job_id.not_in(besides))
    return list(connection.scalars(query.order_by(claims.c.claimed_at_ms, claims.c.job_id).limit(limit)))


def adopt(connection: sa.Connection, job_ids: Collection[str], *, worker_id: str, now_ms: int) -> None:
    """Gives claims to a worker."""
    if job_ids:
        change = claims.update().where(claims.c.job_id.in_(job_ids))
        connection.execute(change.values(worker_id=worker_id, claimed_at_ms=now_ms))


def release(connection: sa.Connection, job_ids: Collection[str], *, worker_id: str) -> None:
    """Gives up a worker's claims; another's are left alone."""
    if job_ids:
        connection.execute(claims.delete().where(claims.c.job_id.in_(job_ids), claims.c.worker_id == worker_id))


def claimed(connection: sa.Connection) -> list[str]:
    """Returns the jobs that a worker does, alive or not."""
    return list(connection.scalars(sa.select(claims.c.job_id)))


def claims_of(connection: sa.Connection, worker_id: str) -> list[tuple[str, str]]:
    """Returns the works and jobs of a worker."""
    query = sa.select(claims.c.work, claims.c.job_id).where(claims.c.worker_id == worker_id)
    return [(row.work, row.job_id) for row in connection.execute(query)]
