"""Counting the work of a picture, so that its fidelity can follow from it."""

_A_CALL = 400
"""Points that could be measured in the time that a call takes by itself."""


class Work:
    """How many distances have been measured; one scene has one count."""

    def __init__(self) -> None:
        self.done = 0

    def add(self, points: int, parts: int = 1) -> None:
        """Counts that distances from so many points to so many parts are measured."""
        self.done += (points + _A_CALL) * parts
