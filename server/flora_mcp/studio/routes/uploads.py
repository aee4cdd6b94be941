"""/uploads: where the bytes of a signed upload go; outside /api/v1, like the storage that FLORA hands them to."""

import shutil
from pathlib import Path
from typing import BinaryIO

import anyio
import anyio.to_thread
import sqlalchemy as sa
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.intake import MOST_UPLOADED_BYTES
from flora_mcp.studio.routes.context import Context, context_of
from flora_mcp.studio.routes.forms import read_form
from flora_mcp.studio.store import assets

ADVICE = "no asset may be longer."


class Upload(HTTPEndpoint):
    """A form with the signature in its fields, or the bytes alone with the signature in the query."""

    async def post(self, request: Request) -> Response:
        context = context_of(request)
        async with read_form(request, file_field="file", most_bytes=MOST_UPLOADED_BYTES, advice=ADVICE) as form:
            await _check(context, request, form.fields)
            with context.intake.incoming() as incoming:
                await anyio.to_thread.run_sync(_copy, form.file.file, incoming)
                await _put(context, request, incoming)
        return Response(status_code=204)

    async def put(self, request: Request) -> Response:
        context = context_of(request)
        await _check(context, request, dict(request.query_params))
        with context.intake.incoming() as incoming:
            await _receive(request, incoming)
            await _put(context, request, incoming)
        return Response(status_code=204)


async def _check(context: Context, request: Request, given: dict[str, str]) -> None:
    if not context.links.allows(request.url.path, given):
        raise errors.ApiError(
            "This upload is not signed, or its time is over; POST /assets/{asset_id}/retry once it has failed, or "
            "create another asset.",
            status=403,
            code="forbidden",
        )


async def _put(context: Context, request: Request, incoming: Path) -> None:
    asset_id = request.path_params["asset_id"]

    def work(connection: sa.Connection) -> None:
        # Under the write lock: an asset that is ready never changes.
        if assets.get(connection, asset_id)["status"] != "pending_upload":
            raise errors.conflict(f"Asset {asset_id!r} does not wait for bytes any more.")
        context.intake.put_upload(incoming, asset_id=asset_id)

    await context.database.write(work)


async def _receive(request: Request, incoming: Path) -> None:
    size_bytes = 0
    async with await anyio.open_file(incoming, "xb") as file:
        async for chunk in request.stream():
            size_bytes += len(chunk)
            if size_bytes > MOST_UPLOADED_BYTES:
                raise errors.invalid("body", f"is longer than {MOST_UPLOADED_BYTES} bytes; {ADVICE}")
            await file.write(chunk)


def _copy(file: BinaryIO, incoming: Path) -> None:
    with incoming.open("xb") as target:
        shutil.copyfileobj(file, target)


ROUTES = [Route("/uploads/{asset_id}", Upload)]
