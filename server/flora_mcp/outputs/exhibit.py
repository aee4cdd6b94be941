"""Something that can be shown: a stored output, or bytes from elsewhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flora_mcp.outputs._pictures import picture_size_px
from flora_mcp.outputs.media import media_type
from flora_mcp.outputs.output import OutputType, StoredOutput


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A file and the name it goes by in an answer."""

    name: str
    type: OutputType
    mime_type: str
    size_bytes: int
    size_px: tuple[int, int] | None = None
    """Of an image, as shown; None of what Pillow cannot read."""
    media: Path | bytes


def exhibits(outputs: Sequence[StoredOutput]) -> list[Exhibit]:
    """Returns outputs under their ids, or under their addresses where runs have outputs of the same id."""
    counts = Counter(output.output_id for output in outputs)
    return [
        Exhibit(
            name=output.output_id if counts[output.output_id] == 1 else output.uri,
            type=output.type,
            mime_type=output.mime_type,
            size_bytes=output.size_bytes,
            size_px=(output.width_px, output.height_px) if output.width_px and output.height_px else None,
            media=output.path,
        )
        for output in outputs
    ]


def exhibit(name: str, content: bytes) -> Exhibit:
    """Returns bytes from elsewhere, measured."""
    kind = media_type(content)
    return Exhibit(
        name=name,
        type=kind.type,
        mime_type=kind.mime_type,
        size_bytes=len(content),
        size_px=picture_size_px(content, mime_type=kind.mime_type),
        media=content,
    )
