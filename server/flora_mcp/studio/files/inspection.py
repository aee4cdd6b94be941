"""Looks at a file that was handed in: what it is, whether it is whole, how large its picture is."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from flora_mcp.studio.errors import UnusableFileError
from flora_mcp.studio.files import kinds
from flora_mcp.studio.files.dimensions import read_dimensions
from flora_mcp.studio.files.kinds import HEAD_BYTES, KINDS, Kind, identify

MOST_IMAGE_PIXELS = 150_000_000
"""The largest picture (docs:assets: 150 MP)."""

DECODED_PIXELS = 40_000_000
"""Larger pictures are believed without decoding them, which would take 160 MB and more (choice)."""

_FORMATS = {kinds.JPEG: "JPEG", kinds.PNG: "PNG", kinds.WEBP: "WEBP", kinds.GIF: "GIF", kinds.AVIF: "AVIF"}
_ORIENTATION = 0x0112
_LYING = frozenset({5, 6, 7, 8})
"""EXIF orientations whose picture is shown turned by a quarter."""


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What a file turned out to be. The size is that of the picture as shown, where it is known."""

    kind: Kind
    size_bytes: int
    sha256: str
    width_px: int | None
    height_px: int | None


def inspect_file(path: Path) -> Inspection:
    """Reads a file; its name is never asked.

    Raises:
        UnusableFileError: It is no file of `KINDS`, is broken, or shows too large a picture.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        kind = identify(head)
        if kind is None:
            accepted = ", ".join(each.mime_type for each in KINDS)
            raise UnusableFileError(f"A file that begins with {head[:8]!r} is not accepted; accepted are {accepted}.")
        size = read_dimensions(file, kind)
        if kind.modality == "image":
            size = _check_picture(file, kind, size)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size_bytes = file.tell()
    width_px, height_px = size or (None, None)
    return Inspection(kind=kind, size_bytes=size_bytes, sha256=digest, width_px=width_px, height_px=height_px)


def _check_picture(file: BinaryIO, kind: Kind, size: tuple[int, int] | None) -> tuple[int, int]:
    if size is None:
        raise UnusableFileError(f"The header of this {kind.mime_type} file is broken; export the picture again.")
    width_px, height_px = size
    if width_px * height_px > MOST_IMAGE_PIXELS:
        raise UnusableFileError(
            f"The picture has {width_px} x {height_px} pixels; at most {MOST_IMAGE_PIXELS} are accepted: scale it down."
        )
    if kind not in _FORMATS or width_px * height_px > DECODED_PIXELS:
        return size
    file.seek(0)
    try:
        # Only the format that the bytes announce: Pillow has readers for far stranger ones.
        with Image.open(file, formats=(_FORMATS[kind],)) as picture:
            if picture.width * picture.height > DECODED_PIXELS:
                raise UnusableFileError("The picture's headers contradict each other; export it again.")
            picture.load()
            lying = picture.getexif().get(_ORIENTATION) in _LYING
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as exc:
        raise UnusableFileError(f"This {kind.mime_type} file cannot be decoded: {exc}. Export it again.") from exc
    return (height_px, width_px) if lying else size
