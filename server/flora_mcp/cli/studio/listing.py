"""How lists are shown: one thing a line, in columns, for people and for `cut`."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime


def show(rows: Sequence[Sequence[str]]) -> None:
    """Writes rows whose first cells name what they are, padded to columns two spaces apart."""
    widths = [max(len(row[number]) for row in rows) for number in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def time_of(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
