"""Hands out the files that answers name by address."""

import logging
from typing import Protocol

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from flora_mcp.outputs import OutputError, StoredOutput
from flora_mcp.outputs.addresses import HEADERS

logger = logging.getLogger(__name__)


class Pickup(Protocol):
    """Finds the output of an address that somebody was told."""

    async def find(self, token: str) -> StoredOutput | None: ...


class OutputFiles:
    """Whoever knows the token of an output has been told it, and gets the file."""

    def __init__(self, pickup: Pickup) -> None:
        self._pickup = pickup

    async def send(self, request: Request) -> Response:
        try:
            output = await self._pickup.find(request.path_params["token"])
        except OutputError as exc:
            logger.warning("An output cannot be handed out: %s", exc)
            return PlainTextResponse("The file cannot be read just now. Try again.", status_code=503)
        if output is None:
            return PlainTextResponse("There is no such output.", status_code=404)
        name = request.path_params["name"]
        return FileResponse(
            output.path, media_type=output.mime_type, headers=HEADERS, filename=name, content_disposition_type="inline"
        )
