"""The data of a studio, opened without the studio: for commands that work on it, perhaps beside a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.ids import IdSource, RandomIds
from flora_mcp.studio.store import Database, techniques, workspaces
from flora_mcp.studio.techniques import shipped_techniques

FIRST_WORKSPACE = "Studio"
"""The name of the workspace that a new studio has."""


def database_of(directory: Path, database_url: str | None) -> Database:
    """Returns the database, not opened: by default a SQLite file in the directory."""
    return Database(database_url or f"sqlite:///{directory.absolute() / 'studio.sqlite3'}")


def prepare(database: Database, *, directory: Path, ids: IdSource, now_ms: int) -> None:
    """Creates what is missing: the directory, the tables, a workspace; safe when several processes start at once.

    Raises:
        StudioUnavailableError: The directory or the database cannot be used.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StudioUnavailableError(
            f"The studio's data directory {str(directory)!r} cannot be created: {exc.strerror}. Choose another one."
        ) from exc
    database.create_tables()
    own = shipped_techniques()
    with database.writing() as connection:
        workspaces.create_first(connection, workspace_id=ids.new("ws_"), name=FIRST_WORKSPACE, now_ms=now_ms)
        techniques.keep_shipped(connection, own, now_ms=now_ms)


@contextmanager
def open_data(*, directory: Path, database_url: str | None = None) -> Iterator[Database]:
    """Opens the data as a server does, and closes it.

    Raises:
        StudioUnavailableError: It cannot be opened.
    """
    database = database_of(directory, database_url)
    try:
        prepare(database, directory=directory, ids=RandomIds(), now_ms=wall_ms())
        yield database
    finally:
        database.close()
