"""GET /media: the files of runs and assets, for who holds their signed address; ranges are served (docs:assets)."""

import os
from pathlib import Path

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.routes.context import context_of
from flora_mcp.studio.store import files

YEAR_SECONDS = 365 * 24 * 60 * 60


async def read(request: Request) -> Response:
    context = context_of(request)
    owner_id, file_name = request.path_params["owner_id"], request.path_params["file_name"]
    # The same answer as for a missing file: an address without its signature tells nothing.
    missing = errors.not_found(
        f"There is no file {file_name[:80]!r} of {owner_id[:80]!r} at this address; use the whole url, with its "
        "query, or read the run or asset again for a fresh one."
    )
    if not context.links.allows(request.url.path, request.query_params):
        raise missing
    # The path on disk is built from what the database holds, never from what the request says.
    file = await context.database.read(
        lambda connection: files.find(connection, owner_id=owner_id, file_name=file_name)
    )
    if file is None:
        raise missing
    etag = f'"{file.sha256}"'
    headers = {
        "etag": etag,
        "cache-control": f"public, max-age={YEAR_SECONDS}, immutable",
        "x-content-type-options": "nosniff",
    }
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if etag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    stored_name = file.stored_name

    def find() -> tuple[Path, os.stat_result]:
        path = context.media.local(owner_id=owner_id, file_name=stored_name)
        return path, path.stat()

    try:
        path, stat = await anyio.to_thread.run_sync(find)
    except FileNotFoundError as exc:
        raise errors.not_found(f"The file {file_name!r} of {owner_id!r} is gone from the studio's media.") from exc
    except OSError as exc:
        raise StudioUnavailableError(f"The file {file_name!r} of {owner_id!r} cannot be read: {exc}.") from exc
    return FileResponse(path, headers=headers, media_type=file.mime_type, stat_result=stat)


ROUTES = [Route("/media/{owner_id}/{file_name}", read, methods=["GET"])]
