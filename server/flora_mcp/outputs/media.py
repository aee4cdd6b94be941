"""Tells what bytes are from the bytes alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flora_mcp.outputs.output import OutputType

TEXT = "text/plain; charset=utf-8"
SVG = "image/svg+xml"
UNKNOWN = "application/octet-stream"

_EXTENSIONS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/avif": ".avif",
    "image/heic": ".heic",
    SVG: ".svg",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
    "video/quicktime": ".mov",
    "video/ogg": ".ogv",
    "audio/mpeg": ".mp3",
    "audio/aac": ".aac",
    "audio/wav": ".wav",
    "audio/ogg": ".ogg",
    "audio/mp4": ".m4a",
    "audio/flac": ".flac",
    "application/pdf": ".pdf",
    TEXT: ".txt",
    UNKNOWN: ".bin",
}

_PREFIXES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
)

_SVG = re.compile(rb"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE\s+svg[^>]*>\s*)?<svg[\s>]", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]")
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_BOXES_READ = 4096


@dataclass(frozen=True, kw_only=True)
class MediaType:
    """What bytes are."""

    mime_type: str
    type: OutputType
    extension: str
    """With its dot."""


TEXT_TYPE = MediaType(mime_type=TEXT, type="text", extension=_EXTENSIONS[TEXT])


def media_type(content: bytes) -> MediaType:
    """Returns what the bytes are; bytes of no known form are an `application/octet-stream` document."""
    mime_type = _binary(content) or _textual(content) or UNKNOWN
    return MediaType(mime_type=mime_type, type=_output_type(mime_type), extension=_EXTENSIONS[mime_type])


def _output_type(mime_type: str) -> OutputType:
    match mime_type.split("/")[0]:
        case "image":
            return "image"
        case "video":
            return "video"
        case "audio":
            return "audio"
        case "text":
            return "text"
        case _:
            return "document"


def _binary(content: bytes) -> str | None:
    for prefix, mime_type in _PREFIXES:
        if content.startswith(prefix):
            return mime_type
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12])
    if content[4:8] == b"ftyp":
        return _iso(content)
    if content[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm" if b"webm" in content[:64] else "video/x-matroska"
    if content[:4] == b"OggS":
        return "video/ogg" if b"theora" in content[:64] else "audio/ogg"
    return _frame(content)


def _frame(content: bytes) -> str | None:
    """Tells a bare MPEG audio frame by its sync bits and the values that no frame has."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return None
    version, layer = content[1] >> 3 & 3, content[1] >> 1 & 3
    if layer == 0 and content[1] & 0xF0 == 0xF0:
        return "audio/aac"
    bitrate, rate = content[2] >> 4, content[2] >> 2 & 3
    return "audio/mpeg" if layer == 1 and version != 1 and bitrate != 15 and rate != 3 else None


def _iso(content: bytes) -> str:
    """Tells the members of the MP4 family apart: by brand, and a plain MP4 by the kinds of its tracks."""
    size = min(int.from_bytes(content[:4], "big"), len(content), 512)
    major = content[8:12]
    brands = {major, *(content[at : at + 4] for at in range(16, size, 4))}
    if brands & {b"avif", b"avis"}:
        return "image/avif"
    if major in _HEIC_BRANDS:
        return "image/heic"
    if major == b"qt  ":
        return "video/quicktime"
    if major in {b"M4A ", b"M4B ", b"M4P "} or _handlers(content) == {b"soun"}:
        return "audio/mp4"
    return "video/mp4"


def _handlers(content: bytes) -> set[bytes]:
    """Returns the kinds of the tracks: `vide`, `soun`, and others."""
    found = set()
    for movie in _boxes(content, 0, len(content), b"moov"):
        for track in _boxes(content, *movie, b"trak"):
            for media in _boxes(content, *track, b"mdia"):
                found |= {content[start + 8 : start + 12] for start, _ in _boxes(content, *media, b"hdlr")}
    return found


def _boxes(content: bytes, start: int, end: int, name: bytes) -> Iterator[tuple[int, int]]:
    """Yields where the bodies of the boxes of that name begin and end."""
    for _ in range(_BOXES_READ):
        if start + 8 > end:
            return
        size, header = int.from_bytes(content[start : start + 4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(content[start + 8 : start + 16], "big"), 16
        stop = end if size == 0 else min(start + size, end)
        if stop < start + header:
            return
        if content[start + 4 : start + 8] == name:
            yield start + header, stop
        start = stop


def _textual(content: bytes) -> str | None:
    if _CONTROL.search(content):
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return SVG if _SVG.match(content.removeprefix(b"\xef\xbb\xbf")) else TEXT
