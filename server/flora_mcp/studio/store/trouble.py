"""What a client of the studio is told of a failing database."""

from sqlalchemy.exc import OperationalError

from flora_mcp.database import is_away, reason


def refusal(failure: BaseException) -> str | None:
    """Returns what a client is told of a database that does not work, None of other failures."""
    if is_away(failure):
        return (
            f"The studio's database does not answer: {reason(failure)}. Try again; if it stays so, start the database."
        )
    if isinstance(failure, OperationalError):
        return f"The studio's database refused: {reason(failure)}. Free disk space, then try again."
    return None
