"""Makes small pictures of outputs for a tool result, all of them together within a budget of bytes."""

import base64
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mcp_types import Annotations, ImageContent
from PIL import Image

from flora_mcp.outputs._encoding import Encoded, fitted
from flora_mcp.outputs._pictures import PictureError, reduced
from flora_mcp.outputs._sheet import MOST_CELLS, contact_sheet, sheet_side_px
from flora_mcp.outputs._stills import still
from flora_mcp.outputs.exhibit import Exhibit, exhibits
from flora_mcp.outputs.facts import written_size
from flora_mcp.outputs.output import StoredOutput
from flora_mcp.stills import StillError, Stills

MAX_BASE64_BYTES = 700_000
"""All pictures of one tool result together, as base64: Claude Desktop refuses results over 1 MB."""

MOST_SINGLE = 4
"""More pictures than this go on one contact sheet."""

MOST_SIDE_PX = 1568
"""Models see no more, and sides above 2000 px can break a conversation."""

PICTURED = ("image", "video", "audio")
"""A video is shown by a poster, a sound by its waveform."""

STILLS = Stills()
STILLS_SECONDS = 25.0
"""A call answers within 45 s; one file may take 20."""

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
    exhibit: Exhibit
    image: Image.Image
    told: str = ""


class _Decoder:
    """Makes the pictures of one answer, within its time."""

    def __init__(self, stills: Stills, *, seconds: float) -> None:
        self._stills = stills
        self._until = time.monotonic() + seconds

    def picture(self, exhibit: Exhibit, side_px: int) -> tuple[Image.Image, str]:
        """Returns the picture, and what is to be told of it."""
        if exhibit.type == "image":
            content = exhibit.media.read_bytes() if isinstance(exhibit.media, Path) else exhibit.media
            return reduced(content, mime_type=exhibit.mime_type, side_px=side_px), ""
        if time.monotonic() >= self._until:
            raise PictureError("the others took all the time there is, show it by itself")
        return still(exhibit, side_px=side_px, stills=self._stills)


def previews(outputs: Sequence[StoredOutput], *, max_base64_bytes: int = MAX_BASE64_BYTES) -> Previews:
    """Makes a picture of every output, or one contact sheet numbered by place in `outputs` if there are over four.

    As `exhibition`, of stored outputs.
    """
    return exhibition(exhibits(outputs), max_base64_bytes=max_base64_bytes)


def exhibition(
    shown: Sequence[Exhibit],
    *,
    side_px: int | None = None,
    max_base64_bytes: int = MAX_BASE64_BYTES,
    stills: Stills = STILLS,
    stills_seconds: float = STILLS_SECONDS,
) -> Previews:
    """Makes a picture of every exhibit, or one contact sheet numbered by place in `shown` if there are over four.

    Blocking, a fraction of a second per picture: call it through `anyio.to_thread`. What cannot be shown becomes a
    line of the note; it never stops the others.

    Args:
        shown: What is to be seen.
        side_px: The longest side of a single picture or of the sheet, at most `MOST_SIDE_PX`; by number, if None.
        max_base64_bytes: What all pictures together may take.
        stills: Makes pictures of videos and sounds.
        stills_seconds: After so long, further videos and sounds are only named.
    """
    pictures, missing = _pictures(shown, side_px, _Decoder(stills, seconds=stills_seconds))
    sheet = sum(each.type in PICTURED for each in shown) > MOST_SINGLE
    encoded, told = (
        _sheet(pictures, side_px, max_base64_bytes) if sheet and pictures else _singles(pictures, max_base64_bytes)
    )
    content = [
        ImageContent(
            data=base64.b64encode(one.content).decode("ascii"),
            mime_type=one.mime_type,
            annotations=Annotations(priority=_PRIORITY),
        )
        for one in encoded
        if one is not None
    ]
    return Previews(content=content, note="\n".join([*told, *(each.told for each in pictures if each.told), *missing]))


def _pictures(shown: Sequence[Exhibit], side_px: int | None, decoder: _Decoder) -> tuple[list[_Picture], list[str]]:
    """Returns the pictures of what can be shown, reduced, and a line for each that cannot."""
    count = min(MOST_CELLS, sum(each.type in PICTURED for each in shown))
    whole_px = min(side_px, MOST_SIDE_PX) if side_px else _SIDE_PX.get(count) or sheet_side_px(count)
    each_px = whole_px if count <= MOST_SINGLE else whole_px // math.isqrt(count)
    pictures: list[_Picture] = []
    missing: list[str] = []
    left = count
    for number, exhibit in enumerate(shown, start=1):
        if exhibit.type not in PICTURED:
            kind = f"{exhibit.type}, {exhibit.mime_type}, {written_size(exhibit.size_bytes)}"
            missing.append(_absence(exhibit.name, kind))
            continue
        if not left:
            missing.append(_absence(exhibit.name, f"a sheet holds {MOST_CELLS} images"))
            continue
        left -= 1
        try:
            image, told = decoder.picture(exhibit, each_px)
        except (PictureError, StillError) as exc:
            missing.append(_absence(exhibit.name, str(exc)))
        except OSError:
            missing.append(_absence(exhibit.name, "its file cannot be read"))
        else:
            pictures.append(_Picture(number=number, exhibit=exhibit, image=image, told=told))
    return pictures, missing


def _singles(pictures: Sequence[_Picture], max_base64_bytes: int) -> tuple[list[Encoded | None], list[str]]:
    encoded = fitted([picture.image for picture in pictures], max_base64_bytes)
    told = []
    smaller = []
    for picture, one in zip(pictures, encoded, strict=True):
        exhibit = picture.exhibit
        if one is None:
            told.append(_absence(exhibit.name, _NO_ROOM))
        elif exhibit.type == "image" and one.size_px != exhibit.size_px:
            smaller.append(f"{exhibit.name} to {one.size_px[0]}x{one.size_px[1]} px")
    if smaller:
        told.insert(0, f"Previews are reduced: {', '.join(smaller)}. The files have the full size.")
    return encoded, told


def _sheet(
    pictures: Sequence[_Picture], side_px: int | None, max_base64_bytes: int
) -> tuple[list[Encoded | None], list[str]]:
    sheet = contact_sheet([(picture.number, picture.image) for picture in pictures])
    if side_px:
        sheet.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    encoded = fitted([sheet], max_base64_bytes)
    if encoded == [None]:
        return encoded, [_absence("the contact sheet", _NO_ROOM)]
    numbers = ", ".join(f"{picture.number} is {picture.exhibit.name}" for picture in pictures)
    return encoded, [f"Contact sheet of {len(pictures)} images: {numbers}. The files have the full size."]


def _absence(name: str, reason: str) -> str:
    return f"No preview of {name}: {reason}."
