"""How a check words what it found: the value, what is accepted, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from flora_mcp.flora.signatures import snake

LISTED = 20
"""Accepted values that a message names; a longer list is cut."""

MOST_PROBLEMS = 20
"""Problems of one call that are told; to word one takes time, and a program may send a hundred thousand."""

COMPARED_CHARACTERS = 200
"""As much of a name is compared with others: comparing takes time, and names come from programs."""


def listed(values: Iterable[object]) -> str:
    """Returns the values in a row, cut after `LISTED`."""
    named = [repr(value) for value in values]
    more = f" and {len(named) - LISTED} more" if len(named) > LISTED else ""
    return ", ".join(named[:LISTED]) + more


def meant(value: str, accepted: Sequence[str]) -> str:
    """Returns a sentence on the accepted text that was perhaps meant, a space in front; empty when none is near."""
    asked = value[:COMPARED_CHARACTERS]
    for known in accepted:
        if known != value and known.casefold() == asked.strip().casefold():
            return f" Did you mean {known!r}? Upper and lower case count."
    folded = {known.casefold(): known for known in reversed(accepted)}
    near = get_close_matches(snake(asked).casefold(), list(folded), n=1, cutoff=0.6)
    near = near or get_close_matches(asked.casefold(), list(folded), n=1, cutoff=0.6)
    return f" Did you mean {folded[near[0]]!r}?" if near else ""
