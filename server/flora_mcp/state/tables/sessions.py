"""Sessions of the handshake era, so that any process can go on with one that another opened.

A session belongs to one tenant; to others it is not there. What its client sends to one process and others must know
(that it subscribes, that it cancels a call) is a row, too, that they look for every now and then.
"""

import json
import time
from collections.abc import Callable, Collection
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from flora_mcp.database import Database, reason
from flora_mcp.state.errors import StateError
from flora_mcp.state.session_record import SessionRecord, Word
from flora_mcp.state.tables.metadata import metadata

KEPT_SECONDS = 24 * 3600.0
"""A session that nobody used for so long is forgotten."""

WORD_SECONDS = 300.0
"""So long a word to the other processes stays; they look far more often."""

_T = TypeVar("_T")

sessions = sa.Table(
    "flora_sessions",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("tenant", sa.String, nullable=False),
    sa.Column("protocol_version", sa.String, nullable=False),
    sa.Column("client", sa.Text, nullable=False),
    sa.Column("used_at", sa.Double, nullable=False, index=True),
)

lasting = sa.Table(
    "flora_session_messages",
    metadata,
    sa.Column("session_id", sa.ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("tenant", sa.String, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
)
"""What a client has sent whose effect lasts, under a key that says what it is about."""

words = sa.Table(
    "flora_session_words",
    metadata,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("tenant", sa.String, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    sa.Column("session_id", sa.String, nullable=False),
    sa.Column("message", sa.Text),
    sa.Column("said_at", sa.Double, nullable=False, index=True),
    # A number is never given out again: processes remember how far they have read.
    sqlite_autoincrement=True,
)

_LAST = sa.select(sa.func.max(words.c.sequence))


class Sessions:
    """The sessions of all processes; every method raises `StateError` when the database cannot be used.

    Args:
        database: Where they are kept.
        clock: Seconds since the epoch, by this machine's clock.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def add(self, record: SessionRecord) -> None:
        """Keeps a new session, and forgets those that nobody uses any more."""
        now = self._clock()
        row = {
            "id": record.id,
            "tenant": record.tenant,
            "protocol_version": record.protocol_version,
            "client": json.dumps(record.client),
            "used_at": now,
        }

        def work(connection: sa.Connection) -> None:
            connection.execute(sessions.delete().where(sessions.c.used_at < now - KEPT_SECONDS))
            connection.execute(sessions.insert().values(row))

        await self._write(work)

    async def get(self, session_id: str, *, tenant: str) -> SessionRecord | None:
        """Returns a session of the tenant, and keeps it for another while; None if there is none."""
        mine = (sessions.c.id == session_id) & (sessions.c.tenant == tenant)

        def work(connection: sa.Connection) -> SessionRecord | None:
            row = connection.execute(sa.select(sessions).where(mine)).one_or_none()
            if row is None:
                return None
            messages = connection.scalars(sa.select(lasting.c.message).where(lasting.c.session_id == session_id))
            return SessionRecord(
                id=row.id,
                tenant=row.tenant,
                protocol_version=row.protocol_version,
                client=json.loads(row.client),
                lasting=tuple(json.loads(message) for message in messages),
                place=connection.scalar(_LAST) or 0,
            )

        found = await self._read(work)
        if found is not None:
            await self.touch([session_id])
        return found

    async def touch(self, session_ids: Collection[str]) -> None:
        """Keeps sessions that are in use for another while."""
        used = sessions.update().where(sessions.c.id.in_(list(session_ids))).values(used_at=self._clock())
        await self._write(lambda connection: connection.execute(used))

    async def keep(self, word: Word, *, key: str, origin: str) -> None:
        """Keeps what a client has sent for those who adopt its session, and tells those who have it."""
        assert word.message is not None
        row = {
            "session_id": word.session_id,
            "key": key,
            "tenant": word.tenant,
            "message": json.dumps(word.message),
        }

        def work(connection: sa.Connection) -> None:
            known = sa.select(sessions.c.id).where(sessions.c.id == word.session_id, sessions.c.tenant == word.tenant)
            there = sa.select(lasting.c.key).where(lasting.c.session_id == word.session_id, lasting.c.key == key)
            if connection.scalar(known) is not None and connection.scalar(there) is None:
                connection.execute(lasting.insert().values(row))
                self._say(connection, word, origin=origin)

        await self._write(work)

    async def drop(self, word: Word, *, key: str, origin: str) -> None:
        """Forgets what was kept under a key, and tells those who have the session what the client has sent."""
        gone = lasting.delete().where(
            lasting.c.session_id == word.session_id, lasting.c.tenant == word.tenant, lasting.c.key == key
        )

        def work(connection: sa.Connection) -> None:
            connection.execute(gone)
            self._say(connection, word, origin=origin)

        await self._write(work)

    async def say(self, word: Word, *, origin: str) -> None:
        """Tells those who have the session; one that has ended is forgotten."""

        def work(connection: sa.Connection) -> None:
            if word.message is None:
                mine = (sessions.c.id == word.session_id) & (sessions.c.tenant == word.tenant)
                connection.execute(sessions.delete().where(mine))
            self._say(connection, word, origin=origin)

        await self._write(work)

    async def last(self) -> int:
        """Returns where `heard` begins for a process that starts now."""
        return await self._read(lambda connection: connection.scalar(_LAST) or 0)

    async def heard(self, after: int, *, origin: str) -> tuple[list[Word], int]:
        """Returns what others have said after a place, oldest first, and the place to ask after the next time."""
        query = sa.select(words).where(words.c.sequence > after).order_by(words.c.sequence)

        def work(connection: sa.Connection) -> tuple[list[Word], int]:
            rows = connection.execute(query).all()
            found = [
                Word(
                    session_id=row.session_id,
                    tenant=row.tenant,
                    message=None if row.message is None else json.loads(row.message),
                    place=row.sequence,
                )
                for row in rows
                if row.origin != origin
            ]
            return found, rows[-1].sequence if rows else after

        return await self._read(work)

    def _say(self, connection: sa.Connection, word: Word, *, origin: str) -> None:
        now = self._clock()
        row = {
            "tenant": word.tenant,
            "origin": origin,
            "session_id": word.session_id,
            "message": None if word.message is None else json.dumps(word.message),
            "said_at": now,
        }
        connection.execute(words.delete().where(words.c.said_at < now - WORD_SECONDS))
        connection.execute(words.insert().values(row))

    async def _read(self, work: Callable[[sa.Connection], _T]) -> _T:
        try:
            return await self._database.read(work)
        except SQLAlchemyError as exc:
            raise StateError(f"Sessions cannot be read: {reason(exc)}.") from exc

    async def _write(self, work: Callable[[sa.Connection], _T]) -> _T:
        try:
            return await self._database.write(work)
        except SQLAlchemyError as exc:
            raise StateError(f"Sessions cannot be written: {reason(exc)}.") from exc
