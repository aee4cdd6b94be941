"""Files on their way in, on this machine's disk."""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flora_mcp.studio.errors import StudioUnavailableError

STALE_SECONDS = 24 * 60 * 60
"""No file takes so long to arrive; what is older was left by a process that died."""


def _name() -> str:
    return secrets.token_hex(16)


class Arrivals:
    """A folder of files that are not whole yet.

    Args:
        directory: The folder.
        name: Gives a name that nobody else uses.
    """

    def __init__(self, directory: Path, *, name: Callable[[], str] = _name) -> None:
        self._directory = directory
        self._name = name

    @contextmanager
    def lend(self) -> Iterator[Path]:
        """Lends a path; what is still there at the end is removed.

        Raises:
            StudioUnavailableError: An `OSError` came from within.
        """
        path = self.fresh()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            yield path
        except OSError as exc:
            raise StudioUnavailableError(
                f"The file could not be stored: {exc.strerror or exc}. Free space in the studio's data directory."
            ) from exc
        finally:
            discard(path)

    def fresh(self) -> Path:
        """Returns a path that nobody else uses."""
        return self._directory / self._name()

    def sweep(self) -> None:
        """Removes what has long been there; others may be at work in the same folder."""
        oldest = time.time() - STALE_SECONDS
        try:
            with os.scandir(self._directory) as entries:
                stale = [Path(entry.path) for entry in entries if entry.stat(follow_symlinks=False).st_mtime < oldest]
        except OSError:  # there is none, or it goes away meanwhile: nothing to remove
            return
        for path in stale:
            discard(path)


def discard(path: Path) -> None:
    """Removes a file that is no longer wanted, if it is there."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
