"""Finished files on disk: written whole or not at all."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from flora_mcp.studio.errors import MediaWriteError

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True, kw_only=True)
class MediaFile:
    file_name: str
    size_bytes: int
    sha256: str


class MediaStore:
    """A directory per run below `directory`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path_of(self, *, run_id: str, file_name: str) -> Path:
        """Returns where a file is; both names must come from the database."""
        return self._directory / run_id / file_name

    def write(self, content: bytes, *, run_id: str, output_id: str, mime_type: str) -> MediaFile:
        """Stores a file under a name that follows from its run, so that doing it twice leaves one file.

        Raises:
            MediaWriteError: The disk refused it.
        """
        file_name = f"{output_id}.{EXTENSIONS.get(mime_type, 'bin')}"
        path = self.path_of(run_id=run_id, file_name=file_name)
        # Only the leader writes media, one run at a time, so the partial file needs no unique name:
        # what a crash leaves is overwritten by the next attempt.
        part = path.with_name(f"{file_name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            _sync_directory(path.parent)
        except OSError as exc:
            _remove(part)
            raise MediaWriteError(
                f"The finished file ({len(content)} bytes) could not be stored: {exc.strerror}. "
                "Free space in the studio's data directory or make it writable, then run again."
            ) from exc
        return MediaFile(file_name=file_name, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


def _sync_directory(directory: Path) -> None:
    """Makes a rename survive a power cut, where directories can be opened."""
    try:
        handle = os.open(directory, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return
