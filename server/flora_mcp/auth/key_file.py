"""Which FLORA key each principal of a token works with: a file that the operator keeps."""

import json
import os
import stat
from pathlib import Path

import anyio
import anyio.to_thread

from flora_mcp.auth.credentials import KEY_CHARACTERS

FILE_BYTES = 16_000_000

FORBIDDEN_MODE = stat.S_IRWXO | stat.S_IWGRP
"""Others may do nothing, and the group may read at most: a mounted secret is the group's."""

FORM = '{"subject": "key"} or {"issuer subject": "key"}'


class KeyFileError(Exception):
    """The file cannot be used; the message says why, and holds nothing of what is in it."""


class KeyFile:
    """Finds keys in a JSON object; reads it again when it has changed.

    While the file is broken nobody has a key: whom the operator has taken out must not come in by an old copy.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading = anyio.Lock()
        self._mark: tuple[int, ...] | None = None
        self._keys: dict[str, str] = {}

    async def find(self, issuer: str, subject: str) -> str | None:
        """Returns the key of a principal; None if it has none.

        Raises:
            KeyFileError: The file is not there, is open to others, or does not hold what it should.
        """
        async with self._reading:
            await anyio.to_thread.run_sync(self.check)
        found = self._keys.get(f"{issuer} {subject}")
        # A subject with a space in it must not pass for somebody's issuer and subject.
        return found if found is not None or " " in subject else self._keys.get(subject)

    def check(self) -> None:
        """Reads the file if it has changed; blocking.

        Raises:
            KeyFileError: As `find`.
        """
        try:
            with self._path.open("rb") as file:
                facts = os.fstat(file.fileno())
                mark = (facts.st_ino, facts.st_mtime_ns, facts.st_size, facts.st_mode)
                if mark == self._mark:
                    return
                self._keys, self._mark = {}, None
                if os.name == "posix" and facts.st_mode & FORBIDDEN_MODE:
                    raise KeyFileError(f"The file of keys is open to others ({facts.st_mode & 0o777:o}): chmod 600 it.")
                content = file.read(FILE_BYTES + 1)
        except OSError as exc:
            self._keys, self._mark = {}, None
            raise KeyFileError(f"The file of keys cannot be read: {exc.strerror}.") from exc
        self._keys, self._mark = _keys(content), mark


def _keys(content: bytes) -> dict[str, str]:
    if len(content) > FILE_BYTES:
        raise KeyFileError(f"The file of keys has more than {FILE_BYTES} bytes.")
    try:
        found = json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError) as exc:
        raise KeyFileError(f"The file of keys is no JSON object like {FORM}, each name once.") from exc
    if not isinstance(found, dict):
        raise KeyFileError(f"The file of keys is no JSON object like {FORM}.")
    for name, key in found.items():
        if not isinstance(key, str) or not key.isascii() or not key.isprintable() or " " in key:
            raise KeyFileError(f"In the file of keys, the key of {name!r} is none.")
        if not 0 < len(key) <= KEY_CHARACTERS:
            raise KeyFileError(
                f"In the file of keys, the key of {name!r} is none: keys have 1 to {KEY_CHARACTERS} characters."
            )
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found
