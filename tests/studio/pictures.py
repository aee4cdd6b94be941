"""Small files of every kind that the studio takes."""

import io
import struct
import zlib

from PIL import Image


def picture(form: str = "PNG", *, size: tuple[int, int] = (40, 30), colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, form)
    return buffer.getvalue()


def huge_png(*, width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header announces any size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def brand(major: bytes, *others: bytes) -> bytes:
    return box(b"ftyp", major + b"\0\0\0\0" + b"".join(others))


def heic(*, width: int, height: int) -> bytes:
    """The boxes of a picture of two tiles, without its pixels."""
    tile = box(b"ispe", struct.pack(">III", 0, width // 2, height))
    whole = box(b"ispe", struct.pack(">III", 0, width, height))
    meta = b"\0\0\0\0" + box(b"iprp", box(b"ipco", tile + whole))
    return brand(b"heic", b"mif1") + box(b"meta", meta) + box(b"mdat", b"\0" * 16)


def film(*, major: bytes = b"isom", width: int = 640, height: int = 360) -> bytes:
    """The boxes of a film with a picture track and a sound track, without its frames."""

    def track(wide: int, high: int) -> bytes:
        return box(b"trak", box(b"tkhd", b"\0" * 76 + struct.pack(">II", wide << 16, high << 16)))

    return brand(major, b"mp42") + box(b"moov", track(0, 0) + track(width, height)) + box(b"mdat", b"\0" * 16)
