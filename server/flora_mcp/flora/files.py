"""Local files and bytes that are to be sent, whole or piece by piece."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import anyio

from flora_mcp.flora.errors import InvalidArgumentError

CHUNK_BYTES = 256 * 1024

UNNAMED = "unnamed"

TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "heic": "image/heic",
    "heif": "image/heif",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
}
"""The kinds of files that FLORA takes, by the end of their names (`sdk:resources/assets.ts`). Python's own table
differs from system to system."""

MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(;[\x20-\x7e]*)?")


@dataclass(frozen=True, kw_only=True)
class File:
    """Bytes with a name. Those of a path are read each time they are sent."""

    name: str
    size_bytes: int
    content_type: str | None
    """None when nobody knows: FLORA then looks at the bytes."""
    content: bytes | Path

    @property
    def given_name(self) -> str | None:
        """The name, unless it is only a stand-in."""
        return None if self.name == UNNAMED else self.name

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields the bytes, never more than there were at first."""
        if isinstance(self.content, bytes):
            yield self.content
            return
        left = self.size_bytes
        async with await anyio.open_file(self.content, "rb") as opened:
            while left and (chunk := await opened.read(min(CHUNK_BYTES, left))):
                left -= len(chunk)
                yield chunk


async def file_of(content: bytes | Path, *, file_name: str | None, content_type: str | None) -> File:
    """Returns what can be sent.

    Raises:
        InvalidArgumentError: the path names no file that can be read, or the type is none.
    """
    if content_type is not None and not MIME_TYPE.fullmatch(content_type):
        raise InvalidArgumentError(
            f"content_type={content_type!r}: expected a MIME type such as 'image/png'.", argument="content_type"
        )
    if isinstance(content, bytes):
        name, size_bytes = file_name or UNNAMED, len(content)
    else:
        name, size_bytes = file_name or content.name, await _size_bytes(content)
    if not size_bytes:
        raise InvalidArgumentError(f"{name!r} is empty. FLORA takes no empty files.", argument="file")
    kind = content_type or TYPES.get(PurePath(name).suffix[1:].lower())
    return File(name=name, size_bytes=size_bytes, content_type=kind, content=content)


async def _size_bytes(path: Path) -> int:
    try:
        async with await anyio.open_file(path, "rb") as opened:
            return await opened.seek(0, 2)
    except OSError as exc:
        raise InvalidArgumentError(
            f"{str(path)!r} cannot be read ({exc.strerror}). Pass the path of a file, its bytes, or a public URL.",
            argument="file",
        ) from exc
