"""Whether FLORA knows a key, asked once in a while: a key that somebody made up opens nothing."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

import anyio

from flora_mcp.auth.door import RefusedError

logger = logging.getLogger(__name__)

GOOD_SECONDS = 600.0
"""So long a key is taken for good after FLORA has said so: a revoked one opens nothing after that."""

BAD_SECONDS = 30.0
"""So long a key is refused without asking again."""

STALE_SECONDS = 24 * 3600.0
"""So long a key that was good is let in while FLORA cannot be asked."""

KEPT = 4096
"""Verdicts of one process; beyond it the one that was used the longest ago is forgotten."""

AT_ONCE = 8
"""Questions to FLORA at a time, however many try keys."""

RETRY_AFTER_SECONDS = 10


class UnansweredError(Exception):
    """FLORA could not be asked; the key may be good."""


Ask = Callable[[str], Awaitable[bool]]
"""Returns whether FLORA takes a key; raises `UnansweredError` when it cannot be asked."""


@dataclass(kw_only=True, eq=False)
class _Verdict:
    good: bool = False
    told_at: float | None = None
    asking: anyio.Lock = field(default_factory=anyio.Lock)


class Vetting:
    """Remembers verdicts by tenant, never by key.

    Args:
        ask: Asks FLORA.
        clock: Seconds.
    """

    def __init__(self, ask: Ask, *, clock: Callable[[], float] = monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._verdicts: OrderedDict[str, _Verdict] = OrderedDict()
        self._questions = anyio.CapacityLimiter(AT_ONCE)

    async def is_good(self, tenant_id: str, key: str) -> bool:
        """Returns whether the tenant's key is one that FLORA knows; requests at the same time ask once.

        Raises:
            RefusedError: Nobody can tell now.
        """
        verdict = self._verdicts.setdefault(tenant_id, _Verdict())
        self._verdicts.move_to_end(tenant_id)
        if len(self._verdicts) > KEPT:
            self._verdicts.popitem(last=False)
        if not self._holds(verdict):
            async with verdict.asking:
                if not self._holds(verdict):
                    await self._renew(verdict, key)
        return verdict.good

    async def _renew(self, verdict: _Verdict, key: str) -> None:
        try:
            async with self._questions:
                good = await self._ask(key)
        except UnansweredError as exc:
            if verdict.good and self._age(verdict) < STALE_SECONDS:
                logger.warning("A key could not be checked and is let in, as it was good before: %s", exc)
                return
            raise RefusedError(
                "Your key cannot be checked now: FLORA does not answer. Try again in a while.",
                status=503,
                headers={"retry-after": str(RETRY_AFTER_SECONDS)},
            ) from exc
        verdict.good, verdict.told_at = good, self._clock()

    def _holds(self, verdict: _Verdict) -> bool:
        return self._age(verdict) < (GOOD_SECONDS if verdict.good else BAD_SECONDS)

    def _age(self, verdict: _Verdict) -> float:
        return float("inf") if verdict.told_at is None else self._clock() - verdict.told_at
