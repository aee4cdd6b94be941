"""One picture that was saved, and what is known of it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Shot:
    path: Path
    model_id: str
    seed: int | None
    pixels: str
    """Such as `1024x768`; blank if the server does not know."""
    size_bytes: int
    seconds: float

    def cells(self) -> tuple[str, ...]:
        """Returns the facts as text: file, model, seed, pixels, bytes, seconds."""
        return (
            str(self.path),
            self.model_id,
            "?" if self.seed is None else str(self.seed),
            self.pixels or "?",
            str(self.size_bytes),
            f"{self.seconds:.1f}",
        )
