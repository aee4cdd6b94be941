"""What has changed for whom, of the last minutes: how processes that serve the same tenants hear of each other."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import sqlalchemy as sa

from flora_mcp.database import Database
from flora_mcp.state.notices import Notice
from flora_mcp.state.tables.metadata import metadata
from flora_mcp.state.tables.trouble import typed_errors

_T = TypeVar("_T")

KEPT_SECONDS = 600.0
"""Longer than any process may be held up between two looks."""

AT_ONCE = 1000
"""Events that are read with one look; the next look goes on."""

events = sa.Table(
    "flora_events",
    metadata,
    # Never used twice, also after the newest rows were removed: readers remember how far they are.
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("tenant", sa.String, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("uri", sa.String, nullable=False),
    sa.Column("posted_at", sa.Float, nullable=False, index=True),
    sa.Index("flora_events_of_tenant", "tenant", "sequence"),
    sqlite_autoincrement=True,
)


class Events:
    """Rows in the order in which they were committed: writing transactions of a deployment take turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def post(self, notices: Sequence[Notice], *, origin: str, now: float) -> None:
        """Enters notices, and removes those that are old.

        Args:
            notices: What changed.
            origin: Names the process, which need not hear them itself.
            now: Unix seconds.

        Raises:
            StateError: the database cannot be written to.
        """
        rows = [
            {"tenant": each.tenant, "origin": origin, "kind": each.kind, "uri": each.uri, "posted_at": now}
            for each in notices
        ]

        def work(connection: sa.Connection) -> None:
            connection.execute(events.insert(), rows)
            connection.execute(events.delete().where(events.c.posted_at < now - KEPT_SECONDS))

        with typed_errors():
            await self._database.write(work)

    async def latest(self) -> int:
        """Returns the place after which everything is news.

        Raises:
            StateError: the database cannot be read.
        """
        return await self._read(
            lambda connection: int(connection.scalar(sa.select(sa.func.max(events.c.sequence))) or 0)
        )

    async def since(self, place: int, *, tenants: Collection[str], origin: str) -> tuple[int, list[Notice]]:
        """Returns what others have posted for these tenants after a place, oldest first, and the place reached.

        Raises:
            StateError: the database cannot be read.
        """
        query = (
            sa.select(events.c.sequence, events.c.tenant, events.c.kind, events.c.uri)
            .where(events.c.sequence > place, events.c.tenant.in_(sorted(tenants)), events.c.origin != origin)
            .order_by(events.c.sequence)
            .limit(AT_ONCE)
        )
        rows = await self._read(lambda connection: list(connection.execute(query)))
        notices = [Notice(tenant=row.tenant, kind=row.kind, uri=row.uri) for row in rows]
        return (rows[-1].sequence if rows else place), notices

    async def _read(self, work: Callable[[sa.Connection], _T]) -> _T:
        with typed_errors():
            return await self._database.read(work)
