"""Assets: files that users bring, by their address, in the request, or by a signed upload."""

import shutil
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import anyio.to_thread
import sqlalchemy as sa
from pydantic import Field
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.callers import Caller, caller_of
from flora_mcp.studio.errors import UnusableFileError
from flora_mcp.studio.intake import MOST_DIRECT_BYTES
from flora_mcp.studio.pages import Page, slice_of
from flora_mcp.studio.routes.asset_answers import created, listed, record
from flora_mcp.studio.routes.asset_files import complete, fetched, owned, retry, upload_end_ms
from flora_mcp.studio.routes.context import Context, context_of
from flora_mcp.studio.routes.forms import read_form
from flora_mcp.studio.routes.requests import Body, Name, ProjectId, WorkspaceId, path_id, query_id, read_body, validated
from flora_mcp.studio.store import assets, idempotency, projects, workspaces
from flora_mcp.studio.store.assets import AssetFile, NewAsset

SIGNED = "signed-url"
"""The `source` that asks for an upload target (sdk:resources/assets.ts)."""


class AssetFields(Body):
    """What both ways of POST /assets accept."""

    workspace_id: WorkspaceId
    project_id: ProjectId | None = None
    content_type: Name | None = None
    file_name: Name | None = None
    folder: Name | None = None


class SourcedAsset(AssetFields):
    source: str = Field(min_length=1, max_length=8192)


class Assets(HTTPEndpoint):
    """Both methods in one endpoint, so that a 405 can name them."""

    async def post(self, request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            return await _create_direct(request)
        body = await read_body(request, SourcedAsset)
        if body.source == SIGNED:
            return await _create_signed(request, body)
        return await _create_from_url(request, body)

    async def get(self, request: Request) -> Response:
        context, caller = context_of(request), caller_of(request)
        query = request.query_params
        workspace_id = query_id(request, "workspace_id", prefix="ws_")
        project_id = query_id(request, "project_id", prefix="prj_")
        page = slice_of("assets", width=1, limit=query.get("limit"), cursor=query.get("cursor"))

        def work(connection: sa.Connection) -> Page[sa.RowMapping]:
            if workspace_id is not None:
                workspaces.get(connection, workspace_id, caller=caller)
            if project_id is not None:
                projects.get(connection, project_id, caller=caller)
            return assets.read_some(
                connection,
                page,
                workspace_id=workspace_id or caller.workspace_id,
                project_id=project_id,
                text=query.get("query"),
            )

        found = await context.database.read(work)
        return JSONResponse(
            {"assets": [listed(context.links, row) for row in found.rows], "meta": {"next_cursor": found.next_cursor}}
        )


async def read_one(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    asset_id = path_id(request, "asset_id", prefix="asset_")
    row = await context.database.read(lambda connection: assets.get(connection, asset_id, caller=caller))
    return JSONResponse(record(context.links, row))


async def attach(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    asset_id = path_id(request, "asset_id", prefix="asset_")
    project_id = path_id(request, "project_id", prefix="prj_")
    node_id, now_ms = context.ids.node(), context.clock_ms()
    key = request.headers.get("idempotency-key")

    def work(connection: sa.Connection) -> None:
        asset = owned(connection, asset_id, caller=caller)
        projects.get(connection, project_id, caller=caller)
        idempotency.claim(
            connection,
            key,
            workspace_id=asset["workspace_id"],
            operation="attach",
            destination=project_id,
            now_ms=now_ms,
        )
        assets.place(connection, asset_id, project_id=project_id, node_id=node_id, now_ms=now_ms)

    await context.database.write(work)
    return JSONResponse(
        {
            "asset_id": asset_id,
            "node_id": node_id,
            "project_id": project_id,
            "canvas_url": context.canvas_url(project_id),
        },
        status_code=201,
    )


async def _create_direct(request: Request) -> Response:
    context = context_of(request)
    advice = "create the asset with source 'signed-url' and upload it there."
    async with read_form(request, file_field="file", most_bytes=MOST_DIRECT_BYTES, advice=advice) as form:
        body = validated(dict(form.fields), AssetFields)
        asset = _new(context, body, uploaded_via="direct", name=body.file_name or form.file.filename)
        await context.database.read(lambda connection: _begin(connection, request, asset))
        with context.intake.incoming() as incoming:
            await anyio.to_thread.run_sync(_copy, form.file.file, incoming)
            try:
                file = await context.intake.keep(incoming, asset_id=asset.asset_id)
            except UnusableFileError as exc:
                raise errors.invalid("file", str(exc)) from exc
    return await _record(request, asset, file=file)


async def _create_signed(request: Request, body: SourcedAsset) -> Response:
    context = context_of(request)
    asset = _new(context, body, uploaded_via="signed_url", name=body.file_name)
    return await _record(request, asset, expires_at_ms=upload_end_ms(context))


async def _create_from_url(request: Request, body: SourcedAsset) -> Response:
    """Fetches at once. A source that may not be fetched is a 400; one that fails makes an asset to retry (choice)."""
    context = context_of(request)
    name = body.file_name or unquote(PurePosixPath(_path_of(body.source)).name) or None
    asset = _new(context, body, uploaded_via="url", name=name, source=body.source)
    # Before any byte is fetched for them.
    await context.database.read(lambda connection: _begin(connection, request, asset))
    file, failure = await fetched(context, asset.asset_id, body.source)
    return await _record(request, asset, file=file, failure=failure)


def _new(
    context: Context,
    body: AssetFields,
    *,
    uploaded_via: assets.UploadedVia,
    name: str | None,
    source: str | None = None,
) -> NewAsset:
    return NewAsset(
        asset_id=context.ids.new("asset_"),
        workspace_id=body.workspace_id,
        project_id=body.project_id,
        name=name[:200] if name else None,
        folder=body.folder,
        uploaded_via=uploaded_via,
        source=source,
        upload_content_type=body.content_type,
    )


def _begin(connection: sa.Connection, request: Request, asset: NewAsset) -> None:
    """Passes a request whose file is worth looking at."""
    _check(connection, asset, caller=caller_of(request))
    idempotency.check(
        connection,
        request.headers.get("idempotency-key"),
        workspace_id=asset.workspace_id,
        operation="asset",
        destination="",
        now_ms=context_of(request).clock_ms(),
    )


def _check(connection: sa.Connection, asset: NewAsset, *, caller: Caller) -> None:
    workspaces.get(connection, asset.workspace_id, caller=caller)
    caller.check_role()
    if asset.project_id is not None:
        projects.check_belongs(connection, asset.project_id, workspace_id=asset.workspace_id, caller=caller)


async def _record(
    request: Request,
    asset: NewAsset,
    *,
    file: AssetFile | None = None,
    failure: str | None = None,
    expires_at_ms: int | None = None,
) -> Response:
    """Records a new asset, with what became of it so far, all or nothing."""
    context, caller = context_of(request), caller_of(request)
    key, node_id, now_ms = request.headers.get("idempotency-key"), context.ids.node(), context.clock_ms()

    def work(connection: sa.Connection) -> sa.RowMapping:
        _check(connection, asset, caller=caller)
        idempotency.claim(
            connection, key, workspace_id=asset.workspace_id, operation="asset", destination="", now_ms=now_ms
        )
        assets.create(connection, asset, expires_at_ms=expires_at_ms, now_ms=now_ms)
        if file is not None:
            assets.make_ready(connection, asset.asset_id, file=file, node_id=node_id, now_ms=now_ms)
        elif failure is not None:
            assets.fail(connection, asset.asset_id, message=failure)
        return assets.get(connection, asset.asset_id)

    async with context.intake.kept_if_recorded(asset.asset_id):
        row = await context.database.write(work)
    return JSONResponse(created(context.links, row), status_code=201)


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _copy(file: BinaryIO, incoming: Path) -> None:
    with incoming.open("xb") as target:
        shutil.copyfileobj(file, target)


ROUTES = [
    Route("/assets", Assets),
    Route("/assets/{asset_id}", read_one, methods=["GET"]),
    Route("/assets/{asset_id}/complete", complete, methods=["POST"]),
    Route("/assets/{asset_id}/retry", retry, methods=["POST"]),
    Route("/projects/{project_id}/assets/{asset_id}/attach", attach, methods=["POST"]),
]
