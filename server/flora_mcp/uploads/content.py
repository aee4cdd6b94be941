"""What is uploaded: bytes that were looked at, or an address."""

import hashlib
import io
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flora_mcp.outputs import Exhibit, exhibit
from flora_mcp.uploads.errors import RefusedError

MOST_BYTES = 200 * 1024 * 1024
MOST_PIXELS = 150_000_000
"""The most that FLORA accepts of an image (`docs:assets`)."""

HEAD_BYTES = 4 * 1024 * 1024
"""So much is kept in memory and looked at; the rest of a longer file goes through the disk."""

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/avif": ".avif",
    "image/heic": ".heic",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/ogg": ".ogg",
    "application/pdf": ".pdf",
}
"""What FLORA takes (`sdk:resources/assets.ts`)."""

_ADVICE = {
    "image/svg+xml": "Draw it as a PNG first.",
    "audio/mp4": "Convert it to MP3 or WAV first.",
    "audio/aac": "Convert it to MP3 or WAV first.",
    "audio/flac": "Convert it to WAV first.",
    "video/x-matroska": "Convert it to MP4 or WebM first.",
    "video/ogg": "Convert it to MP4 or WebM first.",
}
NAME_CHARS = 120

_CHUNK_BYTES = 1024 * 1024
_ALIKE = {".jpg": (".jpeg",), ".heic": (".heif",)}
_ENDINGS = {*EXTENSIONS.values(), ".jpeg", ".heif", ".svg", ".txt", ".bmp", ".tif", ".tiff", ".m4a", ".aac", ".flac"}


@dataclass(frozen=True, kw_only=True)
class File:
    """Bytes that FLORA takes, and that nobody changes any more."""

    media: bytes | Path
    """A path is that of a copy of our own, alone in its folder."""
    name: str
    """With the ending that the bytes deserve."""
    mime_type: str
    size_bytes: int
    size_px: tuple[int, int] | None
    sha256: str

    @property
    def identity(self) -> str:
        return f"sha256:{self.sha256}"

    def discard(self) -> None:
        """Removes the copy. Blocking."""
        if isinstance(self.media, Path):
            shutil.rmtree(self.media.parent, ignore_errors=True)


@dataclass(frozen=True, kw_only=True)
class Link:
    """A public address, which FLORA fetches."""

    url: str
    name: str | None = None
    """What people are to see."""

    @property
    def identity(self) -> str:
        return f"url:{self.url}"

    def discard(self) -> None:
        """There is nothing of it here."""


Content = File | Link


def file_of(source: BinaryIO, *, name: str | None) -> File:
    """Looks at what is in an open file and keeps its bytes as they are now. Blocking; the caller discards them.

    Raises:
        RefusedError: It is empty, too large, or nothing that FLORA takes.
        OSError: It cannot be read, or there is no room for a copy.
    """
    if source.seek(0, io.SEEK_END) > MOST_BYTES:
        raise RefusedError(_too_large(name or "the file"))
    source.seek(0)
    head = source.read(HEAD_BYTES)
    looked = exhibit(name or "the file", head)
    _check(looked)
    digest = hashlib.sha256(head)
    media: bytes | Path = head
    size_bytes = len(head)
    if len(head) == HEAD_BYTES:
        media, size_bytes = _copied(source, head, digest, looked.name)
    return File(
        media=media,
        name=_named(name, looked),
        mime_type=looked.mime_type,
        size_bytes=size_bytes,
        size_px=looked.size_px,
        sha256=digest.hexdigest(),
    )


def plain_name(name: str) -> str:
    """Returns a name without folders, line ends and the like; perhaps nothing is left."""
    bare = Path(name.replace("\\", "/")).name.strip().strip(".")
    return "".join(character for character in bare if character.isprintable())[:NAME_CHARS]


def _copied(source: BinaryIO, head: bytes, digest: "hashlib._Hash", name: str) -> tuple[Path, int]:
    """Copies the head and the rest into a folder of their own: the file may change while it is sent."""
    folder = Path(tempfile.mkdtemp(prefix="flora-upload-"))
    size_bytes = len(head)
    try:
        with (folder / "content").open("xb") as copy:
            copy.write(head)
            while chunk := source.read(_CHUNK_BYTES):
                size_bytes += len(chunk)
                if size_bytes > MOST_BYTES:
                    raise RefusedError(_too_large(name))
                digest.update(chunk)
                copy.write(chunk)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder / "content", size_bytes


def _too_large(name: str) -> str:
    return (
        f"{name!r} is larger than {MOST_BYTES} bytes. Make it smaller, or put it where FLORA can fetch it and pass its "
        "https:// address."
    )


def _check(looked: Exhibit) -> None:
    if not looked.size_bytes:
        raise RefusedError(f"{looked.name!r} is empty. Pass a file with something in it.")
    if looked.mime_type not in EXTENSIONS:
        advice = _ADVICE.get(looked.mime_type, "Pass a picture, a film, a sound or a PDF.")
        raise RefusedError(
            f"{looked.name!r} was not sent: its bytes are {looked.mime_type}, whatever its name says. FLORA takes "
            f"{', '.join(EXTENSIONS)}. {advice}"
        )
    if looked.size_px is not None and looked.size_px[0] * looked.size_px[1] > MOST_PIXELS:
        width, height = looked.size_px
        raise RefusedError(
            f"{looked.name!r} was not sent: it has {width}x{height} pixels, and FLORA takes at most {MOST_PIXELS}. "
            "Scale it down."
        )


def _named(name: str | None, looked: Exhibit) -> str:
    """Returns a name whose ending tells the truth: FLORA and people go by it."""
    bare = plain_name(name or "")
    right = EXTENSIONS[looked.mime_type]
    ending = Path(bare).suffix.lower()
    if ending in {right, *_ALIKE.get(right, ())}:
        return bare
    stem = Path(bare).stem if ending in _ENDINGS else bare
    return f"{stem or looked.type}{right}"
