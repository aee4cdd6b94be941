"""Finished files on disk: written whole or not at all."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flora_mcp.studio.errors import MediaWriteError, StudioUnavailableError

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "text/plain": "txt"}


@dataclass(frozen=True, kw_only=True)
class MediaFile:
    file_name: str
    size_bytes: int
    sha256: str


class MediaStore:
    """A directory per run and per asset below `directory`; their ids never meet, having prefixes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path_of(self, *, owner_id: str, file_name: str) -> Path:
        """Returns where a file is; both names must come from the database."""
        return self._directory / owner_id / file_name

    def write(self, content: bytes, *, owner_id: str, output_id: str, mime_type: str) -> MediaFile:
        """Stores a run's file under a name that follows from the run, so that doing it twice leaves one file.

        Raises:
            MediaWriteError: The disk refused it.
        """
        file_name = f"{output_id}.{EXTENSIONS.get(mime_type, 'bin')}"
        # Only the leader writes the media of runs, one run at a time, so the partial file needs no unique
        # name: what a crash leaves is overwritten by the next attempt.
        part = self.path_of(owner_id=owner_id, file_name=f"{file_name}.part")
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            self._adopt(part, owner_id=owner_id, file_name=file_name)
        except OSError as exc:
            _remove(part)
            raise MediaWriteError(
                f"The finished file ({len(content)} bytes) could not be stored: {exc.strerror}. "
                "Free space in the studio's data directory or make it writable, then run again."
            ) from exc
        return MediaFile(file_name=file_name, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """Lends a path for a file that comes in; what is still there at the end is removed.

        Raises:
            StudioUnavailableError: The disk refused something within.
        """
        path = self._directory / "incoming" / secrets.token_hex(16)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            yield path
        except OSError as exc:
            raise StudioUnavailableError(
                f"The file could not be stored: {exc.strerror}. Free space in the studio's data directory."
            ) from exc
        finally:
            _remove(path)

    def adopt(self, incoming: Path, *, owner_id: str, file_name: str) -> None:
        """Moves a whole file to its place, replacing what was there."""
        self.path_of(owner_id=owner_id, file_name=file_name).parent.mkdir(parents=True, exist_ok=True)
        self._adopt(incoming, owner_id=owner_id, file_name=file_name)

    def remove(self, owner_id: str) -> None:
        """Deletes the files of a run or asset that no record will name."""
        shutil.rmtree(self._directory / owner_id, ignore_errors=True)

    def _adopt(self, part: Path, *, owner_id: str, file_name: str) -> None:
        path = self.path_of(owner_id=owner_id, file_name=file_name)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
        _sync_directory(path.parent)


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
