"""Saves pictures under names that a person can read; overwrites nothing."""

import itertools
import os
import re
import unicodedata
from pathlib import Path

from flora_mcp.cli.errors import CommandError

SLUG_CHARACTERS = 48

SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
}


class Album:
    """A folder that pictures are saved in; it is made, and tried, before anything is spent."""

    def __init__(self, directory: Path) -> None:
        """Opens the folder.

        Raises:
            CommandError: nothing can be written there.
        """
        self._directory = directory
        probe = directory / f".flora-mcp-{os.getpid()}"
        try:
            directory.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
        except OSError as exc:
            raise _unwritable(directory, exc) from exc

    def save(self, content: bytes, *, prompt: str, seed: int | None, mime_type: str | None) -> Path:
        """Writes a new file and returns its path.

        Raises:
            CommandError: it cannot be written.
        """
        stem = slug(prompt) if seed is None else f"{slug(prompt)}-{seed}"
        suffix = SUFFIXES.get(mime_type or "", ".bin")
        for number in itertools.count(1):
            path = self._directory / f"{stem}{'' if number == 1 else f'-{number}'}{suffix}"
            try:
                with path.open("xb") as file:
                    file.write(content)
            except FileExistsError:
                continue
            except OSError as exc:
                raise _unwritable(self._directory, exc) from exc
            return path
        raise AssertionError("count() has no end")


def slug(text: str) -> str:
    """Returns the text as part of a file name: ASCII words with dashes between them."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    if len(words) > SLUG_CHARACTERS:
        words = words[: SLUG_CHARACTERS + 1].rpartition("-")[0] or words[:SLUG_CHARACTERS]
    return words or "picture"


def _unwritable(directory: Path, exc: OSError) -> CommandError:
    return CommandError(
        f"pictures cannot be saved in {str(directory)!r}: {exc.strerror or exc}. Choose a folder with --output-dir"
    )
