"""What a failing database means, and what can be done about it."""

from sqlalchemy import exc
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

FULL = "53100"
"""PostgreSQL's word for a full disk."""


def reason(failure: BaseException) -> str:
    """Returns what the database said, on one line."""
    said = str(failure.orig if isinstance(failure, DBAPIError) else failure)
    return "; ".join(line.strip() for line in said.splitlines() if line.strip()).rstrip(".?")


def is_away(failure: BaseException) -> bool:
    """Whether a database server could not be reached, or ended the connection; the same may succeed later."""
    if isinstance(failure, exc.TimeoutError):
        return True
    if not isinstance(failure, (OperationalError, InterfaceError)):
        return False
    return type(failure.orig).__module__.startswith("psycopg") and getattr(failure.orig, "sqlstate", None) != FULL
