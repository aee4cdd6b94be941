"""The steps of an upload: where the bytes go, and when the asset is ready."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote, urlsplit

from flora_mcp.flora.errors import APIError, UploadError
from flora_mcp.flora.files import File
from flora_mcp.flora.forms import Form
from flora_mcp.flora.polling import Patience
from flora_mcp.flora.resources.resource import Wire
from flora_mcp.flora.types import Asset, AssetUpload

DIRECT_BYTES = 4 * 1024 * 1024
"""The largest file, itself included, that goes with the call (`sdk:lib/upload.ts`)."""

POLL_SECONDS = 1.0
"""Time between two looks at an asset (`sdk:lib/upload.ts`)."""


def is_url(file: str) -> bool:
    """Tells whether a text is an address that FLORA can fetch, not a path."""
    return re.match(r"(?i)https?://", file) is not None


def name_in(url: str) -> str | None:
    """Returns the last part of an address's path, or None when it has none."""
    return unquote(urlsplit(url).path.rpartition("/")[2]).strip() or None


async def deliver(file: File, reservation: AssetUpload, *, wire: Wire) -> None:
    """Sends the bytes to where a reservation says; again when that fails for a passing reason.

    Raises:
        UploadError: they were not taken, or the reservation names no place.
    """
    target = reservation.upload
    body: Form | File
    if target is not None:
        boundary = wire.attempts.surroundings.new_key()
        body = Form(boundary=boundary, fields=target.form_fields, file=file, file_field=target.file_field)
        verb, url = target.method, target.url
    elif reservation.upload_url:
        body, verb, url = file, "PUT", reservation.upload_url
    else:
        raise UploadError(
            f"Asset {reservation.asset_id!r} came without a place for its bytes. Call "
            f"client.assets.retry({reservation.asset_id!r}).",
            asset_id=reservation.asset_id,
            status=reservation.status,
        )
    try:
        await wire.attempts.answer(lambda: wire.deliver(verb, url, body))
    except APIError as exc:
        raise UploadError(
            f"The bytes of asset {reservation.asset_id!r} were not taken: {exc} Upload the file again.",
            asset_id=reservation.asset_id,
            status=reservation.status,
        ) from exc


async def until_ready(look: Callable[[], Awaitable[Asset]], *, asset_id: str, patience: Patience, wire: Wire) -> Asset:
    """Returns the asset once it is ready; the first look is at once.

    Raises:
        UploadError: it failed, or was not ready in time.
    """
    clock = wire.attempts.surroundings.clock
    deadline = clock() + patience.timeout_seconds
    while True:
        asset = await look()
        if asset.status == "ready":
            return asset
        if asset.status == "failed":
            raise UploadError(
                f"Asset {asset_id!r} failed: {asset.failure_message or 'FLORA gave no reason'}. Check that the file "
                f"is of a kind that FLORA takes.",
                asset_id=asset_id,
                status=asset.status,
            )
        remaining_seconds = deadline - clock()
        if remaining_seconds <= 0:
            raise UploadError(
                f"Asset {asset_id!r} is still {asset.status!r} after {patience.timeout_seconds:g} seconds. Read it "
                f"later with client.assets.retrieve({asset_id!r}).",
                asset_id=asset_id,
                status=asset.status,
            )
        await wire.attempts.sleep(min(patience.interval_seconds, remaining_seconds))
