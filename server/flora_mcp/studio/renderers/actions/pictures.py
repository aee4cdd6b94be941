"""Pictures as actions see them: upright, with alpha, and of a size that can be worked on."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageOps

from flora_mcp.studio.renderers.rendering import JSON, Rendering, UnsuitableInputError

MOST_PIXELS = 4096 * 4096
"""The largest picture that an action reads or makes: some hold a dozen arrays of 4 bytes a pixel and channel."""

Floats: TypeAlias = NDArray[np.float32]
Params: TypeAlias = Mapping[str, Any]
Inputs: TypeAlias = Mapping[str, Sequence[Any]]
"""What each slot was given, in order: pictures, or texts."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")


def read_picture(path: str) -> Image.Image:
    """Returns the picture as RGBA, turned as it is shown.

    Raises:
        UnsuitableInputError: It cannot be decoded, or is too large.
    """
    try:
        with Image.open(path, formats=FORMATS) as found:
            check_size(found.width, found.height)
            return ImageOps.exif_transpose(found).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as exc:
        raise UnsuitableInputError(f"A picture cannot be decoded here: {type(exc).__name__}. Use PNG or JPEG.") from exc


def check_size(width: int, height: int) -> None:
    if width < 1 or height < 1 or width * height > MOST_PIXELS:
        raise UnsuitableInputError(
            f"A picture of {width} x {height} pixels cannot be worked on; at most {MOST_PIXELS} pixels can."
        )


def write_picture(picture: Image.Image) -> Rendering:
    """Returns a picture as PNG, without an alpha channel that says nothing."""
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    buffer = BytesIO()
    picture.save(buffer, "PNG", compress_level=4)
    facts: dict[str, JSON] = {}
    return Rendering(
        content=buffer.getvalue(),
        mime_type="image/png",
        width_px=picture.width,
        height_px=picture.height,
        facts=facts,
    )


def rgba(colour: str) -> tuple[int, int, int, int]:
    """Returns a colour that the API has checked."""
    found = ImageColor.getcolor(colour, "RGBA")
    assert isinstance(found, tuple)
    return found[0], found[1], found[2], found[3]


def split(picture: Image.Image) -> tuple[Floats, Floats]:
    """Returns colours and alpha from 0 to 1."""
    values = np.asarray(picture, dtype=np.float32) / np.float32(255)
    return values[..., :3], values[..., 3:]


def join(colours: Floats, alpha: Floats) -> Image.Image:
    values = np.concatenate([colours, np.broadcast_to(alpha, (*colours.shape[:2], 1))], axis=2)
    return Image.fromarray(np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8))


def luminance(colours: Floats) -> Floats:
    """Returns brightness as television weighs it, with one channel."""
    return np.asarray(colours @ np.array([0.299, 0.587, 0.114], np.float32), np.float32)[..., None]


def mixed(first: Floats, second: Floats, amount: Floats | np.float32 | float) -> Floats:
    """Returns `second` where `amount` is 1."""
    return np.asarray(first + (second - first) * amount, np.float32)
