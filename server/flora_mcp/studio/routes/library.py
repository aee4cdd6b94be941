"""The library of a workspace: folders with saved pictures and texts."""

from typing import Literal

import sqlalchemy as sa
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.callers import caller_of
from flora_mcp.studio.errors import UnusableFileError, WebFailedError, WebRefusedError
from flora_mcp.studio.links import ASSET_FILE
from flora_mcp.studio.routes.context import Context, context_of
from flora_mcp.studio.routes.requests import MOST_PROMPT_CHARACTERS, Body, Name, path_id, read_body
from flora_mcp.studio.store import assets, folders, idempotency, workspaces
from flora_mcp.studio.store.assets import AssetFile, NewAsset
from flora_mcp.studio.store.folders import SavedNode


class NewFolder(Body):
    name: Name | None = None


class NewItem(Body):
    type: Literal["image", "text"] | None = None
    source: str | None = Field(default=None, min_length=1, max_length=8192)
    text: str | None = Field(default=None, min_length=1, max_length=MOST_PROMPT_CHARACTERS)
    description: str | None = Field(default=None, max_length=2000)

    def kind(self) -> Literal["image", "text"]:
        """Returns the type; absent, it follows from what is given (choice).

        Raises:
            ApiError: 400, what the type needs is missing, or something else is there.
        """
        kind = self.type or ("image" if self.source is not None else "text")
        needed, other = ("source", "text") if kind == "image" else ("text", "source")
        fields = []
        if getattr(self, needed) is None:
            fields.append(errors.Field(field=needed, message=f"Required for an item of type {kind!r}."))
        if getattr(self, other) is not None:
            fields.append(errors.Field(field=other, message=f"An item of type {kind!r} has none; leave it out."))
        if fields:
            raise errors.invalid_fields(fields)
        return kind


async def create(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    workspace_id = path_id(request, "workspace_id", prefix="ws_")
    body = await read_body(request, NewFolder)
    key, now_ms = request.headers.get("idempotency-key"), context.clock_ms()
    folder_id = context.ids.new("libfolder_")

    def work(connection: sa.Connection) -> str:
        workspaces.get(connection, workspace_id, caller=caller)
        caller.check_role()
        name = folders.create_library(
            connection, folder_id=folder_id, workspace_id=workspace_id, name=body.name, now_ms=now_ms
        )
        idempotency.claim(
            connection, key, workspace_id=workspace_id, operation="library", destination="", now_ms=now_ms
        )
        return name

    name = await context.database.write(work)
    return JSONResponse({"folder_id": folder_id, "name": name, "workspace_id": workspace_id}, status_code=201)


async def delete(request: Request) -> Response:
    context, caller = context_of(request), caller_of(request)
    workspace_id, folder_id = _ids(request)
    key, now_ms = request.headers.get("idempotency-key"), context.clock_ms()

    def work(connection: sa.Connection) -> None:
        workspaces.get(connection, workspace_id, caller=caller)
        caller.check_role()
        # Before the folder is looked for: a repeated request is told so, not that there is none.
        idempotency.claim(
            connection, key, workspace_id=workspace_id, operation="delete", destination=folder_id, now_ms=now_ms
        )
        folders.delete_library(connection, folder_id, workspace_id=workspace_id)

    await context.database.write(work)
    return JSONResponse({"deleted": True, "folder_id": folder_id, "workspace_id": workspace_id})


async def add_item(request: Request) -> Response:
    """Saves a text, or a picture by its address, which becomes an asset of its own."""
    context, caller = context_of(request), caller_of(request)
    workspace_id, folder_id = _ids(request)
    body = await read_body(request, NewItem)
    kind = body.kind()
    key, now_ms = request.headers.get("idempotency-key"), context.clock_ms()

    def check(connection: sa.Connection) -> None:
        workspaces.get(connection, workspace_id, caller=caller)
        caller.check_role()
        folders.get_library(connection, folder_id, workspace_id=workspace_id)

    def begin(connection: sa.Connection) -> None:
        check(connection)
        idempotency.check(
            connection, key, workspace_id=workspace_id, operation="item", destination=folder_id, now_ms=now_ms
        )

    # Before any byte is fetched for it.
    await context.database.read(begin)
    asset = file = None
    if body.source is not None:
        asset = _asset(context, workspace_id=workspace_id, source=body.source)
        file = await _fetched(context, asset.asset_id, body.source)
    node = SavedNode(
        saved_node_id=context.ids.node(),
        workspace_id=workspace_id,
        folder_id=folder_id,
        type=kind,
        text=body.text,
        description=body.description,
        asset_id=asset.asset_id if asset else None,
    )

    def work(connection: sa.Connection) -> None:
        check(connection)
        idempotency.claim(
            connection, key, workspace_id=workspace_id, operation="item", destination=folder_id, now_ms=now_ms
        )
        if asset is not None and file is not None:
            assets.create(connection, asset, expires_at_ms=None, now_ms=now_ms)
            assets.make_ready(connection, asset.asset_id, file=file, node_id=context.ids.node(), now_ms=now_ms)
        folders.save(connection, node, now_ms=now_ms)

    async with context.intake.kept_if_recorded(asset.asset_id if asset else node.saved_node_id):
        await context.database.write(work)
    answer = {"folder_id": folder_id, "workspace_id": workspace_id, "saved_node_id": node.saved_node_id}
    if asset is not None:
        answer["asset_id"] = asset.asset_id
        answer["url"] = context.links.media(owner_id=asset.asset_id, file_name=ASSET_FILE)
    return JSONResponse(answer, status_code=201)


def _asset(context: Context, *, workspace_id: str, source: str) -> NewAsset:
    return NewAsset(
        asset_id=context.ids.new("asset_"),
        workspace_id=workspace_id,
        project_id=None,
        name=None,
        folder=None,
        uploaded_via="url",
        source=source,
        upload_content_type=None,
    )


async def _fetched(context: Context, asset_id: str, source: str) -> AssetFile:
    with context.intake.incoming() as incoming:
        try:
            await context.intake.fetch(source, into=incoming)
            return await context.intake.keep(incoming, asset_id=asset_id, wanted="image")
        except (WebRefusedError, WebFailedError, UnusableFileError) as exc:
            raise errors.invalid("source", str(exc)) from exc


def _ids(request: Request) -> tuple[str, str]:
    workspace_id = path_id(request, "workspace_id", prefix="ws_")
    return workspace_id, path_id(request, "folder_id", prefix="libfolder_")


ROUTES = [
    Route("/workspaces/{workspace_id}/library/folders", create, methods=["POST"]),
    Route("/workspaces/{workspace_id}/library/folders/{folder_id}", delete, methods=["DELETE"]),
    Route("/workspaces/{workspace_id}/library/folders/{folder_id}/items", add_item, methods=["POST"]),
]
