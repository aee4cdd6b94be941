"""The database: how connections are set up, and transactions from threads and from the event loop."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio.to_thread
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.store import migrations

BUSY_SECONDS = 15
"""How long a writer waits for another process's transaction."""

RETRY_SECONDS = 0.01

Result = TypeVar("Result")


class Database:
    """The studio's tables behind SQLAlchemy.

    Every statement runs in a worker thread: a commit waits for the disk, 1 to 30 ms here, and up to
    `BUSY_SECONDS` for another process, and the event loop also serves MCP.

    Args:
        url: A SQLAlchemy URL. SQLite is what the project tests.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = sa.create_engine(url)
        self._writing = self._engine.execution_options(writes=True)
        self._closed = False
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _set_up_sqlite)
            sa.event.listen(self._engine, "begin", _begin_sqlite)

    def create_tables(self) -> None:
        """Creates what is missing and migrates what is old; safe when several processes start at once.

        Raises:
            StudioUnavailableError: The database cannot be opened or was written by a newer program.
        """
        try:
            with self.writing() as connection:
                migrations.migrate(connection)
        except DatabaseError as exc:
            raise StudioUnavailableError(
                f"The studio's database cannot be opened: {exc.orig}. Check that its directory exists and is writable, "
                "or choose another one."
            ) from exc

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view; for worker threads."""
        with self._transaction(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that holds the write lock from its start; for worker threads."""
        with self._transaction(self._writing) as connection:
            yield connection

    async def read(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Runs `work` on one consistent view."""

        def run() -> Result:
            with self.reading() as connection:
                return work(connection)

        return await anyio.to_thread.run_sync(run)

    async def write(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Runs `work` in one transaction, rolled back when it raises."""

        def run() -> Result:
            with self.writing() as connection:
                return work(connection)

        return await anyio.to_thread.run_sync(run)

    def close(self) -> None:
        """Closes the connections; one that a thread still uses is closed when its transaction ends."""
        self._closed = True
        # Not `Engine.dispose`, which changes the pool: a late connection would come back to one that nobody closes.
        self._engine.pool.dispose()

    @contextmanager
    def _transaction(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            if self._closed:
                self._engine.pool.dispose()


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` says which kind.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA foreign_keys=ON")
    _switch_to_wal(connection)


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Makes the database one that is read while it is written; of two processes that do so at once, one is refused."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return


def _begin_sqlite(connection: sa.Connection) -> None:
    options: Any = connection.get_execution_options()
    # A transaction that reads first and writes later fails when another process wrote in between,
    # so writers take the lock at once.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
