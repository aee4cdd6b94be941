"""The work of a picture: counted, never timed, so that it can decide how fine the picture gets."""

from dataclasses import dataclass

MEASURED = 0.8
"""Work of measuring the distance to one part."""
_A_CALL = 1400
"""Distances that could be looked up in the time that a call takes by itself."""
_A_PIXEL = 19
"""Distances that may be looked up for each pixel."""
_FREE = 5_000_000
"""And for any picture, however small."""


class Work:
    """How much has been done for one picture, in distances that could have been looked up."""

    def __init__(self) -> None:
        self._points = 0.0
        self._calls = 0

    @property
    def done(self) -> int:
        """All of it."""
        return int(self._points) + _A_CALL * self._calls

    def add(self, points: int, weight: float = 1.0) -> None:
        """Counts work on so many points, each as much as looking `weight` distances up on a grid."""
        self._points += points * weight
        self._calls += 1

    def mark(self) -> "Mark":
        """Returns what has been done up to now, to tell later what a part of the work would take as a whole."""
        return Mark(points=self._points, calls=self._calls)

    def since(self, mark: "Mark", times: float, bands: float) -> float:
        """Returns the work since a mark if its points were so many times more, in so many times more bands."""
        return (self._points - mark.points) * times + _A_CALL * (self._calls - mark.calls) * bands


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A moment in the work."""

    points: float
    calls: int


def most_work(width_px: int, height_px: int) -> int:
    """Returns how much may be done for a picture of this size."""
    return _FREE + _A_PIXEL * width_px * height_px
