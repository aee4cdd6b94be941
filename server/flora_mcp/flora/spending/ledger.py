"""The book of all paid calls: one SQLite file in the user's data folder, for all processes and for ever."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import anyio
import anyio.to_thread

BUSY_SECONDS = 5.0
"""How long one process waits for another that writes."""

Statement = tuple[str, tuple[object, ...]]

UNUSABLE = (sqlite3.Error, OSError)

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line. It holds no prompt, no parameters and no key of an account."""

    id: str
    began_at: str
    """UTC, ISO 8601."""
    session: str
    money: str
    """`USD`, or `studio` for credits that no money is behind."""
    method: str
    status: str
    subject: str | None
    """The model, technique or action."""
    workspace_id: str | None
    run_id: str | None
    idempotency_key: str
    quote_usd: float | None
    cost_usd: float | None
    """The settled cost; None until FLORA has told it."""
    note: str


NAMES = tuple(each.name for each in fields(Entry))

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS calls (id TEXT PRIMARY KEY, began_at TEXT NOT NULL, session TEXT NOT NULL, "
    "money TEXT NOT NULL, method TEXT NOT NULL, status TEXT NOT NULL, subject TEXT, workspace_id TEXT, run_id TEXT, "
    "idempotency_key TEXT NOT NULL, quote_usd REAL, cost_usd REAL, note TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS calls_by_run ON calls (run_id)",
)
WRITE = f"INSERT OR REPLACE INTO calls ({', '.join(NAMES)}) VALUES ({', '.join('?' * len(NAMES))})"  # noqa: S608 - our own names
READ = f"SELECT {', '.join(NAMES)} FROM calls ORDER BY began_at DESC, id LIMIT ?"  # noqa: S608
SETTLE = "UPDATE calls SET status = ?, cost_usd = coalesce(?, cost_usd) WHERE run_id = ?"


class Ledger:
    """Appends and settles. A book that cannot be written is warned of once and never stops a call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = anyio.Lock()
        self._warned = False
        self._waiting: list[Statement] = []

    async def write(self, entries: Sequence[Entry]) -> None:
        """Writes the entries in one transaction; an entry with a known id takes the place of the old one."""
        await self._do([(WRITE, astuple(entry)) for entry in entries])

    async def settle(self, costs: Iterable[tuple[str, str, float | None]]) -> None:
        """Notes run id, status and cost of runs that an earlier session has started; of unknown ones, nothing."""
        await self._do([(SETTLE, (status, cost, run_id)) for run_id, status, cost in costs])

    async def entries(self, *, limit: int = 1000) -> list[Entry]:
        """Returns the newest entries, newest first.

        Raises:
            OSError: the book cannot be read.
        """

        def read() -> list[Entry]:
            try:
                with closing(self._connected()) as connection:
                    rows = connection.execute(READ, (limit,)).fetchall()
            except sqlite3.Error as exc:
                raise OSError(f"the ledger cannot be read: {exc}") from exc
            return [Entry(**dict(zip(NAMES, row, strict=True))) for row in rows]

        return await anyio.to_thread.run_sync(read)

    async def _do(self, statements: Sequence[Statement]) -> None:
        """Returns when the statements are written; what came together is written together, in the order it came in."""
        self._waiting += statements
        async with self._turn:
            batch, self._waiting = self._waiting, []
            if not batch:
                return
            try:
                await anyio.to_thread.run_sync(self._commit, batch)
            except UNUSABLE as exc:
                if not self._warned:
                    log.warning("The ledger cannot be written, calls go on without it: %s", exc)
                self._warned = True
            else:
                self._warned = False

    def _commit(self, statements: Sequence[Statement]) -> None:
        with closing(self._connected()) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                connection.execute(statement, values)

    def _connected(self) -> sqlite3.Connection:
        """Opens the book, for one transaction: another process, or the user, may have replaced the file."""
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS)
        try:
            if connection.execute("PRAGMA user_version").fetchone() != (1,):
                for statement in SCHEMA:
                    connection.execute(statement)
                connection.execute("PRAGMA user_version = 1")
                connection.commit()
        except sqlite3.Error:
            connection.close()
            raise
        return connection
