"""Chooses what has to go when the folder is full: fair to the tenants, the longest unused first."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flora_mcp.state.output_row import Holding

FRESH_SECONDS = 60.0
"""What was used so recently stays, however full it is: an answer that is under way names it."""

UNENTERED_SECONDS = 3600.0
"""What belongs to nobody for so long was left by a process that was killed; before, its run may not be stored whole."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file and when it was used last."""

    file: str
    size_bytes: int
    used_at: float


def dispensable(kept: Sequence[Kept], holdings: Iterable[Holding], *, excess_bytes: int, now: float) -> list[Kept]:
    """Returns what to remove to be rid of so many bytes: nobody's files, then always one of who holds the most.

    So a tenant that fills the folder makes room at its own expense, and one that holds little loses nothing. A file
    of several tenants counts for each of them.
    """
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for holding in holdings:
        owners[holding.file].append(holding.tenant)
    oldest = sorted(kept, key=lambda each: each.used_at)
    chosen = _until(
        (each for each in oldest if each.file not in owners and each.used_at < now - UNENTERED_SECONDS), excess_bytes
    )
    held: Counter[str] = Counter()
    shelves: defaultdict[str, list[Kept]] = defaultdict(list)
    for each in reversed(oldest):
        for tenant in owners.get(each.file, ()):
            held[tenant] += each.size_bytes
            if each.used_at < now - FRESH_SECONDS:
                shelves[tenant].append(each)
    left = excess_bytes - sum(each.size_bytes for each in chosen)
    gone: set[str] = set()
    heaviest = [(-held[tenant], tenant) for tenant in shelves]
    heapq.heapify(heaviest)
    while left > 0 and heaviest:
        weight, tenant = heapq.heappop(heaviest)
        if -weight != held[tenant]:
            heapq.heappush(heaviest, (-held[tenant], tenant))
            continue
        shelf = shelves[tenant]
        while shelf and shelf[-1].file in gone:
            shelf.pop()
        if not shelf:
            continue
        victim = shelf.pop()
        gone.add(victim.file)
        chosen.append(victim)
        left -= victim.size_bytes
        for owner in owners[victim.file]:
            held[owner] -= victim.size_bytes
        heapq.heappush(heaviest, (-held[tenant], tenant))
    return chosen


def _until(files: Iterable[Kept], size_bytes: int) -> list[Kept]:
    """Returns the first files that together have the size."""
    chosen: list[Kept] = []
    for each in files:
        if size_bytes <= 0:
            break
        chosen.append(each)
        size_bytes -= each.size_bytes
    return chosen
