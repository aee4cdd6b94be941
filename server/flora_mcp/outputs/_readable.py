"""A folder of the user's own, where each output is written once under a name that says what it is."""

import filecmp
import os
import re
import secrets
import shutil
import time
from pathlib import Path

PARTIAL = ".flora-mcp-"
"""How files begin that are being written; hidden, and swept when their process was killed."""

ABANDONED_SECONDS = 3600.0


class ReadableFolder:
    """Copies, not links: what the user does to a file there never reaches the store. Blocking; may be shared."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def put(self, source: Path, *, stem: str) -> str:
        """Writes a copy under the first free number and returns its name; one with the same bytes is taken as it is.

        Nothing is overwritten, and no other process ever sees half a file.

        Raises:
            OSError: The folder cannot be written, or is full; nothing of the file stays behind.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        partial: Path | None = None
        try:
            while True:
                found, following = self._same(source, stem)
                if found is not None:
                    return found
                if partial is None:
                    partial = self.directory / f"{PARTIAL}{secrets.token_hex(8)}"
                    _copy(source, partial)
                name = f"{stem}-{following}{source.suffix}"
                if _appear(partial, self.directory / name):
                    return name
        finally:
            if partial is not None:
                partial.unlink(missing_ok=True)

    def _same(self, source: Path, stem: str) -> tuple[str | None, int]:
        """Returns the name of a file that has the bytes, and the number after the last."""
        numbered = re.compile(re.escape(stem) + r"-(\d{1,9})(\.\w+)?")
        size_bytes = source.stat().st_size
        following = 1
        with os.scandir(self.directory) as entries:
            for entry in entries:
                if entry.name.startswith(PARTIAL):
                    _sweep(entry)
                match = numbered.fullmatch(entry.name)
                if match is None:
                    continue
                following = max(following, int(match[1]) + 1)
                if match[2] == source.suffix and _has(entry, size_bytes) and filecmp.cmp(source, entry, shallow=False):
                    return entry.name, following
        return None, following


def _has(entry: "os.DirEntry[str]", size_bytes: int) -> bool:
    try:
        return entry.is_file() and entry.stat().st_size == size_bytes
    except OSError:
        return False  # it was removed or renamed meanwhile


def _copy(source: Path, target: Path) -> None:
    """Copies the bytes; on file systems that can, the copy shares the space of the original."""
    with source.open("rb") as origin, target.open("xb") as copy:
        try:
            while os.copy_file_range(origin.fileno(), copy.fileno(), 1 << 30):
                pass
        except (AttributeError, OSError):  # of another system, or between file systems that cannot
            origin.seek(0)
            copy.seek(0)
            shutil.copyfileobj(origin, copy, 1 << 20)
            copy.truncate()
        copy.flush()
        os.fsync(copy.fileno())


def _appear(partial: Path, path: Path) -> bool:
    """Gives a whole file its name, unless the name is taken."""
    try:
        os.link(partial, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without links, such as that of a memory card: the name is taken first, and filled at once.
        try:
            path.open("xb").close()
        except FileExistsError:
            return False
        partial.replace(path)
    return True


def _sweep(entry: "os.DirEntry[str]") -> None:
    try:
        if entry.stat().st_mtime < time.time() - ABANDONED_SECONDS:
            os.unlink(entry)
    except FileNotFoundError:
        return  # another process finished it, or swept first
