"""Media in a folder, which several machines may share. Files are there whole or not at all."""

import os
import shutil
from contextlib import AbstractContextManager
from pathlib import Path

from flora_mcp.studio.errors import MediaWriteError
from flora_mcp.studio.media.arrivals import Arrivals, discard
from flora_mcp.studio.media.store import MediaFile, described

INCOMING = "incoming"


class FolderMedia:
    """A directory per run and per asset below `directory`.

    Args:
        directory: The folder.
        arrivals: Where files are until they are whole; on the same disk, so that they move by a rename.
    """

    def __init__(self, directory: Path, *, arrivals: Arrivals | None = None) -> None:
        self._directory = directory
        self._arrivals = arrivals or Arrivals(directory / INCOMING)

    def local(self, *, owner_id: str, file_name: str) -> Path:
        return self._directory / owner_id / file_name

    def write(self, content: bytes, *, owner_id: str, output_id: str, mime_type: str) -> MediaFile:
        file = described(content, output_id=output_id, mime_type=mime_type)
        # Of its own name: a worker that was taken for dead may write the same file at the same time.
        part = self._arrivals.fresh()
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            self.adopt(part, owner_id=owner_id, file_name=file.file_name)
        except OSError as exc:
            discard(part)
            raise MediaWriteError(
                f"The finished file ({len(content)} bytes) could not be stored: {exc.strerror}. "
                "Free space in the studio's data directory or make it writable, then run again."
            ) from exc
        return file

    def incoming(self) -> AbstractContextManager[Path]:
        return self._arrivals.lend()

    def adopt(self, incoming: Path, *, owner_id: str, file_name: str) -> None:
        path = self._directory / owner_id / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        with incoming.open("rb+") as file:
            os.fsync(file.fileno())
        incoming.replace(path)
        _sync_directory(path.parent)

    def take(self, *, owner_id: str, file_name: str, into: Path) -> bool:
        try:
            (self._directory / owner_id / file_name).replace(into)
        except FileNotFoundError:
            return False
        return True

    def remove(self, owner_id: str) -> None:
        shutil.rmtree(self._directory / owner_id, ignore_errors=True)

    def sweep(self) -> None:
        self._arrivals.sweep()


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
