"""The folder that the outputs of all tenants are kept in, within a bound, and the index of what they are."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from flora_mcp.outputs._blobs import Blobs
from flora_mcp.outputs._former import former_rows, put_aside
from flora_mcp.outputs._readable import ReadableFolder
from flora_mcp.outputs._room import dispensable
from flora_mcp.outputs.addresses import PURPOSE, Addresses, hashed, token_of
from flora_mcp.outputs.errors import store_error
from flora_mcp.state import State
from flora_mcp.state.errors import StateError
from flora_mcp.state.output_row import OutputRow
from flora_mcp.tenant import LOCAL_ID

if TYPE_CHECKING:
    from flora_mcp.state.tables.outputs import Outputs

logger = logging.getLogger(__name__)

ROOM_BYTES = 4_000_000_000

LOW_MARK = 0.9
"""A folder that is over its bound is emptied to this part of it, so that not every new file has to look for room."""

LOOK_AGAIN = 0.05
"""After so much of the bound has come in, the folder is counted anew: other processes fill it too."""

TENANT_CHARACTERS = 16


class Shelf:
    """What the stores of one process have in common. Other processes may work on the same folder and index.

    Args:
        directory: Files are in `blobs/` below it; made on first use.
        state: Holds the index.
        room_bytes: Of all files together.
        output_directory: Where users find copies under readable names: the local tenant's in itself, those of another
            in a folder of its own below.
        addresses: Where this server is reached by those that do not share its disk.
        clock: Tells the time of storing and of use, UTC.
    """

    def __init__(
        self,
        *,
        directory: Path,
        state: State,
        room_bytes: int = ROOM_BYTES,
        output_directory: Path | None = None,
        addresses: Addresses | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.directory = directory.absolute()
        self.blobs = Blobs(self.directory / "blobs", clock=clock)
        self.addresses = addresses or Addresses()
        self.clock = clock
        self._state = state
        self._room_bytes = room_bytes
        self._output_directory = None if output_directory is None else output_directory.absolute()
        self._opening = anyio.Lock()
        self._secret: bytes | None = None
        self._counting = anyio.Lock()
        self._counted_bytes: int | None = None
        self._added_bytes = 0

    async def rows(self) -> Outputs:
        """Returns the index, with what a former version had in one of its own.

        Raises:
            StateError: The database cannot be used.
            OSError: The folder cannot be read.
            sqlite3.Error: A former index is in use.
        """
        tables = await self._state.tables()
        async with self._opening:
            if self._secret is None:
                secret = await tables.secrets.get(PURPOSE)
                await self._take_over(tables.outputs, secret)
                self._secret = secret
        return tables.outputs

    def token(self, *, tenant: str, run_id: str, output_id: str) -> str:
        """Returns what leads to an output from outside; the index must have been asked for before."""
        assert self._secret is not None
        return token_of(self._secret, tenant=tenant, run_id=run_id, output_id=output_id)

    async def find(self, token: str) -> tuple[str, OutputRow] | None:
        """Returns the output of a token, and whose it is.

        Raises:
            StoreError: The index cannot be used.
        """
        try:
            return await (await self.rows()).find(hashed(token))
        except (OSError, sqlite3.Error, StateError) as exc:
            raise store_error(exc, self.directory) from exc

    def readable(self, tenant: str) -> ReadableFolder | None:
        """Returns where copies of a tenant's outputs go."""
        if self._output_directory is None:
            return None
        own = self._output_directory if tenant == LOCAL_ID else self._output_directory / tenant[:TENANT_CHARACTERS]
        return ReadableFolder(own)

    async def added(self, size_bytes: int) -> None:
        """Takes note of new files, and removes others when there are too many; troubles with that are only logged."""
        self._added_bytes += size_bytes
        recent = self._counted_bytes is not None and self._added_bytes < self._room_bytes * LOOK_AGAIN
        if recent and (self._counted_bytes or 0) + self._added_bytes <= self._room_bytes:
            return
        async with self._counting:
            try:
                await self._make_room()
            except (OSError, StateError) as exc:
                logger.warning("Room for outputs in %s cannot be made: %s", self.directory, exc)

    async def _make_room(self) -> None:
        counted_before = self._added_bytes
        kept = await anyio.to_thread.run_sync(self.blobs.kept)
        total = sum(each.size_bytes for each in kept)
        if total > self._room_bytes:
            holdings = await (await self.rows()).holdings()
            excess_bytes = total - int(self._room_bytes * LOW_MARK)
            now = self.clock().timestamp()

            def remove() -> int:
                chosen = dispensable(kept, holdings, excess_bytes=excess_bytes, now=now)
                for each in chosen:
                    self.blobs.remove(each.file)
                return sum(each.size_bytes for each in chosen)

            total -= await anyio.to_thread.run_sync(remove)
        self._counted_bytes = total
        self._added_bytes -= counted_before

    async def _take_over(self, rows: Outputs, secret: bytes) -> None:
        """Enters what a former version has stored, for its one user; does nothing the second time."""

        def read() -> list[OutputRow] | None:
            return former_rows(
                self.directory,
                blobs=self.blobs.directory,
                address=lambda run_id, output_id: hashed(
                    token_of(secret, tenant=LOCAL_ID, run_id=run_id, output_id=output_id)
                ),
            )

        found = await anyio.to_thread.run_sync(read)
        if found is not None:
            await rows.add(LOCAL_ID, found, anew=False)
            await anyio.to_thread.run_sync(put_aside, self.directory)
            logger.info("%d outputs of a former version were taken over", len(found))
