"""Opens the database and makes its tables."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, InterfaceError

from flora_mcp.database import Database, DatabaseUnavailableError, reason
from flora_mcp.state.errors import StateError
from flora_mcp.state.tables.calls import Calls
from flora_mcp.state.tables.events import Events
from flora_mcp.state.tables.executions import ExecutionRows
from flora_mcp.state.tables.metadata import SCHEMA_VERSION, about, metadata
from flora_mcp.state.tables.outputs import Outputs
from flora_mcp.state.tables.secrets import Secrets
from flora_mcp.state.tables.sessions import Sessions
from flora_mcp.state.tables.uploads import UploadRows

WRITERS_LOCK = 0x464C4F5242
"""Another than the studio's: both may live in one database, and need not wait for each other."""


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Every kind of row, by the noun of what it holds."""

    database: Database
    secrets: Secrets
    calls: Calls
    sessions: Sessions
    executions: ExecutionRows
    outputs: Outputs
    uploads: UploadRows
    events: Events


def open_tables(url: str) -> Tables:
    """Opens the database by its URL and makes what is missing. Blocking; several processes may do so at once.

    Raises:
        StateError: It cannot be opened, or was written by a newer program.
    """
    parsed_path = _file_of(url)
    try:
        if parsed_path is not None:
            parsed_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = Database(url, writers_lock=WRITERS_LOCK)
    except DatabaseUnavailableError as exc:
        raise StateError(f"The server's database cannot be opened: {exc}") from exc
    except OSError as exc:
        raise StateError(
            f"The server's database cannot be made: {exc.strerror or exc}. Set FLORA_DATA_DIR to a folder that can be "
            "written."
        ) from exc
    try:
        with database.writing() as connection:
            _create(connection)
    except (DatabaseError, InterfaceError) as exc:
        database.close()
        raise StateError(
            f"The server's database cannot be opened: {reason(exc)}. "
            "Check FLORA_DATA_DIR, or the URL in FLORA_DATABASE and that the database runs."
        ) from exc
    except StateError:
        database.close()
        raise
    return Tables(
        database=database,
        secrets=Secrets(database),
        calls=Calls(database),
        sessions=Sessions(database),
        executions=ExecutionRows(database),
        outputs=Outputs(database),
        uploads=UploadRows(database),
        events=Events(database),
    )


def _create(connection: sa.Connection) -> None:
    metadata.create_all(connection)
    found = connection.scalar(sa.select(about.c.value).where(about.c.key == "schema_version"))
    if found is None:
        connection.execute(about.insert().values(key="schema_version", value=str(SCHEMA_VERSION)))
    elif int(found) > SCHEMA_VERSION:
        raise StateError(
            f"The server's data has schema {found!r}, this program knows up to {SCHEMA_VERSION}: "
            "upgrade flora-mcp, or choose another FLORA_DATA_DIR or FLORA_DATABASE."
        )


def _file_of(url: str) -> Path | None:
    prefix = "sqlite:///"
    return Path(url.removeprefix(prefix)) if url.startswith(prefix) else None
