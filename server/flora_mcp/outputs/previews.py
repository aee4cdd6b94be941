"""Makes small pictures of outputs for a tool result, all of them together within a budget of bytes."""

import base64
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mcp_types import Annotations, ImageContent
from PIL import Image

from flora_mcp.outputs._encoding import Encoded, fitted
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
_NO_ROOM = "it does not fit into this answer"


@dataclass(frozen=True, kw_only=True)
class Previews:
    """Pictures for a tool result, and what to say about them."""

    content: list[ImageContent]
    note: str
    """Lines that tell which picture is which, and why an output has none; empty if there is nothing to tell."""


@dataclass(frozen=True, kw_only=True)
class _Picture:
    number: int
    name: str
    output: StoredOutput
    image: Image.Image


def previews(outputs: Sequence[StoredOutput], *, max_base64_bytes: int = MAX_BASE64_BYTES) -> Previews:
    """Makes a picture of every image, or one contact sheet numbered by place in `outputs` if there are over four.

    Blocking, a fraction of a second per image: call it through `anyio.to_thread`. An image that cannot be shown and
    an output that is no image become a line of the note; they never stop the others.
    """
    pictures, missing = _pictures(outputs)
    if sum(output.type == "image" for output in outputs) > MOST_SINGLE and pictures:
        encoded, told = _sheet(pictures, max_base64_bytes)
    else:
        encoded, told = _singles(pictures, max_base64_bytes)
    content = [
        ImageContent(
            data=base64.b64encode(one.content).decode("ascii"),
            mime_type=one.mime_type,
            annotations=Annotations(priority=_PRIORITY),
        )
        for one in encoded
        if one is not None
    ]
    return Previews(content=content, note="\n".join([*told, *missing]))


def _pictures(outputs: Sequence[StoredOutput]) -> tuple[list[_Picture], list[str]]:
    """Returns the images that can be shown, reduced, and a line for each output that cannot."""
    count = min(MOST_CELLS, sum(output.type == "image" for output in outputs))
    side_px = _SIDE_PX.get(count) or sheet_side_px(count) // math.isqrt(max(1, count))
    pictures: list[_Picture] = []
    missing: list[str] = []
    left = count
    for number, (name, output) in enumerate(zip(_names(outputs), outputs, strict=True), start=1):
        if output.type != "image":
            missing.append(_absence(name, f"{output.type}, {output.mime_type}, {written_size(output.size_bytes)}"))
            continue
        if not left:
            missing.append(_absence(name, f"a sheet holds {MOST_CELLS} images"))
            continue
        left -= 1
        try:
            image = reduced(output.path.read_bytes(), mime_type=output.mime_type, side_px=side_px)
        except PictureError as exc:
            missing.append(_absence(name, str(exc)))
        except OSError:
            missing.append(_absence(name, "its file cannot be read"))
        else:
            pictures.append(_Picture(number=number, name=name, output=output, image=image))
    return pictures, missing


def _singles(pictures: Sequence[_Picture], max_base64_bytes: int) -> tuple[list[Encoded | None], list[str]]:
    encoded = fitted([picture.image for picture in pictures], max_base64_bytes)
    told = []
    smaller = []
    for picture, one in zip(pictures, encoded, strict=True):
        if one is None:
            told.append(_absence(picture.name, _NO_ROOM))
        elif one.size_px != (picture.output.width_px, picture.output.height_px):
            smaller.append(f"{picture.name} to {one.size_px[0]}x{one.size_px[1]} px")
    if smaller:
        told.insert(0, f"Previews are reduced: {', '.join(smaller)}. The files have the full size.")
    return encoded, told


def _sheet(pictures: Sequence[_Picture], max_base64_bytes: int) -> tuple[list[Encoded | None], list[str]]:
    encoded = fitted([contact_sheet([(picture.number, picture.image) for picture in pictures])], max_base64_bytes)
    if encoded == [None]:
        return encoded, [_absence("the contact sheet", _NO_ROOM)]
    numbers = ", ".join(f"{picture.number} is {picture.name}" for picture in pictures)
    return encoded, [f"Contact sheet of {len(pictures)} images: {numbers}. The files have the full size."]


def _names(outputs: Sequence[StoredOutput]) -> list[str]:
    """Returns the outputs' ids, or their addresses where runs have outputs of the same id."""
    counts = Counter(output.output_id for output in outputs)
    return [output.output_id if counts[output.output_id] == 1 else output.uri for output in outputs]


def _absence(name: str, reason: str) -> str:
    return f"No preview of {name}: {reason}."
