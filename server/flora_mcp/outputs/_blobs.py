"""Files named by their content, each whole or absent."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flora_mcp.outputs._room import Kept

ABANDONED_SECONDS = 3600.0
"""A partial file older than this belongs to a process that was killed."""

TOUCH_SECONDS = 30.0
"""How exactly the last use is known. Less than what counts as fresh."""


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
        if self.touch(path) != len(content):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(path, content)
        return sha256, path

    def touch(self, path: Path) -> int | None:
        """Notes that a file is used, if that was not noted lately; returns its size, None if it is not there.

        Its time of change tells the last use: a file of a store does not change. So it costs a look, at most once in
        a while a write of the folder's own bookkeeping, and all processes know it.
        """
        now = self._clock().timestamp()
        try:
            found = path.stat()
            if found.st_mtime < now - TOUCH_SECONDS:
                os.utime(path, (now, now))
        except FileNotFoundError:
            return None
        except PermissionError:
            return found.st_size  # of another user, in a folder that several share
        return found.st_size

    def kept(self) -> list[Kept]:
        """Returns every file that is there."""
        found = []
        for folder in self.directory.glob("[0-9a-f][0-9a-f]"):
            with os.scandir(folder) as entries:
                for entry in entries:
                    try:
                        seen = entry.stat()
                    except FileNotFoundError:
                        continue  # another process removed it
                    file = f"{folder.name}/{entry.name}"
                    found.append(Kept(file=file, size_bytes=seen.st_size, used_at=seen.st_mtime))
        return found

    def remove(self, file: str) -> None:
        """Removes a file; whoever has it open keeps what is open."""
        (self.directory / file).unlink(missing_ok=True)

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
            now = self._clock().timestamp()
            os.utime(partial, (now, now))
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
