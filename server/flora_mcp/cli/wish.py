"""What somebody wants the demo to make."""

from dataclasses import dataclass
from pathlib import Path

MOST_PICTURES = 20


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The options of `flora-mcp demo`, checked for their form; whether the model offers them is seen later."""

    prompt: str = "cinematic product shots of a ceramic mug on a sunlit table"
    count: int = 3
    aspect_ratio: str = "4:3"
    resolution: str | None = None
    model: str | None = None
    """None: one that fits is picked."""
    seed: int | None = None
    """Of the first picture; each further one takes the next. None: the model draws one for each."""
    output_directory: Path = Path("flora-outputs")
    confirmed: bool = False
    """Money may be spent."""
