"""Outputs as rows of the index, both ways."""

import json
from datetime import datetime
from pathlib import Path
from typing import cast

from flora_mcp.outputs.output import OutputType, StoredOutput
from flora_mcp.outputs.uris import output_uri
from flora_mcp.state.output_row import OutputRow


def row_of(output: StoredOutput, *, position: int, address: str, content: bytes | None) -> OutputRow:
    """Returns what the index keeps of an output.

    Args:
        output: The output.
        position: Its place in its run.
        address: The hash of its token.
        content: Its bytes, if they came inside the run.
    """
    return OutputRow(
        run_id=output.run_id,
        output_id=output.output_id,
        position=position,
        type=output.type,
        file=f"{output.path.parent.name}/{output.path.name}",
        mime_type=output.mime_type,
        size_bytes=output.size_bytes,
        width_px=output.width_px,
        height_px=output.height_px,
        sha256=output.sha256,
        created_at=output.created_at.isoformat(),
        alt_text=output.alt_text,
        facts=json.dumps(output.facts),
        source_url=output.source_url,
        readable_path=None if output.readable_path is None else str(output.readable_path),
        address=address,
        content=content,
    )


def output_of(row: OutputRow, *, blobs: Path) -> StoredOutput:
    """Returns the output that a row tells of. Blocking: whether the user's copy is still there is looked up.

    Args:
        row: What the index keeps.
        blobs: The folder of this machine's files.
    """
    return StoredOutput(
        run_id=row.run_id,
        output_id=row.output_id,
        type=cast(OutputType, row.type),  # only such are written
        uri=output_uri(row.run_id, row.output_id),
        path=blobs / row.file,
        mime_type=row.mime_type,
        size_bytes=row.size_bytes,
        width_px=row.width_px,
        height_px=row.height_px,
        sha256=row.sha256,
        created_at=datetime.fromisoformat(row.created_at),
        alt_text=row.alt_text,
        facts=json.loads(row.facts),
        source_url=row.source_url,
        readable_path=None if row.readable_path is None else _copy(Path(row.readable_path), row.size_bytes),
    )


def _copy(path: Path, size_bytes: int) -> Path | None:
    """Returns where the copy is, unless it was taken away or changed, or is another machine's."""
    try:
        return path if path.stat().st_size == size_bytes else None
    except OSError:
        return None
