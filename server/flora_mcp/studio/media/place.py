"""Says where media is kept: a folder by its path, a bucket by its address."""

import importlib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.media.folder import FolderMedia
from flora_mcp.studio.media.store import MediaStore

MEDIA = "media"
"""The folder of files in a studio's directory."""

COPIES_BYTES = 2 * 1024**3
"""How much of a bucket is copied to this machine's disk (choice)."""

_OPTIONS = ("endpoint", "region")


def open_media(place: str | None, *, directory: Path) -> MediaStore:
    """Returns the store at a place.

    Args:
        place: A folder, or `s3://bucket/prefix?endpoint=https://…&region=…`, whose credentials are where AWS's
            own tools look for them (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, …); None for `directory` itself.
        directory: What this machine keeps by itself.

    Raises:
        StudioUnavailableError: The place is none, or what opens it is not installed.
    """
    if place is None:
        return FolderMedia(directory)
    if "://" not in place:
        return FolderMedia(Path(place).expanduser().absolute())
    parts = urlsplit(place)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(set(given) - set(_OPTIONS))
    if parts.scheme != "s3" or not parts.hostname or parts.username is not None or unknown:
        raise StudioUnavailableError(
            f"{_shown(place)!r} is no place for media; use a folder, or s3://bucket/prefix with "
            f"{' and '.join(_OPTIONS)} in its query where they are needed. Credentials come from the environment, as "
            "for AWS's tools."
        )
    try:
        bucket: Any = importlib.import_module("flora_mcp.studio.media.bucket")
    except ImportError as exc:
        raise StudioUnavailableError(
            f"Media at {_shown(place)!r} needs the extra 's3': pip install \"flora-mcp[s3]\"."
        ) from exc
    store = bucket.S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        client_options={"allow_http": given.get("endpoint", "").startswith("http://")},
        **given,
    )
    media: MediaStore = bucket.BucketMedia(store, directory=directory / "bucket", most_bytes=COPIES_BYTES)
    return media


def _shown(place: str) -> str:
    """Returns a place without what might be a password."""
    return place.partition("@")[2][:200] if "@" in place else place[:200]
