"""Copies of files that are kept elsewhere, the oldest given up first."""

import os
import threading
import time
from pathlib import Path

from flora_mcp.studio.media.arrivals import discard

IN_USE_SECONDS = 600
"""A copy that was asked for so lately may still be read; it is kept whatever its size."""


class Copies:
    """A folder of files, bounded in bytes; the time of a file is when it was last asked for.

    Args:
        directory: Where they are.
        most_bytes: How much they may take, beside those in use.
    """

    def __init__(self, directory: Path, *, most_bytes: int) -> None:
        self._directory = directory
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._added_bytes = 0

    def find(self, owner_id: str, file_name: str) -> Path | None:
        """Returns a copy, and remembers that it was asked for."""
        path = self._directory / owner_id / file_name
        try:
            os.utime(path)
        except OSError:
            return None
        return path

    def add(self, part: Path, owner_id: str, file_name: str) -> Path:
        """Takes a whole file over and returns where it is now."""
        path = self._directory / owner_id / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        size_bytes = part.stat().st_size
        part.replace(path)
        with self._lock:
            self._added_bytes += size_bytes
            full = self._added_bytes > self._most_bytes // 8
        if full:
            self.shrink()
        return path

    def shrink(self) -> None:
        """Gives up the copies that were not asked for the longest, until the others fit."""
        with self._lock:
            self._added_bytes = 0
            found = sorted(self._files())
            total_bytes = sum(size for _, size, _ in found)
            newest = time.time() - IN_USE_SECONDS
            for asked, size, path in found:
                if total_bytes <= self._most_bytes or asked > newest:
                    return
                discard(path)
                total_bytes -= size

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self._directory.glob("*/*"):
            try:
                stat = path.stat()
            except OSError:  # given up by another process
                continue
            found.append((stat.st_mtime, stat.st_size, path))
        return found
