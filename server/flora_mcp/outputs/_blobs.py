"""Files named by their content, each whole or absent."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

ABANDONED_SECONDS = 3600.0
"""A partial file older than this belongs to a process that was killed."""


class Blobs:
    """A folder of read-only files. Blocking; any number of threads and processes may share it."""

    def __init__(self, directory: Path, *, clock: Callable[[], datetime]) -> None:
        self.directory = directory
        self._partial = directory / "partial"
        self._clock = clock

    def put(self, content: bytes, *, extension: str) -> tuple[str, Path]:
        """Keeps the bytes and returns their SHA-256 and their file; bytes that are there are not written again.

        Raises:
            OSError: the folder cannot be written, or is full; no part of the bytes stays behind.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.directory / sha256[:2] / f"{sha256}{extension}"
        if not (path.is_file() and path.stat().st_size == len(content)):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(path, content)
        return sha256, path

    def _write(self, path: Path, content: bytes) -> None:
        self._partial.mkdir(exist_ok=True, mode=0o700)
        self._sweep()
        descriptor, name = tempfile.mkstemp(dir=self._partial)
        partial = Path(name)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            # Agents are told this path; an edit in place would change every output with the same bytes.
            partial.chmod(0o444)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def _sweep(self) -> None:
        abandoned = self._clock().timestamp() - ABANDONED_SECONDS
        for partial in self._partial.iterdir():
            try:
                if partial.stat().st_mtime < abandoned:
                    partial.unlink()
            except FileNotFoundError:
                continue  # another process finished it, or swept first


def _sync_folder(folder: Path) -> None:
    """Makes a rename survive a power cut, where folders can be synced at all."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
