"""Opens a file that is where it seems to be, also while somebody moves things about."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

Opener = Callable[[Path, Sequence[str]], int]
"""Opens a file by a root and the parts of its path below; both are real, so that no part of them is a link."""

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)

# A pipe with nobody at its other end must not keep us waiting.
_FILE = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def walk(root: Path, parts: Sequence[str]) -> int:
    """Opens folder by folder, each from the one before: a part that has become a link is not followed.

    Raises:
        OSError: A part is not there, or is a link by now.
    """
    folder = os.open(root, _FOLDER)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(parts[-1], _FILE, dir_fd=folder)
    finally:
        os.close(folder)


def look_twice(root: Path, parts: Sequence[str]) -> int:
    """Opens the file, and looks where it is once more: for systems on which folders cannot be opened.

    Whoever swaps a folder for a link and back, twice at the right moments, could still have another file opened.

    Raises:
        OSError: It is not there, or somewhere else by now.
    """
    file = os.open(root.joinpath(*parts), _FILE)
    try:
        real = Path(os.path.realpath(root.joinpath(*parts)))
        if not real.is_relative_to(root) or not os.path.samestat(real.lstat(), os.fstat(file)):
            raise FileNotFoundError(real)
    except BaseException:
        os.close(file)
        raise
    return file


OPENER: Opener = walk if os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW") else look_twice
