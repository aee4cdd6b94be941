"""Makes small pictures of outputs for a tool result, all of them together within a budget of bytes."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from mcp_types import Annotations, ImageContent
from PIL import Image

from flora_mcp.outputs._pictures import PictureError, reduced
from flora_mcp.outputs._sheet import MOST_CELLS, contact_sheet, sheet_side_px
from flora_mcp.outputs.facts import written_size
from flora_mcp.outputs.output import StoredOutput

MAX_BASE64_BYTES = 700_000
"""All pictures of one tool result together, as base64: Claude Desktop refuses results over 1 MB."""

MOST_SINGLE = 4
"""More images than this go on one contact sheet."""

_SIDE_PX = {1: 1024, 2: 768, 3: 512, 4: 512}
_PRIORITY = 0.9

_STEPS = ((1.0, 80), (1.0, 65), (0.85, 60), (0.7, 55), (0.55, 50), (0.4, 45), (0.25, 40), (0.12, 30))
"""Scale and JPEG quality, tried in turn until a picture fits."""


@dataclass(frozen=True, kw_only=True)
class Previews:
    """Pictures for a tool result, and what to say about them."""

    content: list[ImageContent]
    note: str
    """Lines that tell which picture is which, and why an output has none; empty if there is nothing to tell."""


@dataclass(frozen=True, kw_only=True)
class _Encoded:
    content: bytes
    mime_type: str
    size_px: tuple[int, int]

    @property
    def base64_bytes(self) -> int:
        return (len(self.content) + 2) // 3 * 4


def previews(outputs: Sequence[StoredOutput], *, max_base64_bytes: int = MAX_BASE64_BYTES) -> Previews:
    """Makes a picture of every image, or one contact sheet numbered by place in `outputs` if there are over four.

    Blocking, a fraction of a second per image: call it through `anyio.to_thread`. An image that cannot be shown and
    an output that is no image become a line of the note; they never stop the others.
    """
    images = [(number, output) for number, output in enumerate(outputs, start=1) if output.type == "image"]
    missing = [
        f"No preview of {output.output_id}: {output.type}, {output.mime_type}, {written_size(output.size_bytes)}."
        for output in outputs
        if output.type != "image"
    ]
    if len(images) > MOST_CELLS:
        missing.append(f"No preview of the last {len(images) - MOST_CELLS} images: a sheet holds {MOST_CELLS}.")
    shown = images[:MOST_CELLS]
    side_px = _SIDE_PX.get(len(shown)) or sheet_side_px(len(shown)) // math.isqrt(max(1, len(shown)))
    pictures: list[tuple[int, StoredOutput, Image.Image]] = []
    for number, output in shown:
        try:
            content = output.path.read_bytes()
            pictures.append((number, output, reduced(content, mime_type=output.mime_type, side_px=side_px)))
        except PictureError as exc:
            missing.append(f"No preview of {output.output_id}: {exc}.")
        except OSError:
            missing.append(f"No preview of {output.output_id}: its file cannot be read.")
    told: list[str] = []
    if len(shown) > MOST_SINGLE and pictures:
        encoded = _fitted([contact_sheet([(number, picture) for number, _, picture in pictures])], max_base64_bytes)
        numbers = ", ".join(f"{number} is {output.output_id}" for number, output, _ in pictures)
        told.append(f"Contact sheet of {len(pictures)} images: {numbers}.")
    else:
        encoded = _fitted([picture for _, _, picture in pictures], max_base64_bytes)
        told += [_reduction(output, one) for (_, output, _), one in zip(pictures, encoded, strict=True)]
    blocks = [_block(one) for one in encoded if one is not None]
    return Previews(content=blocks, note="\n".join([*filter(None, told), *missing]))


def _reduction(output: StoredOutput, encoded: _Encoded | None) -> str:
    if encoded is None:
        return f"No preview of {output.output_id}: it does not fit into this answer."
    width_px, height_px = encoded.size_px
    if (output.width_px, output.height_px) == encoded.size_px:
        return ""
    return f"The preview of {output.output_id} is reduced to {width_px}x{height_px} px; the file is full size."


def _block(encoded: _Encoded) -> ImageContent:
    return ImageContent(
        data=base64.b64encode(encoded.content).decode("ascii"),
        mime_type=encoded.mime_type,
        annotations=Annotations(priority=_PRIORITY),
    )


def _fitted(pictures: Sequence[Image.Image], max_base64_bytes: int) -> list[_Encoded | None]:
    """Encodes the pictures so that together they fit; what small ones leave over goes to the large ones."""
    encoded: list[_Encoded | None] = [_encoded(picture, *_STEPS[0]) for picture in pictures]
    left = max_base64_bytes
    sizes = [one.base64_bytes for one in encoded if one is not None]
    if sum(sizes) <= left:
        return encoded
    smallest_first = sorted(range(len(pictures)), key=sizes.__getitem__)
    for done, place in enumerate(smallest_first):
        share = left // (len(pictures) - done)
        encoded[place] = fitting = _step_down(pictures[place], share)
        left -= fitting.base64_bytes if fitting is not None else 0
    return encoded


def _step_down(picture: Image.Image, max_base64_bytes: int) -> _Encoded | None:
    for scale, quality in _STEPS:
        for lossless in (True, False) if picture.mode == "RGBA" and scale == 1.0 else (False,):
            encoded = _encoded(picture, scale, quality, lossless=lossless)
            if encoded.base64_bytes <= max_base64_bytes:
                return encoded
    return None


def _encoded(picture: Image.Image, scale: float, quality: int, *, lossless: bool = True) -> _Encoded:
    if scale < 1.0:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    file = BytesIO()
    if picture.mode != "RGBA":
        picture.save(file, "JPEG", quality=quality, optimize=True)
        mime_type = "image/jpeg"
    elif lossless:
        picture.save(file, "PNG")
        mime_type = "image/png"
    else:
        picture.save(file, "WEBP", quality=quality)
        mime_type = "image/webp"
    return _Encoded(content=file.getvalue(), mime_type=mime_type, size_px=picture.size)
