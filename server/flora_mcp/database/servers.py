"""How connections to each kind of database are set up, and what its transactions begin with."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from flora_mcp.database.errors import DatabaseUnavailableError

BUSY_SECONDS = 15
"""How long a writer waits for another one's transaction."""

RETRY_SECONDS = 0.01

CACHE_KIB = 256
"""Of pages, which each connection to SQLite keeps for itself. By itself it would be 2 MB, which a server with a dozen
connections fills as its databases grow; what is not kept is in the cache of the system, one call away."""

POOL_SIZE = 8
"""Connections that a process keeps to PostgreSQL; under load twice as many."""

WRITERS_LOCK = 0x464C4F5241
"""The advisory lock of PostgreSQL that a writing transaction holds, unless the database has one of its own."""

_PATIENCE = {
    "connect_timeout": 5,
    # Without these a machine that is gone is noticed after two hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Of libpq, unless the URL says otherwise."""

_EXAMPLE = "postgresql://user:password@host/name"


def create_engine(url: str, *, writers_lock: int = WRITERS_LOCK) -> sa.Engine:
    """Returns the engine of a URL; nothing is connected yet.

    Args:
        url: A SQLAlchemy URL of SQLite or PostgreSQL; `postgresql://…` is enough.
        writers_lock: On PostgreSQL, writing transactions with the same number take turns.

    Raises:
        DatabaseUnavailableError: The URL names no database of a kind that is known here.
    """
    try:
        parsed = sa.make_url(url)
    except ArgumentError as exc:
        # Not shown: it may hold a password.
        message = f"The database URL cannot be read; it looks like {_EXAMPLE!r} or 'sqlite:////path/to/file'."
        raise DatabaseUnavailableError(message) from exc
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        engine = sa.create_engine(parsed)
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    if kind not in {"postgresql", "postgres"}:
        raise DatabaseUnavailableError(
            f"Data is kept in SQLite or PostgreSQL, not in {kind!r}; use a URL like {_EXAMPLE!r}."
        )
    return _postgres(parsed, writers_lock=writers_lock)


def _postgres(url: sa.URL, *, writers_lock: int) -> sa.Engine:
    patience = {name: value for name, value in _PATIENCE.items() if name not in url.query}
    try:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
            pool_timeout=BUSY_SECONDS,
            # A database that went away and came back is noticed before a request fails by it.
            pool_pre_ping=True,
            connect_args=patience,
        )
    except ModuleNotFoundError as exc:
        raise DatabaseUnavailableError(
            f"PostgreSQL needs {exc.name!r}, which is not installed: pip install 'flora-mcp[postgres]'."
        ) from exc
    sa.event.listen(engine, "connect", _set_up_postgres)
    sa.event.listen(engine, "begin", _beginning_of_postgres(writers_lock))
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` says which kind.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
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
    # A transaction that reads first and writes later fails when another process wrote in between,
    # so writers take the lock at once.
    connection.exec_driver_sql("BEGIN" if _kind(connection) == "reading" else "BEGIN IMMEDIATE")


def _set_up_postgres(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        # A writer that was stopped, or lost its network, must not hold up the others for long.
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{BUSY_SECONDS}s'")
    # Committed: a rollback, as of a connection that comes back to the pool, would undo the settings.
    connection.commit()


def _beginning_of_postgres(writers_lock: int) -> Callable[[sa.Connection], None]:
    def begin(connection: sa.Connection) -> None:
        kind = _kind(connection)
        if kind == "reading":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        elif kind == "writing":
            # Each statement that follows sees all that was written before, as each has a view of its own.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({writers_lock})")

    return begin


def _kind(connection: sa.Connection) -> object:
    options: Any = connection.get_execution_options()
    return options.get("kind_of_transaction")
