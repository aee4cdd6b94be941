"""Which of the values that an argument can have go on as somebody has begun to type."""

import logging
from collections.abc import Iterable, Sequence

import anyio
from mcp_types import Completion

from flora_mcp.flora.errors import FloraError
from flora_mcp.outputs import OutputError
from flora_mcp.resources.family import Given, Propose

logger = logging.getLogger(__name__)

MOST = 100
"""Values in one answer (the specification's own limit)."""

LONGEST_SECONDS = 5.0
"""Somebody is typing: after so long, no proposal is better than a late one."""


async def proposed(propose: Propose | None, typed: str, given: Given) -> Completion:
    """Returns what can be proposed in time; nothing when it cannot be known now.

    Args:
        propose: Knows the values; None when there are none to propose.
        typed: What was typed so far.
        given: The other arguments.
    """
    values: Sequence[str] = ()
    with anyio.move_on_after(LONGEST_SECONDS):
        try:
            values = await propose(typed, given) if propose is not None else ()
        except (FloraError, OutputError) as exc:
            logger.info("Nothing to propose: %s", exc)
    return completion(values, typed)


def completion(values: Iterable[str], typed: str) -> Completion:
    """Returns the values that begin so, then those that have it within; in their order, and without regard to case."""
    wanted = typed.casefold()
    found = [value for value in dict.fromkeys(values) if wanted in value.casefold()]
    found.sort(key=lambda value: not value.casefold().startswith(wanted))
    return Completion(values=found[:MOST], total=len(found), has_more=len(found) > MOST)
