"""The studio's tables, in a database of its own or in one that others use too."""

from sqlalchemy.exc import DatabaseError, InterfaceError

from flora_mcp import database
from flora_mcp.database import DatabaseUnavailableError, reason
from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.store import migrations


class Database(database.Database):
    """The studio's tables behind SQLAlchemy.

    Args:
        url: A SQLAlchemy URL of SQLite or PostgreSQL; `postgresql://…` is enough.

    Raises:
        StudioUnavailableError: The URL names no database that the studio works with.
    """

    def __init__(self, url: str) -> None:
        try:
            super().__init__(url)
        except DatabaseUnavailableError as exc:
            raise StudioUnavailableError(str(exc)) from exc

    def create_tables(self) -> None:
        """Creates what is missing and migrates what is old; safe when several processes start at once.

        Raises:
            StudioUnavailableError: The database cannot be opened or was written by a newer program.
        """
        try:
            with self.writing() as connection:
                migrations.migrate(connection)
        except (DatabaseError, InterfaceError) as exc:
            advice = (
                "Check that it runs, and the host, name, user and password of its URL"
                if self.shared
                else "Check that its directory exists and is writable, or choose another one"
            )
            message = f"The studio's database cannot be opened: {reason(exc)}. {advice}."
            raise StudioUnavailableError(message) from exc
