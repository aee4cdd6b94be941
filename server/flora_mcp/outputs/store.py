"""Fetches what a run made, once, and keeps it."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

import anyio
import anyio.to_thread

from flora_mcp.flora.types import RunState
from flora_mcp.outputs._blobs import Blobs
from flora_mcp.outputs._cursors import read_cursor, write_cursor
from flora_mcp.outputs._index import Index
from flora_mcp.outputs._intake import Wanted, keep, sound, wanted_of
from flora_mcp.outputs.errors import (
    FetchError,
    OutputError,
    OutputGoneError,
    TooLargeError,
    store_error,
)
from flora_mcp.outputs.output import Collected, CollectFailure, StoredOutput

MAX_BYTES = 200 * 1024 * 1024
FETCHES = 3
"""Downloads at a time; each holds up to `max_bytes` in memory."""
FETCH_TIMEOUT_SECONDS = 300.0
_T = TypeVar("_T")

Page = tuple[list[StoredOutput], str | None]
"""Outputs, and the cursor of the page that follows."""


class Fetched(Protocol):
    """The bytes that an address gave."""

    @property
    def content(self) -> bytes: ...


Fetch = Callable[[str, int], Awaitable[Fetched]]
"""Gets an address, at most so many bytes of it."""


@dataclass(kw_only=True, eq=False)
class _Flight:
    """One collection under way, which all that ask for the same outputs meanwhile share."""

    lock: anyio.Lock = field(default_factory=anyio.Lock)
    result: Collected | None = None


class OutputStore:
    """Outputs of runs in a folder: files under `blobs/`, and an index. Several processes may share the folder.

    Args:
        directory: Made on first use.
        fetch: Gets the bytes of an address.
        max_bytes: Larger outputs are refused.
        fetch_errors: What `fetch` raises when one output cannot be had; anything else is a crash.
        fetch_timeout_seconds: Deadline of one download.
        clock: Tells the time of storing, UTC.
    """

    def __init__(
        self,
        *,
        directory: Path,
        fetch: Fetch,
        max_bytes: int = MAX_BYTES,
        fetch_errors: tuple[type[Exception], ...] = (Exception,),
        fetch_timeout_seconds: float = FETCH_TIMEOUT_SECONDS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._directory = directory.absolute()
        self._fetch = fetch
        self._max_bytes = max_bytes
        self._fetch_errors = fetch_errors
        self._fetch_timeout_seconds = fetch_timeout_seconds
        self._clock = clock
        self._blobs = Blobs(self._directory / "blobs", clock=clock)
        self._index = Index(self._directory / "index.sqlite", blobs=self._blobs.directory)
        self._downloads = anyio.Semaphore(FETCHES)
        self._flights: WeakValueDictionary[tuple[object, ...], _Flight] = WeakValueDictionary()

    async def collect(self, run: RunState, *, model_id: str | None = None) -> Collected:
        """Stores what a completed run made and returns it in the run's order.

        What is stored is not fetched again, and callers at the same time share one download. An output that cannot
        be had does not stop the others: it is told in `failures`, and the next call tries it again. A run that is
        not completed has no outputs. `model_id` counts on the first storing only.

        Raises:
            StoreError: the folder cannot be used at all.
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
                flight.result = await self._collect(run.run_id, wanted_of(run, model_id))
            return flight.result

    async def get(self, run_id: str, output_id: str) -> StoredOutput | None:
        """Returns one output, or None if it was never stored."""
        return await self._blocking(lambda: self._index.get(run_id, output_id))

    async def of_run(self, run_id: str) -> tuple[StoredOutput, ...]:
        """Returns the stored outputs of a run, in the run's order."""
        return tuple(await self._blocking(lambda: self._index.of_run(run_id)))

    async def list(self, *, cursor: str | None = None, limit: int = 50) -> Page:
        """Returns outputs, newest first, and the cursor of the page that follows, None on the last.

        Outputs stored between two pages appear on neither: no page repeats or skips one.

        Raises:
            CursorError: the cursor is not from this list.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit!r}, but a page holds at least 1 output")
        before = None if cursor is None else read_cursor(cursor)
        rows = await self._blocking(lambda: self._index.page(before=before, limit=limit + 1))
        more = len(rows) > limit
        rows = rows[:limit]
        return [output for _, output in rows], write_cursor(rows[-1][0]) if more else None

    async def read(self, output: StoredOutput) -> bytes:
        """Returns the bytes of an output.

        Raises:
            OutputGoneError: its file was removed.
        """
        try:
            return await self._blocking(output.path.read_bytes)
        except OutputError as exc:
            if isinstance(exc.__cause__, FileNotFoundError):
                raise OutputGoneError(uri=output.uri) from exc
            raise

    async def _collect(self, run_id: str, wanted: Sequence[Wanted]) -> Collected:
        there = {output.output_id for output in await self._blocking(lambda: self._present(run_id))}
        stored: dict[int, StoredOutput] = {}
        failed: dict[int, CollectFailure] = {}

        async def store(item: Wanted) -> None:
            try:
                stored[item.position] = await self._store(item)
            except OutputError as exc:
                failed[item.position] = CollectFailure(output_id=item.output_id, error=exc)

        async with anyio.create_task_group() as tasks:
            for item in wanted:
                if item.output_id not in there:
                    tasks.start_soon(store, item)
        # Backwards, so that the newest-first list shows a run's first output first.
        rows = sorted(stored.items(), reverse=True)
        await self._blocking(lambda: self._index.add(rows))
        found = {output.output_id: output for output in await self.of_run(run_id)}
        return Collected(
            [found[item.output_id] for item in wanted if item.position not in failed],
            failures=[failed[position] for position in sorted(failed)],
        )

    def _present(self, run_id: str) -> Sequence[StoredOutput]:
        return [output for output in self._index.of_run(run_id) if output.path.is_file()]

    async def _store(self, item: Wanted) -> StoredOutput:
        """Fetches and writes one output; the index does not know it yet."""
        if item.output.type == "text":
            content = sound(item.output.url).encode()
        else:
            async with self._downloads:
                content = await self._download(item)
        if len(content) > self._max_bytes:
            raise TooLargeError(
                run_id=item.run_id, output_id=item.output_id, size_bytes=len(content), max_bytes=self._max_bytes
            )
        return await self._blocking(lambda: keep(item, content, blobs=self._blobs, created_at=self._clock()))

    async def _download(self, item: Wanted) -> bytes:
        def failure(reason: str) -> FetchError:
            return FetchError(run_id=item.run_id, output_id=item.output_id, reason=reason)

        content = b""
        with anyio.move_on_after(self._fetch_timeout_seconds) as deadline:
            try:
                content = (await self._fetch(item.output.url, self._max_bytes)).content
            except self._fetch_errors as exc:
                raise failure(str(exc)[:300].rstrip(".") or type(exc).__name__) from exc
        if deadline.cancelled_caught:
            raise failure(f"no end after {self._fetch_timeout_seconds:g} s")
        if not content:
            raise failure("its address answered with no bytes")
        return content

    async def _blocking(self, work: Callable[[], _T]) -> _T:
        def guarded() -> _T:
            with self._typed_errors():
                return work()

        return await anyio.to_thread.run_sync(guarded)

    @contextmanager
    def _typed_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as exc:
            raise store_error(exc, self._directory) from exc
