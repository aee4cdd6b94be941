"""Reads pictures with Pillow: their size from the header, and a reduced copy fit to be shown."""

import struct
import threading
import zlib
from contextlib import nullcontext
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageOps
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MAX_PIXELS = 150_000_000
"""The most that FLORA accepts of an image (`docs:assets`), and the most that is decoded here."""

LARGE_PIXELS = 8_000_000
"""A decoded picture of so many takes 32 MB, while many answers may be in the making."""

LARGE_TURNS = threading.BoundedSemaphore(2)
"""Larger pictures take up to 600 MB: two are decoded at a time."""

# Opened by class, not by `Image.open`: its bomb check is a process-wide setting and warns at 89 million pixels.
_READERS: dict[str, type[ImageFile]] = {
    "image/png": PngImageFile,
    "image/jpeg": JpegImageFile,
    "image/webp": WebPImageFile,
    "image/gif": GifImageFile,
    "image/avif": AvifImageFile,
}

# What Pillow raises on damaged files is as varied as its decoders; warnings are here for those who make them errors.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    RuntimeError,
    MemoryError,
    UserWarning,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)

_TURNED = (5, 6, 7, 8)
"""EXIF orientations that exchange width and height."""


class PictureError(Exception):
    """A picture cannot be shown; the text says why in a few words."""


def picture_size_px(content: bytes, *, mime_type: str) -> tuple[int, int] | None:
    """Returns width and height as shown, read from the header; None if Pillow cannot read them."""
    reader = _READERS.get(mime_type)
    if reader is None:
        return None
    try:
        with reader(BytesIO(content)) as picture:
            width_px, height_px = picture.size
            turned = _orientation(picture) in _TURNED
    except _BROKEN:
        return None
    return (height_px, width_px) if turned else (width_px, height_px)


def reduced(content: bytes, *, mime_type: str, side_px: int) -> Image.Image:
    """Returns the picture (of an animation the first frame) as RGB, or RGBA if any of it is transparent.

    It is upright, in sRGB, without metadata, and no side is longer than `side_px`; it is never enlarged.

    Raises:
        PictureError: it is broken, too large to decode, or of a form that Pillow cannot read.
    """
    reader = _READERS.get(mime_type)
    if reader is None:
        raise PictureError(f"{mime_type} cannot be shown")
    try:
        with reader(BytesIO(content)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureError(f"{picture.width}x{picture.height} px are too many to show")
            picture.draft(None, (side_px, side_px))
            large = picture.width * picture.height > LARGE_PIXELS
            with LARGE_TURNS if large else nullcontext():
                small, profile = _small(picture, side_px)
    except _BROKEN as exc:
        raise PictureError("the file is broken") from exc
    small = _visible(small, profile)
    small.info.clear()
    return small


def _small(picture: ImageFile, side_px: int) -> tuple[Image.Image, bytes | None]:
    """Returns the picture reduced and upright, and its profile of colours."""
    picture.load()
    profile: bytes | None = picture.info.get("icc_profile")
    small = _eight_bits(picture)
    small.thumbnail((side_px, side_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
    ImageOps.exif_transpose(small, in_place=True)
    return small, profile


def _orientation(picture: ImageFile) -> int | None:
    # `getexif` would decode a whole PNG to look behind its pixels.
    data = picture.info.get("exif")
    if not data:
        return None
    exif = Image.Exif()
    exif.load(data)
    orientation = exif.get(ExifTags.Base.Orientation)
    return orientation if isinstance(orientation, int) else None


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Returns the picture in a mode that can be scaled: eight bits a channel, no palette."""
    if picture.mode == "I;16":
        # `convert` would clip 16-bit grey at 255 and leave a white picture.
        return picture.point(lambda level: level * (1 / 256), "L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode in {"L", "RGB", "CMYK"} else picture.convert("RGB")


def _visible(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Returns the picture in sRGB; transparency stays only where some of it shows."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha is not None else picture
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, *_BROKEN):
            converted = None  # a profile that does not fit its picture says nothing about its colours
        colours = converted or colours
    colours = colours.convert("RGB")
    if alpha is not None and alpha.getextrema()[0] != 255:
        colours.putalpha(alpha)
    return colours
