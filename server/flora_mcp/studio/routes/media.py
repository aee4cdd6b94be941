"""GET /media: the files of runs, public and unsigned as on FLORA, for as long as their run exists."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.routes.context import context_of
from flora_mcp.studio.store import runs


async def read(request: Request) -> Response:
    context = context_of(request)
    run_id, file_name = request.path_params["run_id"], request.path_params["file_name"]
    # The path on disk is built from what the database holds, never from what the request says.
    file = await context.database.read(
        lambda connection: runs.find_output(connection, run_id=run_id, file_name=file_name)
    )
    if file is None:
        raise errors.not_found(f"There is no file {file_name[:80]!r} of run {run_id[:80]!r}.")
    etag = f'"{file["sha256"]}"'
    headers = {
        "etag": etag,
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
    }
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if etag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    path = context.media.path_of(run_id=file["run_id"], file_name=file["file_name"])
    try:
        stat = await anyio.to_thread.run_sync(path.stat)
    except OSError as exc:
        raise errors.not_found(f"The file {file_name!r} of run {run_id!r} is gone from the studio's disk.") from exc
    return FileResponse(path, headers=headers, media_type=file["mime_type"], stat_result=stat)


ROUTES = [Route("/media/{run_id}/{file_name}", read, methods=["GET"])]
