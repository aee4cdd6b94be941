"""Programs and wishes that processes share: who runs which, what each did, and whether its end was told."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, InterfaceError

from flora_mcp.database import Database, reason
from flora_mcp.state.errors import StateError
from flora_mcp.state.execution_row import Claim, ExecutionRow, Saving, Standing
from flora_mcp.state.tables import clock
from flora_mcp.state.tables.metadata import metadata

LOST_SECONDS = 20.0
"""An owner that was not heard of for so long is gone."""

UNTOLD_SECONDS = 3600.0
"""For so long after its end an execution that nobody was told of is told instead of being done once more."""

KEPT_SECONDS = 3 * 86400.0
"""Executions are known for so long after they were heard of last."""

PRUNE_SECONDS = 60.0
PRUNED = 1000
"""So many old rows are removed at once, at most every `PRUNE_SECONDS`."""

executions = sa.Table(
    "flora_executions",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("tenant", sa.String, nullable=False),
    sa.Column("slot", sa.String, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("content", sa.String, nullable=False),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("spent", sa.Boolean, nullable=False),
    sa.Column("told", sa.Boolean, nullable=False),
    sa.Column("started_at", sa.Float, nullable=False),
    sa.Column("beat_at", sa.Float, nullable=False, index=True),
    sa.Column("held_at", sa.Float),
    sa.Column("record", sa.Text, nullable=False),
    sa.Index("flora_executions_owner", "tenant", "owner"),
)
"""`slot` is the tenant and the content while the same content is not to be started again: unique by the database."""

Result = TypeVar("Result")


class ExecutionRows:
    """Executions by id, of the tenant that is named in each call: nobody finds another's.

    All methods raise `StateError` when the database fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pruned_at = 0.0

    async def claim(self, claim: Claim) -> ExecutionRow | None:
        """Enters an execution as running, unless the same content is there already: then returns that one.

        Of all that ask at the same moment, one gets None. What has ended is there until it was told, and no longer
        than `UNTOLD_SECONDS`; of what was cut off before it spent anything, there is nothing to tell.
        """
        slot = _slot(claim.tenant, claim.content)

        def work(connection: sa.Connection) -> ExecutionRow | None:
            now = clock.now(connection)
            found = _read(connection, executions.c.slot == slot, now=now)
            if found is not None:
                found = _buried(connection, found, now=now)
                if _is_worth_telling(found, now=now):
                    return found
                connection.execute(executions.update().where(executions.c.id == found.id).values(slot=None))
            new = {"slot": slot, "status": "running", "told": False, "started_at": now, "beat_at": now}
            connection.execute(executions.insert().values(**asdict(claim), **new))
            if now - self._pruned_at > PRUNE_SECONDS:
                self._pruned_at = now
                _prune(connection, now=now)
            return None

        return await self._write(work)

    async def save(self, saving: Saving) -> Standing:
        """Writes down what an execution did; only its owner can. An ended one that was told may be started again."""

        def work(connection: sa.Connection) -> Standing:
            mine = _this(saving.id, saving.tenant) & (executions.c.owner == saving.owner)
            values = {"status": saving.status, "record": saving.record, "spent": saving.spent}
            if saving.told:
                values |= {"told": True, "slot": None}
            change = executions.update().where(mine).values(**values, beat_at=clock.now(connection))
            owned = connection.execute(change).rowcount > 0
            held = owned and connection.scalar(sa.select(executions.c.held_at).where(mine)) is not None
            return Standing(owned=owned, held=held)

        return await self._write(work)

    async def beat(self, *, tenant: str, owner: str) -> dict[str, bool]:
        """Says that the owner is alive; returns of each execution that it still owns whether it is held."""

        def work(connection: sa.Connection) -> dict[str, bool]:
            mine = (executions.c.tenant == tenant) & (executions.c.owner == owner) & (executions.c.status == "running")
            connection.execute(executions.update().where(mine).values(beat_at=clock.now(connection)))
            rows = connection.execute(sa.select(executions.c.id, executions.c.held_at).where(mine))
            return {row.id: row.held_at is not None for row in rows}

        return await self._write(work)

    async def get(self, execution_id: str, *, tenant: str) -> ExecutionRow | None:
        """Returns an execution; a running one whose owner is gone is interrupted by that."""

        def look(connection: sa.Connection) -> tuple[ExecutionRow | None, bool]:
            now = clock.now(connection)
            found = _read(connection, _this(execution_id, tenant), now=now)
            return found, found is not None and _is_lost(found, now=now)

        def bury(connection: sa.Connection) -> ExecutionRow | None:
            now = clock.now(connection)
            found = _read(connection, _this(execution_id, tenant), now=now)
            return None if found is None else _buried(connection, found, now=now)

        found, lost = await self._read(look)
        return await self._write(bury) if lost else found

    async def is_held(self, execution_id: str, *, tenant: str) -> bool:
        """Whether nobody wants what a running execution does."""
        held = sa.select(executions.c.held_at).where(_this(execution_id, tenant))
        return await self._read(lambda connection: connection.scalar(held) is not None)

    async def hold(self, execution_id: str, *, tenant: str, held: bool) -> None:
        """Says whether anybody still wants what a running execution does."""

        def work(connection: sa.Connection) -> None:
            mine = _this(execution_id, tenant)
            connection.execute(executions.update().where(mine).values(held_at=clock.now(connection) if held else None))

        await self._write(work)

    async def tell(self, ids: Sequence[str], *, tenant: str) -> None:
        """Notes that the end of these was told; those that have not ended are left alone."""

        def work(connection: sa.Connection) -> None:
            ended = executions.c.id.in_(ids) & (executions.c.tenant == tenant) & (executions.c.status != "running")
            connection.execute(executions.update().where(ended).values(told=True, slot=None))

        await self._write(work)

    async def take_back(self, ids: Sequence[str], *, tenant: str) -> None:
        """Notes that the end of these was not told after all, unless the same content was started again since."""

        def work(connection: sa.Connection) -> None:
            told = executions.c.id.in_(ids) & (executions.c.tenant == tenant) & executions.c.told
            for row in connection.execute(sa.select(executions.c.id, executions.c.content).where(told)).all():
                slot = _slot(tenant, row.content)
                if connection.scalar(sa.select(executions.c.id).where(executions.c.slot == slot)) is None:
                    this = executions.c.id == row.id
                    connection.execute(executions.update().where(this).values(told=False, slot=slot))

        await self._write(work)

    async def untold(self, *, tenant: str) -> list[ExecutionRow]:
        """Returns what has ended and would be told instead of being done once more."""

        def work(connection: sa.Connection) -> list[ExecutionRow]:
            now = clock.now(connection)
            untold = (executions.c.tenant == tenant) & executions.c.slot.is_not(None)
            untold &= executions.c.status != "running"
            return [_row(each, now=now) for each in connection.execute(sa.select(executions).where(untold))]

        return await self._read(work)

    async def _read(self, work: Callable[[sa.Connection], Result]) -> Result:
        try:
            return await self._database.read(work)
        except (DatabaseError, InterfaceError, sa.exc.TimeoutError) as exc:
            raise StateError(_trouble(exc)) from exc

    async def _write(self, work: Callable[[sa.Connection], Result]) -> Result:
        try:
            return await self._database.write(work)
        except (DatabaseError, InterfaceError, sa.exc.TimeoutError) as exc:
            raise StateError(_trouble(exc)) from exc


def _trouble(exc: BaseException) -> str:
    return f"The server's database does not answer as it should: {reason(exc)}. Try again in a moment."


def _slot(tenant: str, content: str) -> str:
    return f"{tenant}:{content}"


def _this(execution_id: str, tenant: str) -> sa.ColumnElement[bool]:
    return (executions.c.id == execution_id) & (executions.c.tenant == tenant)


def _read(connection: sa.Connection, which: sa.ColumnElement[bool], *, now: float) -> ExecutionRow | None:
    found = connection.execute(sa.select(executions).where(which)).one_or_none()
    return None if found is None else _row(found, now=now)


def _row(found: Any, *, now: float) -> ExecutionRow:
    values = dict(found._mapping)
    del values["slot"]
    return ExecutionRow(**values, age_seconds=now - values["started_at"])


def _is_lost(row: ExecutionRow, *, now: float) -> bool:
    return row.status == "running" and now - row.beat_at > LOST_SECONDS


def _buried(connection: sa.Connection, row: ExecutionRow, *, now: float) -> ExecutionRow:
    """Returns the row as it is once nobody waits for a lost owner any more, who cannot write to it from then on."""
    if not _is_lost(row, now=now):
        return row
    this = executions.c.id == row.id
    connection.execute(executions.update().where(this).values(status="interrupted", owner="", beat_at=now))
    found = _read(connection, this, now=now)
    assert found is not None
    return found


def _is_worth_telling(row: ExecutionRow, *, now: float) -> bool:
    if row.status == "running":
        return True
    cut_off = row.status in {"cancelled", "interrupted"}
    return not row.told and now - row.beat_at <= UNTOLD_SECONDS and (row.spent or not cut_off)


def _prune(connection: sa.Connection, *, now: float) -> None:
    old = sa.select(executions.c.id).where(executions.c.beat_at < now - KEPT_SECONDS).limit(PRUNED)
    connection.execute(executions.delete().where(executions.c.id.in_(old)))
