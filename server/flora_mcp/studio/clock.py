"""The wall clock."""

import time


def wall_ms() -> int:
    """Returns the time in Unix milliseconds."""
    return time.time_ns() // 1_000_000
