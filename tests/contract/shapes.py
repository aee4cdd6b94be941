"""Values that are equal to any good one, for what a case cannot foretell."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Like:
    """Equals any text that the whole pattern fits."""

    pattern: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and re.fullmatch(self.pattern, other) is not None

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Between:
    """Equals any number within bounds, both included."""

    low: float
    high: float = float("inf")

    def __eq__(self, other: object) -> bool:
        is_number = isinstance(other, int | float) and not isinstance(other, bool)
        return is_number and self.low <= other <= self.high  # type: ignore[operator]

    __hash__ = None  # type: ignore[assignment]


PROJECT_ID = Like(r"prj_\S+")
RUN_ID = Like(r"run_\S+")
ASSET_ID = Like(r"asset_\S+")
UUID = Like(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
URL = Like(r"https?://\S+")
REQUEST_ID = Like(r"req_\S+")
TIME_MS = Between(1_700_000_000_000)
ISO_TIME = Like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
