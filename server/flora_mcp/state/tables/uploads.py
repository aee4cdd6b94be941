"""Uploads that processes share: what is on its way, and which asset it became."""

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from flora_mcp.database import Database
from flora_mcp.state.tables.clock import now
from flora_mcp.state.tables.metadata import metadata
from flora_mcp.state.tables.trouble import typed_errors
from flora_mcp.state.upload_row import UploadRow

LOST_SECONDS = 20.0
"""An uploader that was not heard of for so long is gone, and the next one takes its place."""

KEPT_SECONDS = 30 * 86400.0
PRUNED = 200
"""Old rows that one claim removes at most."""

uploads = sa.Table(
    "flora_uploads",
    metadata,
    sa.Column("tenant", sa.String, primary_key=True),
    sa.Column("content", sa.String, primary_key=True),
    sa.Column("uploader", sa.String, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("asset_id", sa.String),
    sa.Column("changed_at", sa.Float, nullable=False),
    sa.Column("beat_at", sa.Float, nullable=False, index=True),
)
"""`content` names the bytes or the address, and where they go. An empty `uploader`: nobody is at it."""

Result = TypeVar("Result")


class UploadRows:
    """Uploads by what is uploaded, of the tenant that is named in each call.

    All methods raise `StateError` when the database fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, content: str, *, tenant: str, uploader: str) -> UploadRow:
        """Returns how an upload stands. Of all that ask while nobody is at it, one is told that it is theirs."""

        def work(connection: sa.Connection) -> UploadRow:
            moment = now(connection)
            this = _this(content, tenant)
            found = connection.execute(sa.select(uploads).where(this)).one_or_none()
            if found is None:
                new = {"uploader": uploader, "attempt": 0, "changed_at": moment, "beat_at": moment}
                connection.execute(uploads.insert().values(tenant=tenant, content=content, **new))
                _prune(connection, moment)
                return UploadRow(asset_id=None, mine=True, attempt=0, age_seconds=0.0)
            free = found.asset_id is None and (not found.uploader or moment - found.beat_at > LOST_SECONDS)
            if free:
                values = {"uploader": uploader, "changed_at": moment, "beat_at": moment}
                connection.execute(uploads.update().where(this).values(**values))
            return UploadRow(
                asset_id=found.asset_id,
                mine=free or (found.asset_id is None and found.uploader == uploader),
                attempt=found.attempt,
                age_seconds=0.0 if free else moment - found.changed_at,
            )

        return await self._write(work)

    async def beat(self, content: str, *, tenant: str, uploader: str) -> None:
        """Says that the uploader is still at it."""

        def work(connection: sa.Connection) -> None:
            mine = _this(content, tenant) & (uploads.c.uploader == uploader)
            connection.execute(uploads.update().where(mine).values(beat_at=now(connection)))

        await self._write(work)

    async def finish(self, content: str, *, tenant: str, uploader: str, asset_id: str) -> None:
        """Says which asset it became."""

        def work(connection: sa.Connection) -> None:
            moment = now(connection)
            mine = _this(content, tenant) & (uploads.c.uploader == uploader)
            values = {"uploader": "", "asset_id": asset_id, "changed_at": moment, "beat_at": moment}
            connection.execute(uploads.update().where(mine).values(**values))

        await self._write(work)

    async def release(self, content: str, *, tenant: str, uploader: str, failed: bool) -> None:
        """Says that the uploader has stopped, so that the next one need not wait for it to be lost."""

        def work(connection: sa.Connection) -> None:
            mine = _this(content, tenant) & (uploads.c.uploader == uploader)
            values = {"uploader": "", "attempt": uploads.c.attempt + (1 if failed else 0)}
            connection.execute(uploads.update().where(mine).values(**values))

        await self._write(work)

    async def forget(self, content: str, *, tenant: str, asset_id: str) -> None:
        """Says that the asset is there no more, or not to be taken for what is uploaded now."""

        def work(connection: sa.Connection) -> None:
            this = _this(content, tenant) & (uploads.c.asset_id == asset_id)
            values = {"asset_id": None, "uploader": "", "attempt": uploads.c.attempt + 1}
            connection.execute(uploads.update().where(this).values(**values))

        await self._write(work)

    async def _write(self, work: Callable[[sa.Connection], Result]) -> Result:
        with typed_errors():
            return await self._database.write(work)


def _this(content: str, tenant: str) -> sa.ColumnElement[bool]:
    return (uploads.c.content == content) & (uploads.c.tenant == tenant)


def _prune(connection: sa.Connection, moment: float) -> None:
    old = sa.select(uploads.c.tenant, uploads.c.content).where(uploads.c.beat_at < moment - KEPT_SECONDS).limit(PRUNED)
    for row in connection.execute(old).all():
        connection.execute(uploads.delete().where(_this(row.content, row.tenant)))
