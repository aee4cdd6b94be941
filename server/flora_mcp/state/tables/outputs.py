"""Which output of which run is which file, of every tenant."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

import sqlalchemy as sa

from flora_mcp.database import Database
from flora_mcp.state.output_row import Holding, OutputRow
from flora_mcp.state.tables.metadata import metadata
from flora_mcp.state.tables.trouble import typed_errors

outputs = sa.Table(
    "flora_outputs",
    metadata,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("tenant", sa.String, nullable=False),
    sa.Column("run_id", sa.String, nullable=False),
    sa.Column("output_id", sa.String, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("file", sa.String, nullable=False),
    sa.Column("mime_type", sa.String, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("width_px", sa.Integer),
    sa.Column("height_px", sa.Integer),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("alt_text", sa.String),
    sa.Column("facts", sa.String, nullable=False),
    sa.Column("source_url", sa.String),
    sa.Column("readable_path", sa.String),
    sa.Column("address", sa.String, nullable=False, unique=True),
    sa.Column("content", sa.LargeBinary),
    sa.UniqueConstraint("tenant", "run_id", "output_id", name="flora_outputs_by_run"),
    sa.Index("flora_outputs_by_tenant", "tenant", "sequence"),
    # Whole pages of the list are made of rows, and a number that was given out is not given out again.
    sqlite_autoincrement=True,
)

_MEASURED = (
    "type",
    "file",
    "mime_type",
    "size_bytes",
    "width_px",
    "height_px",
    "sha256",
    "readable_path",
)
"""What an output that is stored once more has anew. It keeps its place in the list and its address."""

_FIELDS = [column for column in outputs.c if column.name not in {"sequence", "tenant", "content"}]

Result = TypeVar("Result")


class Outputs:
    """The rows of all tenants; only `find` and `holdings` look beyond the one that is named."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tenant: str, rows: Sequence[OutputRow], *, anew: bool = True) -> None:
        """Enters rows, all or none; the last one counts as the newest.

        Args:
            tenant: Whose they are.
            rows: In the order in which they come into the list.
            anew: Whether a row that is there takes over what was measured; otherwise it stays as it is.

        Raises:
            StateError: The database cannot be used.
        """

        def work(connection: sa.Connection) -> None:
            for row in rows:
                values = asdict(row)
                known = _one(tenant, row.run_id, row.output_id)
                if connection.scalar(sa.select(outputs.c.sequence).where(known)) is None:
                    connection.execute(outputs.insert().values(tenant=tenant, **values))
                elif anew:
                    changed = {name: values[name] for name in _MEASURED}
                    connection.execute(outputs.update().where(known).values(**changed))

        await self._write(work)

    async def of_run(self, tenant: str, run_id: str) -> list[OutputRow]:
        """Returns the outputs of a run in the run's order."""
        query = (
            sa.select(*_FIELDS)
            .where(outputs.c.tenant == tenant, outputs.c.run_id == run_id)
            .order_by(outputs.c.position, outputs.c.sequence)
        )
        return await self._read(lambda connection: [_row(each) for each in connection.execute(query)])

    async def get(self, tenant: str, run_id: str, output_id: str) -> OutputRow | None:
        """Returns one output, or None if the tenant has none of these ids."""
        query = sa.select(*_FIELDS).where(_one(tenant, run_id, output_id))

        def work(connection: sa.Connection) -> OutputRow | None:
            found = connection.execute(query).first()
            return None if found is None else _row(found)

        return await self._read(work)

    async def content(self, tenant: str, run_id: str, output_id: str) -> bytes | None:
        """Returns the bytes of an output that came inside its run."""
        query = sa.select(outputs.c.content).where(_one(tenant, run_id, output_id))
        return await self._read(lambda connection: connection.scalar(query))

    async def page(self, tenant: str, *, before: int | None, limit: int) -> list[tuple[int, OutputRow]]:
        """Returns outputs with their sequence numbers, newest first, those older than `before`."""
        query = sa.select(outputs.c.sequence, *_FIELDS).where(outputs.c.tenant == tenant)
        if before is not None:
            query = query.where(outputs.c.sequence < before)
        query = query.order_by(outputs.c.sequence.desc()).limit(limit)
        return await self._read(
            lambda connection: [(each.sequence, _row(each)) for each in connection.execute(query)],
        )

    async def run_ids(self, tenant: str, *, prefix: str, limit: int) -> list[str]:
        """Returns the ids of runs that begin so, those with the newest outputs first."""
        newest = sa.func.max(outputs.c.sequence)
        query = sa.select(outputs.c.run_id).where(outputs.c.tenant == tenant)
        if prefix:
            query = query.where(sa.func.substr(outputs.c.run_id, 1, len(prefix)) == prefix)
        query = query.group_by(outputs.c.run_id).order_by(newest.desc()).limit(limit)
        return await self._read(lambda connection: list(connection.scalars(query)))

    async def find(self, address: str) -> tuple[str, OutputRow] | None:
        """Returns the output of an address, and whose it is."""
        query = sa.select(outputs.c.tenant, *_FIELDS).where(outputs.c.address == address)

        def work(connection: sa.Connection) -> tuple[str, OutputRow] | None:
            found = connection.execute(query).first()
            return None if found is None else (found.tenant, _row(found))

        return await self._read(work)

    async def holdings(self) -> list[Holding]:
        """Returns whose each file is."""
        query = sa.select(outputs.c.tenant, outputs.c.file).distinct()
        return await self._read(
            lambda connection: [Holding(tenant=each.tenant, file=each.file) for each in connection.execute(query)],
        )

    async def _read(self, work: Callable[[sa.Connection], Result]) -> Result:
        with typed_errors():
            return await self._database.read(work)

    async def _write(self, work: Callable[[sa.Connection], Result]) -> Result:
        with typed_errors():
            return await self._database.write(work)


def _one(tenant: str, run_id: str, output_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(outputs.c.tenant == tenant, outputs.c.run_id == run_id, outputs.c.output_id == output_id)


def _row(found: sa.Row[Any]) -> OutputRow:
    return OutputRow(**{column.name: getattr(found, column.name) for column in _FIELDS})
