"""Fetches what a tenant's runs made, once, and keeps it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

import anyio

from flora_mcp.flora.types import RunState
from flora_mcp.outputs._catalogue import Catalogue, Entry
from flora_mcp.outputs._cursors import read_cursor, write_cursor
from flora_mcp.outputs._downloads import FETCH_TIMEOUT_SECONDS, MAX_BYTES, Downloads, Fetch, Fetched
from flora_mcp.outputs._intake import Wanted, keep, sound, wanted_of
from flora_mcp.outputs._names import stem
from flora_mcp.outputs._restoring import WAIT_SECONDS, Restoring
from flora_mcp.outputs.errors import FetchError, OutputError, OutputGoneError
from flora_mcp.outputs.output import Collected, CollectFailure, StoredOutput
from flora_mcp.outputs.shelf import Shelf
from flora_mcp.tenant import LOCAL_ID

__all__ = ["Fetch", "Fetched", "OutputStore", "Page"]

logger = logging.getLogger(__name__)

Page = tuple[list[StoredOutput], str | None]
"""Outputs, and the cursor of the page that follows."""


@dataclass(kw_only=True, eq=False)
class _Flight:
    """One collection under way, which all that ask for the same outputs meanwhile share."""

    lock: anyio.Lock = field(default_factory=anyio.Lock)
    result: Collected | None = None


class OutputStore:
    """One tenant's outputs: files on a shelf, in the index that all processes share.

    Args:
        shelf: Where they are kept.
        tenant: Whose they are; those of others are not seen.
        fetch: Gets the bytes of an address.
        max_bytes: Larger outputs are refused.
        fetch_errors: What `fetch` raises when one output cannot be had; anything else is a crash.
        fetch_timeout_seconds: Deadline of one download.
        wait_seconds: How long `get` and `of_run` wait for bytes that are not here.
    """

    def __init__(
        self,
        *,
        shelf: Shelf,
        fetch: Fetch,
        tenant: str = LOCAL_ID,
        max_bytes: int = MAX_BYTES,
        fetch_errors: tuple[type[Exception], ...] = (Exception,),
        fetch_timeout_seconds: float = FETCH_TIMEOUT_SECONDS,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._shelf = shelf
        self._readable = shelf.readable(tenant)
        self._catalogue = Catalogue(shelf, tenant=tenant)
        self._downloads = Downloads(
            fetch=fetch, max_bytes=max_bytes, errors=fetch_errors, timeout_seconds=fetch_timeout_seconds
        )
        self._restoring = Restoring(
            shelf=shelf, catalogue=self._catalogue, downloads=self._downloads, wait_seconds=wait_seconds
        )
        self._flights: WeakValueDictionary[tuple[object, ...], _Flight] = WeakValueDictionary()

    async def collect(self, run: RunState, *, model_id: str | None = None, prompt: str | None = None) -> Collected:
        """Stores what a completed run made and returns it in the run's order.

        What is stored is not fetched again, and callers at the same time share one download. An output that cannot
        be had does not stop the others: it is told in `failures`, and the next call tries it again. A run that is
        not completed has no outputs. `model_id` and `prompt`, which names the files in the user's folder, count on the
        first storing only.

        Raises:
            StoreError: the index cannot be used. What is wrong with the folder is told in `failures`.
        """
        if run.status != "completed":
            return Collected()
        if run.outputs is None:
            return Collected(await self.of_run(run.run_id))
        key = (run.run_id, *((output.output_id, output.type, output.url) for output in run.outputs))
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight()
        # If the caller in front is cancelled, the next one in the queue takes the work over.
        async with flight.lock:
            if flight.result is None:
                wanted = wanted_of(run, model_id=model_id, prompt=prompt)
                flight.result = await self._collect(run.run_id, wanted)
            collected = flight.result
        # The one that asks now may be reached at another address than the one who asked first.
        return Collected(map(self._catalogue.addressed, collected), failures=collected.failures)

    async def get(self, run_id: str, output_id: str) -> StoredOutput | None:
        """Returns one output, its bytes here if they can be had; None if it was never stored."""
        found = await self._catalogue.get(run_id, output_id)
        return None if found is None else (await self._present([found]))[0]

    async def of_run(self, run_id: str) -> tuple[StoredOutput, ...]:
        """Returns the stored outputs of a run, in the run's order, their bytes here if they can be had."""
        return tuple(await self._present(await self._catalogue.of_run(run_id)))

    async def list(self, *, cursor: str | None = None, limit: int = 50) -> Page:
        """Returns outputs, newest first, and the cursor of the page that follows, None on the last.

        Outputs stored between two pages appear on neither: no page repeats or skips one. Their bytes are perhaps not
        on this machine: `get` and `read` bring them.

        Raises:
            CursorError: the cursor is not from this list.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit!r}, but a page holds at least 1 output")
        before = None if cursor is None else read_cursor(cursor)
        rows = await self._catalogue.page(before=before, limit=limit + 1)
        more = len(rows) > limit
        rows = rows[:limit]
        outputs = [self._catalogue.addressed(output) for _, output in rows]
        return outputs, write_cursor(rows[-1][0]) if more else None

    async def run_ids(self, *, prefix: str = "", limit: int = 100) -> Sequence[str]:
        """Returns the ids of runs with outputs that begin so, those with the newest outputs first."""
        return await self._catalogue.run_ids(prefix=prefix, limit=limit)

    async def ids_of_run(self, run_id: str) -> Sequence[str]:
        """Returns the ids of the outputs of a run, in the run's order; looks for no bytes."""
        return [output.output_id for output in await self._catalogue.of_run(run_id)]

    async def read(self, output: StoredOutput) -> bytes:
        """Returns the bytes of an output.

        Raises:
            OutputGoneError: its file was removed, and it cannot be had again.
        """
        try:
            present = await self._restoring.bring(output)
            return await self._catalogue.blocking(present.path.read_bytes)
        except OutputGoneError:
            raise
        except OutputError as exc:
            if isinstance(exc, FetchError) or isinstance(exc.__cause__, FileNotFoundError):
                raise OutputGoneError(uri=output.uri) from exc
            raise

    async def _present(self, outputs: Sequence[StoredOutput]) -> Sequence[StoredOutput]:
        present = await self._restoring.all_present(outputs)
        return [self._catalogue.addressed(output) for output in present]

    async def _collect(self, run_id: str, wanted: Sequence[Wanted]) -> Collected:
        there = {output.output_id: output for output in await self._catalogue.of_run(run_id)}
        missing = await self._restoring.missing(there.values())
        stored: dict[int, Entry] = {}
        failed: dict[int, CollectFailure] = {}

        async def store(item: Wanted) -> None:
            known = there.get(item.output_id)
            try:
                if known is None:
                    stored[item.position] = await self._store(item)
                elif known in missing:
                    await self._restoring.bring(known, url=None if known.source_url is None else item.output.url)
            except OutputError as exc:
                failed[item.position] = CollectFailure(output_id=item.output_id, error=exc)

        async with anyio.create_task_group() as tasks:
            for item in wanted:
                tasks.start_soon(store, item)
        await self._catalogue.blocking(lambda: self._copy(stored))
        # Backwards, so that the newest-first list shows a run's first output first.
        await self._catalogue.add([stored[position] for position in sorted(stored, reverse=True)])
        await self._shelf.added(sum(entry.output.size_bytes for entry in stored.values()))
        found = {output.output_id: output for output in await self._catalogue.of_run(run_id)}
        return Collected(
            [found[item.output_id] for item in wanted if item.position not in failed],
            failures=[failed[position] for position in sorted(failed)],
        )

    async def _store(self, item: Wanted) -> Entry:
        """Fetches and writes one output; the index does not know it yet."""
        if item.output.type == "text":
            inside: bytes | None = sound(item.output.url).encode()
            content = inside or b""
            self._downloads.check(len(content), run_id=item.run_id, output_id=item.output_id)
        else:
            inside = None
            content = await self._downloads.get(item.output.url, run_id=item.run_id, output_id=item.output_id)
        kept = await self._catalogue.blocking(
            lambda: keep(item, content, blobs=self._shelf.blobs, created_at=self._shelf.clock())
        )
        return Entry(output=kept, position=item.position, content=inside, titles=item.titles)

    def _copy(self, stored: dict[int, Entry]) -> None:
        """Writes the user's copies, in the run's order; outputs are stored whether or not there is room for that."""
        if self._readable is None:
            return
        for position, entry in sorted(stored.items()):
            output = entry.output
            try:
                name = self._readable.put(output.path, stem=stem(entry.titles, at=output.created_at))
            except OSError as exc:
                logger.warning("%s is not written to %s: %s", output.uri, self._readable.directory, exc.strerror or exc)
            else:
                copied = replace(output, readable_path=self._readable.directory / name)
                stored[position] = replace(entry, output=copied)
