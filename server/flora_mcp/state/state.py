"""The shared database, imported and opened when it is first needed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

if TYPE_CHECKING:
    from flora_mcp.state.tables import Tables


class State:
    """Opens the tables once, for whoever asks first.

    SQLAlchemy takes a quarter of a second to import: a server that starts must not wait for it, so the import happens
    on a thread at the first question. Nothing is connected before.

    Args:
        url: SQLite for the processes of one machine, PostgreSQL for those of many.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._opening = anyio.Lock()
        self._tables: Tables | None = None

    async def tables(self) -> Tables:
        """Returns the tables, which are there and up to date.

        Raises:
            StateError: The database cannot be opened, or was written by a newer program.
        """
        async with self._opening:
            if self._tables is None:
                self._tables = await anyio.to_thread.run_sync(self._open)
            return self._tables

    def close(self) -> None:
        """Closes what was opened. Whoever asks again opens it anew."""
        if self._tables is not None:
            self._tables.database.close()
            self._tables = None

    def _open(self) -> Tables:
        opened: Tables = importlib.import_module("flora_mcp.state.tables").open_tables(self._url)
        return opened
