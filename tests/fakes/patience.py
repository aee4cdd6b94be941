"""Waits as answers say: in tests with a short time budget, how often depends on how busy the machine is."""

import re
from typing import Any

from mcp import Client


def ids_to_wait_with(answer: str) -> list[str]:
    """Returns what an answer says to call `wait` with next, nothing if it is the last."""
    found = re.search(r"[Cc]all wait with ids \[([^]]+)\]", answer)
    return re.findall(r"'([\w-]+)'", found[1]) if found else []


async def until(client: Client, result: Any, wanted: str) -> Any:
    """Returns the first result that tells what is wanted: the given one, or what comes of waiting as it says.

    Raises:
        AssertionError: One says nothing more of waiting: it would never be told.
    """
    while wanted not in result.content[0].text:
        ids = ids_to_wait_with(result.content[0].text)
        assert ids, f"{wanted!r} will never be told after: {result.content[0].text}"
        result = await client.call_tool("wait", {"ids": ids})
    return result
