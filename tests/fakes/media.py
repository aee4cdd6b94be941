"""A web of media in a dictionary, and runs that name it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO

import anyio
import anyio.lowlevel
from PIL import Image

from flora_mcp.flora.types import RunState

STARTED = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Body:
    content: bytes


class DownloadError(Exception):
    """What the swapped fetch raises for an address it does not have."""


@dataclass
class Web:
    """A fetch over a dictionary, which can hold its answers back."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    reached: anyio.Event = field(default_factory=anyio.Event)
    answered: list[str] = field(default_factory=list)
    after: dict[str, str] = field(default_factory=dict)
    """Addresses that answer only after another one has."""
    gate: anyio.Event | None = None

    async def __call__(self, url: str, max_bytes: int) -> Body:
        self.asked.append(url)
        self.reached.set()
        while self.after.get(url) not in {None, *self.answered}:
            await anyio.lowlevel.checkpoint()
        self.answered.append(url)
        if self.gate is not None:
            await self.gate.wait()
        if url not in self.pages:
            raise DownloadError("404 Not Found")
        return Body(self.pages[url])


class Clock:
    """A wall clock that moves only when told."""

    def __init__(self) -> None:
        self.now = STARTED

    def __call__(self) -> datetime:
        return self.now


def png(width_px: int = 30, height_px: int = 20, colour: str = "teal") -> bytes:
    file = BytesIO()
    Image.new("RGB", (width_px, height_px), colour).save(file, "PNG")
    return file.getvalue()


def run_of(
    *urls: str,
    run_id: str = "run_1",
    status: str = "completed",
    kind: str = "imageUrl",
    facts: Mapping[str, object] | None = None,
) -> RunState:
    outputs = [{"output_id": f"output_{n}", "type": kind, "url": url} for n, url in enumerate(urls, start=1)]
    return RunState.model_validate(
        {"run_id": run_id, "status": status, "created_at": 1, "outputs": outputs, "facts": facts}
    )
