"""Tells what bytes are from the bytes alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flora_mcp.outputs.output import OutputType

TEXT = "text/plain; charset=utf-8"
SVG = "image/svg+xml"
UNKNOWN = "application/octet-stream"

_OFFICE = "application/vnd.openxmlformats-officedocument."

_EXTENSIONS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/avif": ".avif",
    "image/heic": ".heic",
    "image/jxl": ".jxl",
    "image/tiff": ".tif",
    "image/bmp": ".bmp",
    SVG: ".svg",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
    "video/quicktime": ".mov",
    "video/ogg": ".ogv",
    "video/x-msvideo": ".avi",
    "audio/mpeg": ".mp3",
    "audio/aac": ".aac",
    "audio/wav": ".wav",
    "audio/ogg": ".ogg",
    "audio/mp4": ".m4a",
    "audio/flac": ".flac",
    "audio/webm": ".weba",
    "audio/aiff": ".aiff",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    _OFFICE + "wordprocessingml.document": ".docx",
    _OFFICE + "presentationml.presentation": ".pptx",
    _OFFICE + "spreadsheetml.sheet": ".xlsx",
    "model/gltf-binary": ".glb",
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
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"glTF\x02\x00\x00\x00", "model/gltf-binary"),
)

_PARTS = (
    (b"word/document.xml", _OFFICE + "wordprocessingml.document"),
    (b"ppt/presentation.xml", _OFFICE + "presentationml.presentation"),
    (b"xl/workbook.xml", _OFFICE + "spreadsheetml.sheet"),
)
"""The main part of each kind of office document; its name stands in the archive as it is."""

_SVG = re.compile(rb"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE\s+svg[^>]*>\s*)?<svg[\s>]", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]")
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_BOXES_READ = 4096
_TRACKS_BYTES = 65_536


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
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(content[8:12])
    if content[:4] == b"FORM":
        return "audio/aiff" if content[8:12] in {b"AIFF", b"AIFC"} else None
    if content[:4] == b"PK\x03\x04":
        return next((mime_type for part, mime_type in _PARTS if part in content), "application/zip")
    if content[:2] == b"BM" and content[6:10] == bytes(4) and int.from_bytes(content[2:6], "little") == len(content):
        return "image/bmp"
    if content[4:8] == b"ftyp":
        return _iso(content)
    if content[:4] == b"\x1a\x45\xdf\xa3":
        return _matroska(content)
    if content[:4] == b"OggS":
        return "video/ogg" if b"theora" in content[:64] else "audio/ogg"
    return _frame(content)


def _matroska(content: bytes) -> str:
    """Tells WebM from its parent, and one that has sounds only: codecs are named before the first data."""
    if b"webm" not in content[:64]:
        return "video/x-matroska"
    tracks = content[:_TRACKS_BYTES]
    only_sound = b"V_VP" not in tracks and b"V_AV1" not in tracks and (b"A_OPUS" in tracks or b"A_VORBIS" in tracks)
    return "audio/webm" if only_sound else "video/webm"


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
