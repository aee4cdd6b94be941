"""Names in both spellings, snake_case and camelCase, and lists of them in messages."""

from collections.abc import Iterable

LISTED = 30


def folded(name: str) -> str:
    """Returns what the spellings of a name have in common."""
    return name.replace("_", "").lower()


def find(name: str, names: Iterable[object]) -> str | None:
    """Returns the name that is meant, in whichever spelling."""
    wanted = folded(name)
    return next((each for each in names if type(each) is str and folded(each) == wanted), None)


def listed(names: Iterable[object]) -> str:
    """Returns names for a message, the first thirty of them."""
    texts = [str(name)[:80] for name in names]
    more = f" and {len(texts) - LISTED} more" if len(texts) > LISTED else ""
    return (", ".join(texts[:LISTED]) or "none") + more
