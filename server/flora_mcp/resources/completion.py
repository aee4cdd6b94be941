"""Which of the values that an argument can have go on as somebody has begun to type."""

from collections.abc import Iterable

from mcp_types import Completion

MOST = 100
"""Values in one answer (the specification's own limit)."""


def completion(values: Iterable[str], typed: str) -> Completion:
    """Returns the values that begin so, then those that have it within; in their order, and without regard to case."""
    wanted = typed.casefold()
    found = [value for value in dict.fromkeys(values) if wanted in value.casefold()]
    found.sort(key=lambda value: not value.casefold().startswith(wanted))
    return Completion(values=found[:MOST], total=len(found), has_more=len(found) > MOST)
