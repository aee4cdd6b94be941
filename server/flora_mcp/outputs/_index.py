"""Which output of which run is which file: one SQLite table."""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from flora_mcp.outputs.output import StoredOutput
from flora_mcp.outputs.uris import output_uri

BUSY_SECONDS = 10.0
"""How long a writer waits for another process's writer."""
RETRY_SECONDS = 0.01

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outputs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    output_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    type TEXT NOT NULL,
    file TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    width_px INTEGER,
    height_px INTEGER,
    sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL,
    alt_text TEXT,
    facts TEXT NOT NULL,
    source_url TEXT,
    UNIQUE (run_id, output_id)
)
"""

_COLUMNS = (
    "run_id, output_id, type, file, mime_type, size_bytes, width_px, height_px, "
    "sha256, created_at, alt_text, facts, source_url"
)

# An output whose file was lost keeps its place in the list when it is fetched again.
_ADD = f"""
INSERT INTO outputs ({_COLUMNS}, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_id, output_id) DO UPDATE SET
    type = excluded.type, file = excluded.file, mime_type = excluded.mime_type, size_bytes = excluded.size_bytes,
    width_px = excluded.width_px, height_px = excluded.height_px, sha256 = excluded.sha256
"""  # noqa: S608 - only our own column names


class Index:
    """The table. Blocking; opens a connection per question, so threads and processes may share the file."""

    def __init__(self, path: Path, *, blobs: Path) -> None:
        self._path = path
        self._blobs = blobs

    def add(self, outputs: Sequence[tuple[int, StoredOutput]]) -> None:
        """Enters outputs with their places in their run, all or none; the last one counts as the newest."""
        rows = [(*self._row(output), position) for position, output in outputs]
        with self._connection() as connection, connection:
            connection.executemany(_ADD, rows)

    def of_run(self, run_id: str) -> list[StoredOutput]:
        """Returns the outputs of a run in the run's order."""
        return [output for _, output in self._select("WHERE run_id = ? ORDER BY position, sequence", (run_id,))]

    def get(self, run_id: str, output_id: str) -> StoredOutput | None:
        """Returns one output, or None if it was never stored."""
        found = self._select("WHERE run_id = ? AND output_id = ?", (run_id, output_id))
        return found[0][1] if found else None

    def page(self, *, before: int | None, limit: int) -> list[tuple[int, StoredOutput]]:
        """Returns outputs with their sequence numbers, newest first, those older than `before`."""
        return self._select("WHERE ? IS NULL OR sequence < ? ORDER BY sequence DESC LIMIT ?", (before, before, limit))

    def _select(self, condition: str, values: tuple[object, ...]) -> list[tuple[int, StoredOutput]]:
        query = f"SELECT sequence, {_COLUMNS} FROM outputs {condition}"  # noqa: S608 - conditions are ours
        with self._connection() as connection:
            return [(row[0], self._output(row[1:])) for row in connection.execute(query, values)]

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS)) as connection:
            _prepare(connection)
            yield connection

    def _row(self, output: StoredOutput) -> tuple[object, ...]:
        return (
            output.run_id,
            output.output_id,
            output.type,
            output.path.relative_to(self._blobs).as_posix(),
            output.mime_type,
            output.size_bytes,
            output.width_px,
            output.height_px,
            output.sha256,
            output.created_at.isoformat(),
            output.alt_text,
            json.dumps(output.facts),
            output.source_url,
        )

    def _output(self, row: tuple[Any, ...]) -> StoredOutput:
        run_id, output_id, kind, file, mime_type, size_bytes, width_px, height_px, sha256, created_at, *rest = row
        alt_text, facts, source_url = rest
        return StoredOutput(
            run_id=run_id,
            output_id=output_id,
            type=kind,
            uri=output_uri(run_id, output_id),
            path=self._blobs / file,
            mime_type=mime_type,
            size_bytes=size_bytes,
            width_px=width_px,
            height_px=height_px,
            sha256=sha256,
            created_at=datetime.fromisoformat(created_at),
            alt_text=alt_text,
            facts=json.loads(facts),
            source_url=source_url,
        )


def _prepare(connection: sqlite3.Connection) -> None:
    """Makes the table, in WAL mode.

    Two that switch a new database to WAL at once would wait for each other for ever, so SQLite refuses one of them
    without waiting, whatever its time-out: that one tries again.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_SCHEMA)
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return
