"""What a failing database means to those who only know that there is one."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from flora_mcp.database import reason
from flora_mcp.database.trouble import FULL
from flora_mcp.state.errors import StateError, StateFullError

SQLITE_FULL = "database or disk is full"


@contextmanager
def typed_errors() -> Iterator[None]:
    """Raises what the database could not do as an error of this part.

    Raises:
        StateFullError: There is no room left.
        StateError: Anything else.
    """
    try:
        yield
    except SQLAlchemyError as exc:
        said = reason(exc)
        if _is_full(exc, said):
            raise StateFullError(
                f"The server's database has no room left: {said}. Free some where it is kept."
            ) from exc
        raise StateError(
            f"The server's database cannot be used: {said}. "
            "Check FLORA_DATA_DIR, or the URL in FLORA_DATABASE and that the database runs."
        ) from exc


def _is_full(exc: SQLAlchemyError, said: str) -> bool:
    code = getattr(exc.orig, "sqlstate", None) if isinstance(exc, DBAPIError) else None
    return code == FULL or SQLITE_FULL in said
