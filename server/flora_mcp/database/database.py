"""The database: transactions from threads and from the event loop, the same on SQLite and PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

import anyio
import anyio.to_thread
import sqlalchemy as sa

from flora_mcp.database.servers import BUSY_SECONDS, WRITERS_LOCK, create_engine

WRITERS = 2
"""Threads that the event loop has for writing: one writes, one is ready to."""

Result = TypeVar("Result")


class Database:
    """Tables behind SQLAlchemy.

    Every statement runs in a worker thread: a commit waits for the disk, 1 to 30 ms here, and up to
    `servers.BUSY_SECONDS` for another process, and the event loop also serves MCP.

    Args:
        url: A SQLAlchemy URL of SQLite or PostgreSQL; `postgresql://…` is enough.

        writers_lock: On PostgreSQL, writing transactions with the same number take turns.

    Raises:
        DatabaseUnavailableError: The URL names no database of a kind that is known here.
    """

    def __init__(self, url: str, *, writers_lock: int = WRITERS_LOCK) -> None:
        self._engine = create_engine(url, writers_lock=writers_lock)
        self.url = self._engine.url.render_as_string(hide_password=False)
        """For those who connect by themselves; it holds the password."""
        self._reading = self._engine.execution_options(kind_of_transaction="reading")
        self._writing = self._engine.execution_options(kind_of_transaction="writing")
        self._moving = self._engine.execution_options(kind_of_transaction="moving")
        # Writers of this process wait here, where they are let in as soon as there is room: SQLite has them look
        # again and again, each time later, and on PostgreSQL each would hold a connection.
        self._turn = threading.Lock()
        # So that those who wait leave the threads to readers.
        self._writers = anyio.CapacityLimiter(WRITERS)
        self._closed = False

    @property
    def shared(self) -> bool:
        """Whether other machines may work on it too."""
        return self._engine.dialect.name != "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view; for worker threads."""
        with self._transaction(self._reading) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that is the only one of its kind from its start, on all machines; for worker threads.

        What it reads stays true until it ends, so that it may read first and write later.
        """
        with self._alone(), self._transaction(self._writing) as connection:
            yield connection

    @contextmanager
    def moving(self) -> Iterator[sa.Connection]:
        """One transaction that waits for no other, where the database allows it; for worker threads.

        For statements that are right whatever others do meanwhile: a change that names the state it starts from.
        """
        with nullcontext() if self.shared else self._alone(), self._transaction(self._moving) as connection:
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

        return await anyio.to_thread.run_sync(run, limiter=self._writers)

    def close(self) -> None:
        """Closes the connections; one that a thread still uses is closed when its transaction ends."""
        self._closed = True
        # Not `Engine.dispose`, which changes the pool: a late connection would come back to one that nobody closes.
        self._engine.pool.dispose()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # After the time the database decides, and says what is wrong.
        held = self._turn.acquire(timeout=BUSY_SECONDS)
        try:
            yield
        finally:
            if held:
                self._turn.release()

    @contextmanager
    def _transaction(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            if self._closed:
                self._engine.pool.dispose()
