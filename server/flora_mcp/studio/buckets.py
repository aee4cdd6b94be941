"""How often each workspace may ask: a token bucket for each, in this process."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many requests a second in the long run, and at most `burst` at once."""

    per_second: float
    burst: int


@dataclass(kw_only=True)
class _Bucket:
    tokens: float
    filled_at_ms: int


class Buckets:
    """Token buckets by name.

    They are in memory: a write for each request would cost more than most requests. So of several processes on one
    database each allows the whole rate.

    Args:
        rate: Of each bucket.
        clock_ms: The wall clock, in Unix milliseconds; one that goes back fills nothing meanwhile.
    """

    def __init__(self, *, rate: Rate, clock_ms: Callable[[], int]) -> None:
        self._rate = rate
        self._clock_ms = clock_ms
        self._buckets: dict[str | None, _Bucket] = {}

    def take(self, name: str | None) -> int:
        """Takes a token. Returns 0, or the milliseconds until there is one, and then takes none."""
        now_ms = self._clock_ms()
        bucket = self._buckets.setdefault(name, _Bucket(tokens=self._rate.burst, filled_at_ms=now_ms))
        gained = max(0, now_ms - bucket.filled_at_ms) * self._rate.per_second / 1000
        bucket.tokens = min(self._rate.burst, bucket.tokens + gained)
        bucket.filled_at_ms = now_ms
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return int((1 - bucket.tokens) * 1000 / self._rate.per_second) + 1
