"""Media in a bucket of an S3-compatible store, with a bounded copy on this machine of what is read."""

import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from flora_mcp.studio.errors import MediaWriteError
from flora_mcp.studio.media.arrivals import Arrivals, discard
from flora_mcp.studio.media.copies import Copies
from flora_mcp.studio.media.store import MediaFile, described

_CHUNK_BYTES = 1024 * 1024


class BucketMedia:
    """An object per file, `<prefix>/<owner>/<name>`.

    Args:
        store: The bucket, below its prefix.
        directory: For copies and for files on their way in; of this machine alone.
        most_bytes: How much the copies may take.
    """

    def __init__(self, store: S3Store, *, directory: Path, most_bytes: int) -> None:
        self._store = store
        self._copies = Copies(directory / "copies", most_bytes=most_bytes)
        self._arrivals = Arrivals(directory / "incoming")

    def local(self, *, owner_id: str, file_name: str) -> Path:
        # Objects never change: outputs are the same bytes each time, and assets' names are random.
        found = self._copies.find(owner_id, file_name)
        if found is not None:
            return found
        part = self._arrivals.fresh()
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._download(_key(owner_id, file_name), part)
            return self._copies.add(part, owner_id, file_name)
        finally:
            discard(part)

    def write(self, content: bytes, *, owner_id: str, output_id: str, mime_type: str) -> MediaFile:
        file = described(content, output_id=output_id, mime_type=mime_type)
        try:
            with _as_os_errors():
                obstore.put(self._store, _key(owner_id, file.file_name), content)
        except OSError as exc:
            raise MediaWriteError(
                f"The finished file ({len(content)} bytes) could not be stored: {exc}. "
                "Check the bucket and its credentials, then run again."
            ) from exc
        return file

    def incoming(self) -> AbstractContextManager[Path]:
        return self._arrivals.lend()

    def adopt(self, incoming: Path, *, owner_id: str, file_name: str) -> None:
        with _as_os_errors():
            obstore.put(self._store, _key(owner_id, file_name), incoming)
        discard(incoming)

    def take(self, *, owner_id: str, file_name: str, into: Path) -> bool:
        # Renamed first: what is uploaded to the old name meanwhile does not mix with it.
        taken = _key(owner_id, f"{file_name}-{secrets.token_hex(8)}")
        try:
            with _as_os_errors():
                obstore.rename(self._store, _key(owner_id, file_name), taken)
        except FileNotFoundError:
            return False
        self._download(taken, into)
        with _as_os_errors():
            obstore.delete(self._store, taken)
        return True

    def remove(self, owner_id: str) -> None:
        try:
            for page in obstore.list(self._store, prefix=owner_id):
                obstore.delete(self._store, [each["path"] for each in page])
        except BaseError:
            return

    def sweep(self) -> None:
        self._arrivals.sweep()
        self._copies.shrink()

    def _download(self, key: str, into: Path) -> None:
        with _as_os_errors(), into.open("xb") as file:
            for chunk in obstore.get(self._store, key).stream(min_chunk_size=_CHUNK_BYTES):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())


def _key(owner_id: str, file_name: str) -> str:
    return f"{owner_id}/{file_name}"


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """Lets what the bucket says be handled as what a disk says."""
    try:
        yield
    except NotFoundError as exc:
        raise FileNotFoundError("the bucket has no such file") from exc
    except BaseError as exc:
        first_line = str(exc).partition("\n")[0]
        raise OSError(f"the bucket did not do it: {first_line[:300]}") from exc
