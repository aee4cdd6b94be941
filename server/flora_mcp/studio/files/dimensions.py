"""Width and height from a file's headers, before any pixel is decoded."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

from flora_mcp.studio.files import kinds
from flora_mcp.studio.files.kinds import Kind

Size: TypeAlias = tuple[int, int]

_MOST_BOXES = 10_000
_NESTED = frozenset({b"moov", b"trak", b"iprp", b"ipco"})
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The JPEG markers that begin with precision, height and width."""


def read_dimensions(file: BinaryIO, kind: Kind) -> Size | None:
    """Returns width and height in pixels; None where the kind has none or the header is broken."""
    file.seek(0)
    try:
        if kind is kinds.PNG:
            return _unpack(">8x4x4sII", file.read(24), tag=b"IHDR")
        if kind is kinds.GIF:
            return _unpack("<6xHH", file.read(10))
        if kind is kinds.WEBP:
            return _of_webp(file.read(30))
        if kind is kinds.JPEG:
            return _of_jpeg(file)
        if kind in (kinds.AVIF, kinds.HEIC, kinds.HEIF, kinds.MP4, kinds.QUICKTIME):
            return _of_boxes(file)
    except struct.error:
        return None
    return None


def _unpack(form: str, data: bytes, *, tag: bytes | None = None) -> Size | None:
    found = struct.unpack(form, data)
    if tag is not None and found[0] != tag:
        return None
    return _size(found[-2], found[-1])


def _size(width: int, height: int) -> Size | None:
    return (width, height) if width > 0 and height > 0 else None


def _of_webp(head: bytes) -> Size | None:
    if head[12:16] == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return _size(width & 0x3FFF, height & 0x3FFF)
    if head[12:16] == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return _size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if head[12:16] == b"VP8X" and len(head) == 30:
        return _size(int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1)
    return None


def _of_jpeg(file: BinaryIO) -> Size | None:
    file.seek(2)
    while True:
        marker = file.read(1)
        if marker != b"\xff":
            return None
        while marker == b"\xff":
            marker = file.read(1)
        if not marker:
            return None
        (length,) = struct.unpack(">H", file.read(2))
        if marker[0] in _FRAME_MARKERS:
            height, width = struct.unpack(">xHH", file.read(5))
            return _size(width, height)
        if length < 2:
            return None
        file.seek(length - 2, 1)


def _of_boxes(file: BinaryIO) -> Size | None:
    """Returns the largest picture or track: a picture of tiles also describes its tiles."""
    file.seek(0, 2)
    found: list[Size] = []
    for name, start, end in _boxes(file, 0, file.tell()):
        if name == b"ispe":
            file.seek(start + 4)
            width, height = struct.unpack(">II", file.read(8))
            found.append((width, height))
        elif name == b"tkhd" and end - start >= 84:
            file.seek(end - 8)  # in 16.16 fixed point, and zero for sound
            width, height = struct.unpack(">II", file.read(8))
            found.append((width >> 16, height >> 16))
    width, height = max(found, key=lambda size: size[0] * size[1], default=(0, 0))
    return _size(width, height)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yields the name and the extent of each box, those inside containers too."""
    pending = [(start, end)]
    for _ in range(_MOST_BOXES):
        while pending and pending[-1][1] - pending[-1][0] < 8:
            pending.pop()
        if not pending:
            return
        at, limit = pending.pop()
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        body = at + 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
            body = at + 16
        stop = limit if length == 0 else at + length
        if stop > limit or stop < body:
            return
        pending.append((stop, limit))
        yield name, body, stop
        if name == b"meta":
            pending.append((body + 4, stop))
        elif name in _NESTED:
            pending.append((body, stop))
