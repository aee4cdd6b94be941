"""One output as the store holds it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import JsonValue

from flora_mcp.outputs.errors import OutputError

OutputType = Literal["image", "video", "audio", "text", "document"]
"""What the bytes are; a file of no known form counts as a document."""


@dataclass(frozen=True, kw_only=True)
class StoredOutput:
    """A file that a run made, measured by its bytes."""

    run_id: str
    output_id: str
    type: OutputType
    uri: str
    path: Path
    """Read-only and named by its content; outputs with the same bytes share it."""
    mime_type: str
    size_bytes: int
    width_px: int | None = None
    """As shown, so with the EXIF orientation counted. None if not an image, or of a form that Pillow cannot read."""
    height_px: int | None = None
    sha256: str
    created_at: datetime
    """When the output was stored, UTC."""
    alt_text: str | None = None
    facts: dict[str, JsonValue] = field(default_factory=dict, hash=False)
    """What the run says of itself, not measured: never a source for size or type. Beside that `model_id` where known,
    `text` with the beginning of a text, and `announced_type` where the bytes are something else."""
    source_url: str | None = None
    """None for text that came inside the run."""
    readable_path: Path | None = None
    """A copy under a readable name, where the user has chosen a folder for these and it is still there."""
    url: str | None = None
    """Where whoever is being answered can have the file over HTTP; nobody guesses it. None on the same machine."""

    @property
    def place(self) -> str:
        """Where the one that is being answered finds the file: its address, or the best of its paths."""
        return self.url or str(self.readable_path or self.path)


@dataclass(frozen=True, kw_only=True)
class CollectFailure:
    """An output that could not be stored this time, and why."""

    output_id: str
    error: OutputError


class Collected(tuple[StoredOutput, ...]):
    """The stored outputs of a run, in the run's order; `failures` tells which are missing."""

    failures: tuple[CollectFailure, ...]

    def __new__(cls, outputs: Iterable[StoredOutput] = (), *, failures: Iterable[CollectFailure] = ()) -> Self:
        collected = super().__new__(cls, outputs)
        collected.failures = tuple(failures)
        return collected
