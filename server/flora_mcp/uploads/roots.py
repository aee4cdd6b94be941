"""The folders whose files may be uploaded, and the one way to open a file in them."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from flora_mcp.uploads.errors import RefusedError
from flora_mcp.uploads.opening import OPENER, Opener

VARIABLE = "FLORA_UPLOAD_ROOTS"

ELSEWHERE = (
    "Pass a data: URL, a public https:// address or an output's flora:// address instead; or, from a shell: "
    'asset = client.assets.create(source="signed-url", workspace_id=…) in execute, send the form that its upload '
    "tells (the file last), then client.assets.complete(asset.asset_id)."
)


class Roots:
    """Folders; none at all when whoever asks has another machine than this one.

    What counts is where a file is when it is open: links and `..` may be in a path as long as they lead back into a
    folder. Hidden files, and those in hidden folders, are left alone.

    Args:
        folders: Files anywhere in them may be read; those that are not there are passed over.
        own: Folders of this server that are read too; messages do not name them.
        variable: Where the user sets them, for messages.
        opener: Opens a file by its real path within a root.
    """

    def __init__(
        self, folders: Sequence[Path], *, own: Sequence[Path] = (), variable: str = VARIABLE, opener: Opener = OPENER
    ) -> None:
        self._folders = tuple(folders)
        self._own = tuple(own)
        self._opener = opener
        self._variable = variable

    def open(self, path: str) -> tuple[BinaryIO, str]:
        """Opens a file and returns it with its name. A relative path is looked for in each folder. Blocking.

        Raises:
            RefusedError: No folder holds such a file, or it is none that may be read.
        """
        if not self._folders and not self._own:
            raise RefusedError(f"{_shown(path)} was not read: this server reads no files of its machine. {ELSEWHERE}")
        if "\0" in path or len(path) > 4096:
            raise RefusedError(f"{_shown(path)} is no path. Pass the path of a file.")
        roots = [Path(os.path.realpath(folder)) for folder in (*self._folders, *self._own)]
        given = Path(os.path.expanduser(path))
        candidates = [given] if given.is_absolute() else [root / given for root in roots]
        within = [(root, real) for each in candidates for root, real in _within(each, roots)]
        if not within:
            raise RefusedError(self._outside(path))
        for root, real in within:
            parts = real.relative_to(root).parts
            if any(part.startswith(".") for part in parts):
                raise RefusedError(f"{_shown(path)} was not read: it is hidden. Move a copy to where files are seen.")
            try:
                return _regular(self._opener(root, parts), path), real.name
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as exc:
                reason = exc.strerror if isinstance(exc, OSError) else None
                raise RefusedError(f"{_shown(path)} cannot be read ({reason or exc}). Pass another file.") from exc
        raise RefusedError(f"There is no file {_shown(path)}. Check the path; files are read in {self._listed()}.")

    def _outside(self, path: str) -> str:
        # The same whether or not there is such a file: nobody maps the disk with it.
        return (
            f"{_shown(path)} was not read: it is not in a folder that files may be uploaded from. Those are "
            f"{self._listed()}. Move a copy there, or ask the user to add its folder to {self._variable}."
        )

    def _listed(self) -> str:
        return ", ".join(str(folder) for folder in self._folders) or "none yet"


def _within(path: Path, roots: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Returns the root that a path leads into, and where it leads to."""
    try:
        real = Path(os.path.realpath(path))
    except (OSError, ValueError):
        return []
    return [(root, real) for root in roots if real != root and real.is_relative_to(root)][:1]


def _regular(file: int, path: str) -> BinaryIO:
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise RefusedError(f"{_shown(path)} is no regular file. Pass the path of a picture, a film, a sound or a PDF.")
    return os.fdopen(file, "rb")


def _shown(path: str) -> str:
    return repr(path if len(path) <= 200 else f"{path[:200]}…")
