"""The book of paid calls: every line is a tenant's, and the sums of a session change with them in one transaction."""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import exc

from flora_mcp.database import Database, reason
from flora_mcp.state.call_row import CallRow, SessionSums
from flora_mcp.state.errors import StateError
from flora_mcp.state.tables.metadata import metadata

calls = sa.Table(
    "flora_calls",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("tenant", sa.String, nullable=False),
    sa.Column("session", sa.String, nullable=False),
    sa.Column("began_at", sa.String, nullable=False),
    sa.Column("money", sa.String, nullable=False),
    sa.Column("method", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("subject", sa.String),
    sa.Column("workspace_id", sa.String),
    sa.Column("run_id", sa.String),
    sa.Column("idempotency_key", sa.String, nullable=False),
    sa.Column("content", sa.String, nullable=False),
    sa.Column("quote_usd", sa.Float),
    sa.Column("reserved_micros", sa.BigInteger, nullable=False),
    sa.Column("cost_micros", sa.BigInteger),
    sa.Column("doubted", sa.Boolean, nullable=False),
    sa.Column("note", sa.String, nullable=False),
    sa.Index("flora_calls_run", "tenant", "run_id"),
    sa.Index("flora_calls_status", "tenant", "session", "status"),
    sa.Index("flora_calls_key", "tenant", "idempotency_key"),
)

sums = sa.Table(
    "flora_call_sums",
    metadata,
    sa.Column("tenant", sa.String, primary_key=True),
    sa.Column("session", sa.String, primary_key=True),
    sa.Column("spent_micros", sa.BigInteger, nullable=False),
    sa.Column("reserved_micros", sa.BigInteger, nullable=False),
    sa.Column("uncertain", sa.Integer, nullable=False),
)
"""What the lines of a session come to, so that nobody has to add them up."""

lessons = sa.Table(
    "flora_call_lessons",
    metadata,
    sa.Column("tenant", sa.String, primary_key=True),
    sa.Column("session", sa.String, primary_key=True),
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("quoted_usd", sa.Float, nullable=False),
    sa.Column("factor", sa.Float, nullable=False),
)
"""What answers and settled costs have told of prices."""

COLUMNS = tuple(calls.c[field.name] for field in fields(CallRow))

Result = TypeVar("Result")


class Calls:
    """Opens the book at one tenant's page."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def change(self, tenant: str, session: str, work: "Callable[[Page], Result]") -> Result:
        """Runs `work` while nobody else changes the book; what it raises undoes what it did.

        Raises:
            StateError: The database fails; nothing has changed.
        """
        try:
            return await self._database.write(lambda connection: work(Page(connection, tenant, session)))
        except (exc.DatabaseError, exc.InterfaceError, exc.TimeoutError) as failure:
            raise StateError(f"The book of paid calls cannot be used: {reason(failure)}.") from failure


class Page:
    """One tenant's lines within one transaction. No line of another tenant is seen or changed through it."""

    def __init__(self, connection: sa.Connection, tenant: str, session: str) -> None:
        self._connection = connection
        self._tenant = tenant
        self.session = session

    def sums(self) -> SessionSums:
        """Returns what the session's lines come to."""
        columns = (sums.c.spent_micros, sums.c.reserved_micros, sums.c.uncertain)
        found = self._connection.execute(sa.select(*columns).where(*self._here(sums))).one_or_none()
        return SessionSums() if found is None else SessionSums(**found._mapping)

    def line(self, call_id: str) -> CallRow | None:
        """Returns a line by its id."""
        return self._find(calls.c.id == call_id)

    def of_run(self, run_id: str) -> CallRow | None:
        """Returns the line of a run, of whatever session."""
        return self._find(calls.c.run_id == run_id)

    def doubtful(self, *, method: str, idempotency_key: str, content: str, since: str) -> CallRow | None:
        """Returns the line of the same call in this session that was begun since then and has no clear outcome."""
        return self._find(
            calls.c.session == self.session,
            calls.c.method == method,
            calls.c.idempotency_key == idempotency_key,
            calls.c.content == content,
            calls.c.status == "uncertain",
            calls.c.began_at > since,
        )

    def unpriced(self, *, since: str) -> bool:
        """Returns whether a call without a quote that was begun since then is on its way."""
        on_its_way = (calls.c.status == "reserved", calls.c.quote_usd.is_(None), calls.c.began_at > since)
        found = self._connection.execute(sa.select(calls.c.id).where(*self._here(calls), *on_its_way).limit(1))
        return found.one_or_none() is not None

    def keep(self, row: CallRow) -> None:
        """Enters a line or its changes, and corrects the sums of its session by the difference."""
        before = self.line(row.id)
        if before is None:
            self._connection.execute(calls.insert().values(tenant=self._tenant, **asdict(row)))
        else:
            this = (calls.c.id == row.id, calls.c.tenant == self._tenant)
            self._connection.execute(calls.update().where(*this).values(**asdict(row)))
        self._add(row, before)

    def learned(self, subject: str) -> tuple[float, float]:
        """Returns the highest quote and the highest factor that were noted; 0 and 1 if none were."""
        columns = (lessons.c.quoted_usd, lessons.c.factor)
        where = (*self._here(lessons), lessons.c.subject == subject)
        found = self._connection.execute(sa.select(*columns).where(*where)).one_or_none()
        return (0.0, 1.0) if found is None else (found.quoted_usd, found.factor)

    def learn(self, subject: str, *, quoted_usd: float, factor: float) -> None:
        """Notes a quote and a factor in place of what was noted before."""
        values = {"quoted_usd": quoted_usd, "factor": factor}
        where = (*self._here(lessons), lessons.c.subject == subject)
        if not self._connection.execute(lessons.update().where(*where).values(**values)).rowcount:
            key = {"tenant": self._tenant, "session": self.session, "subject": subject}
            self._connection.execute(lessons.insert().values(**key, **values))

    def _add(self, row: CallRow, before: CallRow | None) -> None:
        now, then = _parts(row), _parts(before)
        changes = {name: now[name] - then[name] for name in now if now[name] != then[name]}
        if not changes:
            return
        where = (sums.c.tenant == self._tenant, sums.c.session == row.session)
        changed = sums.update().where(*where).values({name: sums.c[name] + change for name, change in changes.items()})
        if not self._connection.execute(changed).rowcount:
            start = {"spent_micros": 0, "reserved_micros": 0, "uncertain": 0}
            key = {"tenant": self._tenant, "session": row.session}
            self._connection.execute(sums.insert().values(**key, **(start | changes)))

    def _find(self, *conditions: sa.ColumnElement[bool]) -> CallRow | None:
        asked = sa.select(*COLUMNS).where(calls.c.tenant == self._tenant, *conditions).order_by(calls.c.began_at)
        found = self._connection.execute(asked.limit(1)).one_or_none()
        return None if found is None else CallRow(**found._mapping)

    def _here(self, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        return (table.c.tenant == self._tenant, table.c.session == self.session)


def _parts(row: CallRow | None) -> dict[str, int]:
    """Returns what a line adds to the sums."""
    if row is None:
        return {"spent_micros": 0, "reserved_micros": 0, "uncertain": 0}
    return {
        "spent_micros": row.cost_micros or 0,
        "reserved_micros": row.reserved_micros,
        "uncertain": int(row.status == "uncertain"),
    }
