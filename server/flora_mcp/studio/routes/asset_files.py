"""The files of assets: those that are uploaded to a place that was asked for, and those that failed to come."""

from collections.abc import Callable

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from flora_mcp.studio import errors
from flora_mcp.studio.callers import Caller, caller_of
from flora_mcp.studio.errors import UnusableFileError, WebFailedError, WebRefusedError
from flora_mcp.studio.links import UPLOAD_SECONDS
from flora_mcp.studio.routes.asset_answers import outcome
from flora_mcp.studio.routes.context import Context, context_of
from flora_mcp.studio.routes.requests import path_id
from flora_mcp.studio.store import assets, idempotency
from flora_mcp.studio.store.assets import AssetFile


async def complete(request: Request) -> Response:
    """Looks at what was uploaded; bytes that are no asset fail it, and `retry` opens it again."""
    context, end = context_of(request), _Ending(request, operation="complete")
    asset_id = end.asset_id
    row = await context.database.read(end.begin)
    if row["status"] != "pending_upload" or row["uploaded_via"] != "signed_url":
        raise errors.conflict(f"Asset {asset_id!r} is {row['status']!r} and waits for no upload.")
    try:
        file = await context.intake.keep_upload(asset_id=asset_id)
    except UnusableFileError as exc:
        return await end.fail(str(exc))
    if file is None:
        if row["expires_at_ms"] <= context.clock_ms():
            return await end.fail("No bytes arrived before the upload's time was over.")
        raise errors.conflict(f"No bytes of asset {asset_id!r} have arrived; send them to upload.url first.")
    return await end.make_ready(file)


async def retry(request: Request) -> Response:
    """Tries again to get the file of a failed asset, in the way that was asked for first."""
    context, end = context_of(request), _Ending(request, operation="retry")
    row = await context.database.read(end.begin)
    if row["status"] != "failed":
        raise errors.conflict(f"Asset {end.asset_id!r} is {row['status']!r}; only a failed asset is tried again.")
    if row["source"] is None:
        return await end.reopen(expires_at_ms=upload_end_ms(context))
    # Failed until it has succeeded: should the process die meanwhile, it can be tried again.
    try:
        file, failure = await fetched(context, end.asset_id, row["source"])
    except errors.ApiError as exc:
        file, failure = None, exc.message
    return await end.fail(failure or "") if file is None else await end.make_ready(file)


async def fetched(context: Context, asset_id: str, source: str) -> tuple[AssetFile | None, str | None]:
    """Returns the file, or why there is none."""
    with context.intake.incoming() as incoming:
        try:
            await context.intake.fetch(source, into=incoming)
            return await context.intake.keep(incoming, asset_id=asset_id), None
        except WebRefusedError as exc:
            raise errors.invalid("source", f"{exc} Or use 'signed-url' and upload the bytes.") from exc
        except (WebFailedError, UnusableFileError) as exc:
            return None, str(exc)


def owned(connection: sa.Connection, asset_id: str, *, caller: Caller) -> sa.RowMapping:
    """Returns an asset that the caller may change."""
    row = assets.get(connection, asset_id, caller=caller)
    caller.check_role()
    return row


def upload_end_ms(context: Context) -> int:
    """Returns until when an upload that is asked for now may come."""
    return context.clock_ms() + UPLOAD_SECONDS * 1000


class _Ending:
    """One request that ends an attempt to get the file of an asset, or begins another one."""

    def __init__(self, request: Request, *, operation: str) -> None:
        self.asset_id = path_id(request, "asset_id", prefix="asset_")
        self._context = context_of(request)
        self._caller = caller_of(request)
        self._key = request.headers.get("idempotency-key")
        self._operation = operation

    def begin(self, connection: sa.Connection) -> sa.RowMapping:
        """Returns the asset, before anything is done for it.

        Raises:
            ApiError: The caller may not change it, or the request is a repeated one.
        """
        row = owned(connection, self.asset_id, caller=self._caller)
        self._use(connection, row, idempotency.check)
        return row

    async def make_ready(self, file: AssetFile) -> Response:
        node_id, now_ms = self._context.ids.node(), self._context.clock_ms()
        return await self._answer(
            lambda connection: assets.make_ready(connection, self.asset_id, file=file, node_id=node_id, now_ms=now_ms)
        )

    async def fail(self, message: str) -> Response:
        return await self._answer(lambda connection: assets.fail(connection, self.asset_id, message=message))

    async def reopen(self, *, expires_at_ms: int) -> Response:
        return await self._answer(
            lambda connection: assets.reopen(connection, self.asset_id, expires_at_ms=expires_at_ms)
        )

    async def _answer(self, change: Callable[[sa.Connection], bool]) -> Response:
        """Makes the change with the request's key, all or nothing, and answers with what has become of the asset."""

        def work(connection: sa.Connection) -> sa.RowMapping:
            row = assets.get(connection, self.asset_id)
            self._use(connection, row, idempotency.claim)
            if not change(connection):
                raise errors.conflict(f"Asset {self.asset_id!r} is {row['status']!r} by now.")
            return assets.get(connection, self.asset_id)

        return JSONResponse(outcome(self._context.links, await self._context.database.write(work)))

    def _use(self, connection: sa.Connection, row: sa.RowMapping, act: Callable[..., None]) -> None:
        act(
            connection,
            self._key,
            workspace_id=row["workspace_id"],
            operation=self._operation,
            destination=self.asset_id,
            now_ms=self._context.clock_ms(),
        )
