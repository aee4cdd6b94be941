"""The kinds of files that FLORA takes, told by their first bytes (docs:assets)."""

from dataclasses import dataclass
from typing import Literal

Modality = Literal["image", "video", "audio", "document"]

HEAD_BYTES = 4096
"""How much of a file's beginning `identify` wants."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    mime_type: str
    modality: Modality


JPEG = Kind(mime_type="image/jpeg", modality="image")
PNG = Kind(mime_type="image/png", modality="image")
WEBP = Kind(mime_type="image/webp", modality="image")
GIF = Kind(mime_type="image/gif", modality="image")
AVIF = Kind(mime_type="image/avif", modality="image")
HEIC = Kind(mime_type="image/heic", modality="image")
HEIF = Kind(mime_type="image/heif", modality="image")
MP4 = Kind(mime_type="video/mp4", modality="video")
WEBM = Kind(mime_type="video/webm", modality="video")
QUICKTIME = Kind(mime_type="video/quicktime", modality="video")
MPEG = Kind(mime_type="audio/mpeg", modality="audio")
WAV = Kind(mime_type="audio/wav", modality="audio")
OGG = Kind(mime_type="audio/ogg", modality="audio")
PDF = Kind(mime_type="application/pdf", modality="document")

KINDS = (JPEG, PNG, WEBP, GIF, AVIF, HEIC, HEIF, MP4, WEBM, QUICKTIME, MPEG, WAV, OGG, PDF)

_PREFIXES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"ID3", MPEG),
)

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"})
_MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"MSNV"}
)


def identify(head: bytes) -> Kind | None:
    """Returns the kind of a file that begins so, None when it is none of `KINDS`."""
    for prefix, kind in _PREFIXES:
        if head.startswith(prefix):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[:4] == b"OggS":
        # The same container holds films; the first page says what its stream is.
        return OGG if any(word in head[:128] for word in (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex ")) else None
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return WEBM if b"\x42\x82\x84webm" in head[:128] else None
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[4:8] in {b"moov", b"mdat", b"wide"}:
        return QUICKTIME  # as written before there were brands
    return MPEG if _is_audio_frame(head) else None


def _by_brand(head: bytes) -> Kind | None:
    """Tells the members of the ISO media family apart."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & {b"avif", b"avis"}:
        return AVIF
    if brands & _HEIC_BRANDS:
        return HEIC
    if brands & {b"mif1", b"msf1"}:
        return HEIF
    if major == b"qt  ":
        return QUICKTIME
    if major in {b"M4A ", b"M4B ", b"M4P "}:
        return None
    return MP4 if brands & _MP4_BRANDS else None


def _is_audio_frame(head: bytes) -> bool:
    """Whether these are the first bytes of an MPEG audio frame: none of its four tables is left at 'reserved'."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer != 0 and head[2] >> 4 not in {0, 15} and head[2] >> 2 & 3 != 3
