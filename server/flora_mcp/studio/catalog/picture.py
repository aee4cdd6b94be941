"""From an aspect ratio and a resolution to pixels."""

from dataclasses import dataclass
from fractions import Fraction

LONGEST_SIDE_PX = {"0.5k": 512, "1k": 1024, "2k": 2048}
"""What each resolution means."""


@dataclass(frozen=True, kw_only=True)
class PictureSize:
    width_px: int
    height_px: int


def picture_size(*, aspect_ratio: str, resolution: str) -> PictureSize:
    """Returns the size whose longest side is the resolution's and whose other side is the nearest even number."""
    longest = LONGEST_SIDE_PX[resolution]
    wide, high = (int(part) for part in aspect_ratio.split(":"))
    shortest = 2 * round(Fraction(longest * min(wide, high), 2 * max(wide, high)))
    if wide >= high:
        return PictureSize(width_px=longest, height_px=shortest)
    return PictureSize(width_px=shortest, height_px=longest)
