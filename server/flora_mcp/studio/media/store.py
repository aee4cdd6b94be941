"""What keeps files, wherever it keeps them."""

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "text/plain": "txt"}


@dataclass(frozen=True, kw_only=True)
class MediaFile:
    file_name: str
    size_bytes: int
    sha256: str


class MediaStore(Protocol):
    """A room per run and per asset, named by their ids, which never meet. Everything blocks; for worker threads.

    File names come from the database or from the studio itself, never from a request.
    """

    def local(self, *, owner_id: str, file_name: str) -> Path:
        """Returns a path to read a file at; what is far away is brought here first.

        Raises:
            OSError: The file is gone, or the store does not answer.
        """

    def write(self, content: bytes, *, owner_id: str, output_id: str, mime_type: str) -> MediaFile:
        """Stores a run's file under a name that follows from the run, so that doing it twice leaves one file.

        Raises:
            MediaWriteError: The store refused it.
        """

    def incoming(self) -> AbstractContextManager[Path]:
        """Lends a path on this machine for a file that comes in; what is still there at the end is removed.

        Raises:
            StudioUnavailableError: The disk or the store refused something within.
        """

    def adopt(self, incoming: Path, *, owner_id: str, file_name: str) -> None:
        """Moves a whole file to its place, replacing what was there.

        Raises:
            OSError: The store refused it.
        """

    def take(self, *, owner_id: str, file_name: str, into: Path) -> bool:
        """Moves a file out of its place; of several who do so at once each gets a whole file or none.

        Returns:
            False when there is none.

        Raises:
            OSError: The store does not answer.
        """

    def remove(self, owner_id: str) -> None:
        """Deletes the files of a run or asset that no record will name, as far as that can be done."""

    def sweep(self) -> None:
        """Removes what crashes left half-way in; called when the studio opens."""


def described(content: bytes, *, output_id: str, mime_type: str) -> MediaFile:
    """Returns what is recorded of a run's file."""
    return MediaFile(
        file_name=f"{output_id}.{EXTENSIONS.get(mime_type, 'bin')}",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
