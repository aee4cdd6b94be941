"""One tenant's part of the index."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

import anyio.to_thread

from flora_mcp.outputs._intake import plain
from flora_mcp.outputs._rows import output_of, row_of
from flora_mcp.outputs.addresses import hashed
from flora_mcp.outputs.errors import store_error
from flora_mcp.outputs.output import StoredOutput
from flora_mcp.outputs.resources import file_name
from flora_mcp.outputs.shelf import Shelf
from flora_mcp.state.errors import StateError
from flora_mcp.state.output_row import OutputRow

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An output whose bytes were just written, for the index."""

    output: StoredOutput
    position: int
    content: bytes | None = None
    """Its bytes, if they came inside the run."""
    titles: tuple[str | None, ...] = ()
    """What it may be called by, the best first."""


class Catalogue:
    """Outputs by their ids. Every method raises `StoreError` when the index or the folder cannot be used."""

    def __init__(self, shelf: Shelf, *, tenant: str) -> None:
        self._shelf = shelf
        self._tenant = tenant

    async def add(self, entries: Sequence[Entry]) -> None:
        """Enters outputs, all or none; the last one counts as the newest."""
        with self.typed_errors():
            rows = await self._shelf.rows()
            await rows.add(self._tenant, [self._row(entry) for entry in entries])

    async def of_run(self, run_id: str) -> list[StoredOutput]:
        """Returns the outputs of a run in the run's order."""
        with self.typed_errors():
            rows = await self._shelf.rows()
            return await self._outputs(await rows.of_run(self._tenant, plain(run_id)))

    async def get(self, run_id: str, output_id: str) -> StoredOutput | None:
        """Returns one output, or None if it was never stored."""
        with self.typed_errors():
            rows = await self._shelf.rows()
            found = await rows.get(self._tenant, plain(run_id), plain(output_id))
            return None if found is None else (await self._outputs([found]))[0]

    async def content(self, output: StoredOutput) -> bytes | None:
        """Returns the bytes of an output that came inside its run."""
        with self.typed_errors():
            rows = await self._shelf.rows()
            return await rows.content(self._tenant, output.run_id, output.output_id)

    async def page(self, *, before: int | None, limit: int) -> list[tuple[int, StoredOutput]]:
        """Returns outputs with their sequence numbers, newest first, those older than `before`."""
        with self.typed_errors():
            rows = await self._shelf.rows()
            found = await rows.page(self._tenant, before=before, limit=limit)
            outputs = await self._outputs([row for _, row in found])
            return [(sequence, output) for (sequence, _), output in zip(found, outputs, strict=True)]

    async def run_ids(self, *, prefix: str, limit: int) -> list[str]:
        """Returns the ids of runs that begin so, those with the newest outputs first."""
        with self.typed_errors():
            rows = await self._shelf.rows()
            return await rows.run_ids(self._tenant, prefix=plain(prefix), limit=limit)

    async def blocking(self, work: Callable[[], _T]) -> _T:
        """Runs what reads or writes the folder on a thread."""
        with self.typed_errors():
            return await anyio.to_thread.run_sync(work)

    @contextmanager
    def typed_errors(self) -> Iterator[None]:
        """Raises what is wrong with the folder or the index as an error of this part."""
        try:
            yield
        except (OSError, sqlite3.Error, StateError) as exc:
            raise store_error(exc, self._shelf.directory) from exc

    def addressed(self, output: StoredOutput) -> StoredOutput:
        """Returns the output with its address for whoever is being answered."""
        if self._shelf.addresses.base_url is None:
            return output if output.url is None else replace(output, url=None)
        token = self._shelf.token(tenant=self._tenant, run_id=output.run_id, output_id=output.output_id)
        return replace(output, url=self._shelf.addresses.url(token, file_name(output)))

    async def _outputs(self, rows: Sequence[OutputRow]) -> list[StoredOutput]:
        blobs = self._shelf.blobs.directory
        if any(row.readable_path is not None for row in rows):
            return await anyio.to_thread.run_sync(lambda: [output_of(row, blobs=blobs) for row in rows])
        return [output_of(row, blobs=blobs) for row in rows]

    def _row(self, entry: Entry) -> OutputRow:
        output = entry.output
        token = self._shelf.token(tenant=self._tenant, run_id=output.run_id, output_id=output.output_id)
        return row_of(output, position=entry.position, address=hashed(token), content=entry.content)
