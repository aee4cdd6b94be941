"""Uploads under way: each goes on when the call that began it is gone, and none is done twice."""

import hashlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup

from flora_mcp.flora import Flora
from flora_mcp.flora.errors import APIConnectionError, FloraError, NotFoundError, OutcomeUncertainError
from flora_mcp.flora.types import Asset
from flora_mcp.state import State, StateError
from flora_mcp.state.upload_row import UploadRow
from flora_mcp.uploads.content import Content, File, Link

logger = logging.getLogger(__name__)

LINK_SECONDS = 2 * 3600.0
"""So long an address counts as the same file: what is behind it may change."""

BEAT_SECONDS = 5.0
LOOK_SECONDS = 1.0
"""Between two looks at an upload that another process is at."""

MOST_SECONDS = 1800.0
READY_SECONDS = 600.0
"""How long FLORA may take to make an asset ready of the bytes that it has."""

GOODBYE_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a file goes."""

    workspace_id: str
    project_id: str | None = None
    name: str | None = None
    """As it was asked for; by default the file's own."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """A file at FLORA."""

    asset: Asset
    age_seconds: float | None = None
    """How long it has been there; None if it was sent just now."""


@dataclass(kw_only=True, eq=False)
class Flight:
    """One upload under way."""

    ended: anyio.Event = field(default_factory=anyio.Event)
    done: Done | None = None
    error: Exception | None = None

    def result(self) -> Done:
        """Returns what came of it, once it has ended.

        Raises:
            FloraError: FLORA did not take the file.
            StateError: The shared database cannot be used.
            OSError: Our copy of the file cannot be read.
            TimeoutError: It took longer than `MOST_SECONDS`.
        """
        if self.error is not None:
            raise self.error
        assert self.done is not None
        return self.done


class Uploads:
    """One tenant's uploads. Open it before use; at the end, what is under way is given up.

    Args:
        flora: Takes the files.
        state: Where all processes of a deployment know what was uploaded.
        tenant_id: Whose uploads they are.
        uploader: What tells these uploads from those of other processes; made up by default.
        sleep: Waits between two looks.
    """

    def __init__(
        self,
        *,
        flora: Flora,
        state: State,
        tenant_id: str,
        uploader: str | None = None,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self._flora = flora
        self._state = state
        self._tenant_id = tenant_id
        self._uploader = uploader or secrets.token_hex(8)
        self._sleep = sleep
        self._flights: dict[str, Flight] = {}
        self._tasks: TaskGroup

    async def __aenter__(self) -> Self:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(kind, error, trace)

    @property
    def running(self) -> int:
        return len(self._flights)

    async def start(self, content: Content, place: Place) -> Flight:
        """Begins to bring a file to FLORA, or joins whoever is at it. It goes on when the caller is gone.

        The same file for the same place is not uploaded again, in whichever process it was, as long as its asset is
        there. The content is discarded when it is not needed any more.
        """
        name = _content_of(content, place)
        flight = self._flights.get(name)
        if flight is None:
            flight = self._flights[name] = Flight()
            self._tasks.start_soon(self._fly, name, content, place, flight)
        else:
            await anyio.to_thread.run_sync(content.discard)
        return flight

    async def _fly(self, name: str, content: Content, place: Place, flight: Flight) -> None:
        try:
            with anyio.fail_after(MOST_SECONDS):
                flight.done = await self._done(name, content, place)
        except Exception as exc:  # the border of one upload: whoever asked for it is told, others go on
            flight.error = exc
        finally:
            del self._flights[name]
            flight.ended.set()
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(content.discard)

    async def _done(self, name: str, content: Content, place: Place) -> Done:
        rows = (await self._state.tables()).uploads
        while True:
            row = await rows.claim(name, tenant=self._tenant_id, uploader=self._uploader)
            if row.asset_id is not None:
                asset = await self._found(row, content)
                if asset is not None:
                    return Done(asset=asset, age_seconds=row.age_seconds)
                await rows.forget(name, tenant=self._tenant_id, asset_id=row.asset_id)
            elif row.mine:
                return Done(asset=await self._send(name, content, place, row.attempt))
            else:
                await self._sleep(LOOK_SECONDS)

    async def _found(self, row: UploadRow, content: Content) -> Asset | None:
        """Returns the asset of an earlier upload, unless it is gone or the address may hold something else by now."""
        assert row.asset_id is not None
        if isinstance(content, Link) and row.age_seconds > LINK_SECONDS:
            return None
        try:
            asset = await self._flora.own.assets.retrieve(row.asset_id)
        except NotFoundError:
            return None
        return asset if asset.status == "ready" else None

    async def _send(self, name: str, content: Content, place: Place, attempt: int) -> Asset:
        beating = anyio.CancelScope()
        self._tasks.start_soon(self._beat, name, beating)
        asset, failed = None, False
        try:
            asset = await self._ask(content, place, key=self._key(name, attempt))
            return asset
        except FloraError as exc:
            # What perhaps was done is asked for under the same key again: FLORA then says what came of it.
            failed = not isinstance(exc, OutcomeUncertainError | APIConnectionError)
            raise
        finally:
            beating.cancel()
            with anyio.move_on_after(GOODBYE_SECONDS, shield=True):
                await self._note(name, asset, failed=failed)

    async def _note(self, name: str, asset: Asset | None, *, failed: bool) -> None:
        try:
            rows = (await self._state.tables()).uploads
            if asset is not None and asset.asset_id is not None:
                await rows.finish(name, tenant=self._tenant_id, uploader=self._uploader, asset_id=asset.asset_id)
            else:
                await rows.release(name, tenant=self._tenant_id, uploader=self._uploader, failed=failed)
        except StateError as exc:
            logger.warning("What came of an upload could not be written down: %s", exc)

    async def _beat(self, name: str, scope: anyio.CancelScope) -> None:
        with scope:
            while True:
                await self._sleep(BEAT_SECONDS)
                try:
                    rows = (await self._state.tables()).uploads
                    await rows.beat(name, tenant=self._tenant_id, uploader=self._uploader)
                except StateError as exc:
                    logger.warning("An upload could not say that it goes on: %s", exc)

    async def _ask(self, content: Content, place: Place, *, key: str) -> Asset:
        file = content if isinstance(content, File) else None
        return await self._flora.assets.upload(
            content.media if isinstance(content, File) else content.url,
            workspace_id=place.workspace_id,
            project_id=place.project_id,
            content_type=file.mime_type if file is not None else None,
            file_name=content.name,
            poll_timeout_seconds=READY_SECONDS,
            idempotency_key=key,
        )

    def _key(self, name: str, attempt: int) -> str:
        """Returns what FLORA knows the request by, should this process end before it can write down the answer."""
        return hashlib.sha256(f"{self._tenant_id}\0{name}\0{attempt}".encode()).hexdigest()[:40]


def _content_of(content: Content, place: Place) -> str:
    told = json.dumps([content.identity, place.workspace_id, place.project_id, place.name])
    return hashlib.sha256(told.encode()).hexdigest()
