"""Encodes pictures so that together they keep within a number of bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

_STEPS = ((1.0, 80), (1.0, 65), (0.85, 60), (0.7, 55), (0.55, 50), (0.4, 45), (0.25, 40), (0.12, 30))
"""Scale and JPEG quality, tried in turn until a picture fits."""


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A picture as a file."""

    content: bytes
    mime_type: str
    size_px: tuple[int, int]

    @property
    def base64_bytes(self) -> int:
        return (len(self.content) + 2) // 3 * 4


def fitted(pictures: Sequence[Image.Image], max_base64_bytes: int) -> list[Encoded | None]:
    """Encodes the pictures so that together they fit; what small ones leave over goes to the large ones.

    Opaque pictures become JPEG, transparent ones PNG, or WebP where that is too large. None stands for a picture that
    does not fit even at its smallest.
    """
    best = [_encoded(picture, *_STEPS[0], lossless=True) for picture in pictures]
    if sum(one.base64_bytes for one in best) <= max_base64_bytes:
        return [*best]
    fitting: list[Encoded | None] = [None] * len(pictures)
    left = max_base64_bytes
    smallest_first = sorted(range(len(pictures)), key=lambda place: best[place].base64_bytes)
    for done, place in enumerate(smallest_first):
        share = left // (len(pictures) - done)
        one = best[place] if best[place].base64_bytes <= share else _smaller(pictures[place], share)
        fitting[place] = one
        left -= one.base64_bytes if one is not None else 0
    return fitting


def _smaller(picture: Image.Image, max_base64_bytes: int) -> Encoded | None:
    for scale, quality in _STEPS if picture.mode == "RGBA" else _STEPS[1:]:
        encoded = _encoded(picture, scale, quality, lossless=False)
        if encoded.base64_bytes <= max_base64_bytes:
            return encoded
    return None


def _encoded(picture: Image.Image, scale: float, quality: int, *, lossless: bool) -> Encoded:
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
        picture.save(file, "WEBP", quality=quality, alpha_quality=quality, method=2)
        mime_type = "image/webp"
    return Encoded(content=file.getvalue(), mime_type=mime_type, size_px=picture.size)
