"""The index of a former version, which had a file of its own beside the blobs."""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from flora_mcp.state.output_row import OutputRow

logger = logging.getLogger(__name__)

BUSY_SECONDS = 1.0
"""For so long a server of the former version is waited for."""

NAME = "index.sqlite"
TAKEN_OVER = "index.sqlite.taken-over"
UNREADABLE = "index.sqlite.unreadable"

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
"""A server of the former version still writes: the next question takes over."""

_QUERY = """
SELECT run_id, output_id, position, type, file, mime_type, size_bytes, width_px, height_px, sha256, created_at,
       alt_text, facts, source_url
FROM outputs ORDER BY sequence
"""


def former_rows(directory: Path, *, blobs: Path, address: Callable[[str, str], str]) -> list[OutputRow] | None:
    """Returns the outputs in a former index, the oldest first; None if there is none. Blocking.

    One that cannot be read is set aside: it must not keep the server from working.
    """
    path = directory / NAME
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            connection.row_factory = sqlite3.Row
            found = [dict(row) for row in connection.execute(_QUERY)]
    except sqlite3.DatabaseError as exc:
        if exc.sqlite_errorcode in _BUSY:
            raise
        logger.warning("%s cannot be read and is set aside as %s: %s", path, UNREADABLE, exc)
        _rename(path, UNREADABLE)
        return None
    return [_row(each, blobs=blobs, address=address) for each in found]


def put_aside(directory: Path) -> None:
    """Marks the former index as taken over; another process may have done so."""
    _rename(directory / NAME, TAKEN_OVER)


def _row(found: dict[str, str], *, blobs: Path, address: Callable[[str, str], str]) -> OutputRow:
    content = None
    if found["source_url"] is None:
        blob = blobs / found["file"]
        content = blob.read_bytes() if blob.is_file() else None
    token = address(found["run_id"], found["output_id"])
    return OutputRow(**found, readable_path=None, address=token, content=content)  # type: ignore[arg-type]  # of SQLite


def _rename(path: Path, name: str) -> None:
    try:
        path.replace(path.with_name(name))
    except FileNotFoundError:
        logger.info("%s was put aside by another process", path)
